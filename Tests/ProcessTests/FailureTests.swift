import Articles
import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// Failures of real workers, tried again and discarded through the status service.
@Suite(.timeLimit(.minutes(10))) struct FailureTests {
    private let dropwire: Installation

    init() throws { dropwire = try Installation() }

    private var state: String { dropwire.scratch.path("state/index/index.sqlite") }

    /// The index refuses articles with a word in their title, as long as the trigger is there.
    private func setTrap(_ isSet: Bool) throws {
        let connection = try Connection(path: state)
        try connection.execute(
            isSet
                ? """
                CREATE TRIGGER trap BEFORE INSERT ON document BEGIN
                    SELECT RAISE(ABORT, 'the shelf is broken') WHERE EXISTS (SELECT 1 FROM trapped); END;
                CREATE TABLE trapped(x);
                INSERT INTO trapped VALUES (1);
                """ : "DELETE FROM trapped")
    }

    private struct Failures: Decodable {
        struct Results: Decodable {
            var ok: Int
            var failed: Int
            var skipped: Int
            var dead: Int
        }
        var results: [String: Results]
    }

    private func results() throws -> Failures.Results? {
        try dropwire.askStatus("SUMMARY", Failures.self).results["index"]
    }

    @Test func `an article that the index could not take is indexed when its cause is gone, also after a death`() throws
    {
        let first = try ["status", "watch", "index"].map { try dropwire.startReady($0) }
        try waitUntil("the index has its tables") {
            let connection = try Connection(path: state, mode: .readOnly)
            return try connection.scalar("SELECT count(*) FROM sqlite_master WHERE name='document'") == 1
        }
        try setTrap(true)
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try dropwire.drop(Sample.article(2), as: "2.txt")
        try waitUntil("both articles are given up", within: .seconds(60)) { try results()?.dead == 2 }
        // While the worker is down the wish waits for it, whatever becomes of the status service.
        #expect(try first[2].kill() == .killed(signal: SIGKILL))
        let list = try dropwire.run(["failures", "list"])
        #expect(list.output.contains(Sample.title(1)) && list.output.contains("given up after 5 attempts: "))
        #expect(list.output.contains("the shelf is broken"), "\(list.output)")
        #expect(try dropwire.run(["failures", "retry", "--all"]).output == "to be tried again: 2\n")
        #expect(try dropwire.run(["failures", "list"]).output.contains("to be tried again since "))
        #expect(try first[0].kill() == .killed(signal: SIGKILL))
        try setTrap(false)
        let second = try ["status", "index"].map { try dropwire.startReady($0) }
        try waitUntil("both are indexed", within: .seconds(60)) { try results()?.ok == 2 }
        let counts = try #require(try results())
        #expect(counts.failed == 0 && counts.dead == 0 && counts.skipped == 0)
        let connection = try Connection(path: state, mode: .readOnly)
        #expect(try connection.scalar("SELECT count(*) FROM document") == 2)
        #expect(try connection.scalar("SELECT count(*) FROM failure") == 0)
        for process in second + [first[1]] { #expect(try process.stop() == .exited(0)) }
    }

    @Test func `what is discarded is settled, with who wanted it, and its worker forgets it`() throws {
        let crew = try ["status", "watch", "index"].map { try dropwire.startReady($0) }
        try waitUntil("the index has its tables") {
            let connection = try Connection(path: state, mode: .readOnly)
            return try connection.scalar("SELECT count(*) FROM sqlite_master WHERE name='document'") == 1
        }
        try setTrap(true)
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("it is given up", within: .seconds(60)) { try results()?.dead == 1 }
        let failure = try JSONValue.read(dropwire.run(["failures", "list", "--dead", "--json"]).output)
        let place = ["stream", "epoch", "seq"].map { name in
            failure[name]?.stringValue ?? "\(failure[name]?.integerValue ?? 0)"
        }
        let name = "index/" + place.joined(separator: "/")
        let discarded = try dropwire.run(["failures", "discard", name])
        #expect(discarded.output == "discarded: 1\n" && discarded.ending == .exited(0))
        let counts = try #require(try results())
        #expect(counts.skipped == 1 && counts.failed == 0 && counts.dead == 0)
        try waitUntil("the worker has forgotten it") {
            try Connection(path: state, mode: .readOnly).scalar("SELECT count(*) FROM failure") == 0
        }
        let again = try dropwire.run(["failures", "retry", name])
        #expect(again.ending == .exited(1) && again.errorOutput == "has not failed: \(name)\n")
        #expect(try dropwire.run(["failures", "list"]).errorOutput == "nothing has failed\n")
        #expect(try dropwire.run(["failures", "retry", "x"]).ending == .exited(64))
        for process in crew { #expect(try process.stop() == .exited(0)) }
    }
}
