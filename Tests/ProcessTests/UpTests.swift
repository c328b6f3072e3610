import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// `dropwire up`: all processes in one terminal.
@Suite struct UpTests {
    /// Runs `up` to its end; the link by which tools find it stands in the scratch directory.
    private func runUp(_ arguments: [String], in scratch: ScratchDirectory) throws -> TestedProcess {
        try scratch.makeDirectory("run")
        let process = try TestedProcess(["up"] + arguments, environment: ["XDG_RUNTIME_DIR": scratch.path("run")])
        try process.waitUntilEnded(within: .seconds(120))
        return process
    }

    /// The one object on standard output.
    private func summary(_ process: TestedProcess) throws -> JSONValue {
        let lines = process.output.split(separator: "\n")
        guard lines.count == 1 else { throw Trouble("not one line:\n\(process.output)\n\(process.errorOutput)") }
        return try JSONDecoder().decode(JSONValue.self, from: Data(lines[0].utf8))
    }

    @Test func `once takes what is there, counts it, and ends with 0`() throws {
        let scratch = try ScratchDirectory()
        try scratch.makeDirectory("drop/below")
        for number in 0..<40 { try scratch.write(Sample.article(number), to: "drop/\(number).txt") }
        try scratch.write(Sample.article(40), to: "drop/below/40.txt")
        try scratch.write(Sample.article(7), to: "drop/again.txt")
        let up = try runUp(
            ["--once", "--json", "--drop", scratch.path("drop"), "--state", scratch.path("state")], in: scratch)
        #expect(up.ending == .exited(0), "\(up.errorOutput)")
        let summary = try summary(up)
        #expect(summary["files"] == .integer(42))
        #expect(summary["published"] == .integer(41))
        #expect(summary["duplicate_files"] == .integer(1))
        for name in ["ignored", "held", "partial", "quarantined", "failed"] { #expect(summary[name] == .integer(0)) }
        for kind in ["deduplicate", "index", "summarize"] {
            #expect(summary["workers"]?[kind]?["done"] == .integer(41))
            #expect(summary["workers"]?[kind]?["failed"] == .integer(0))
        }
        #expect(summary["workers"]?["deduplicate"]?["verdicts"] == .object(["unique": .integer(41)]))
        #expect(summary["seconds"]?.doubleValue ?? 0 > 0)
        #expect(scratch.list("drop").filter { !$0.hasPrefix(".") } == ["below"])

        // What was done counts no more the next time.
        try scratch.write(Sample.article(41), to: "drop/41.txt")
        let second = try runUp(
            ["--once", "--json", "--drop", scratch.path("drop"), "--state", scratch.path("state")], in: scratch)
        #expect(second.ending == .exited(0), "\(second.errorOutput)")
        #expect(try self.summary(second)["files"] == .integer(1))
        #expect(try self.summary(second)["workers"]?["index"]?["done"] == .integer(1))
    }

    @Test func `what is told to read its configuration again passes that on to its processes`() throws {
        let dropwire = try Installation()
        for name in ["conf.d", "second", "up"] { try dropwire.scratch.makeDirectory(name) }
        let up = try TestedProcess(
            ["up", "--config", dropwire.configurationPath],
            environment: ["XDG_RUNTIME_DIR": dropwire.scratch.path("up")])
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("it is published", within: .seconds(60)) { dropwire.waiting.isEmpty }
        try dropwire.scratch.write(
            "[[watch.drop]]\npath = \"\(dropwire.scratch.path("second"))\"\n", to: "conf.d/second.toml")
        up.send(SIGHUP)
        try dropwire.scratch.dropByRename(Array(Sample.article(2).utf8), to: "second/2.txt")
        _ = try dropwire.fileRecord(of: "2.txt")
        try waitUntil("the others were told, too") {
            up.errorOutput.count(of: "The configuration is read at the start") >= 4
        }
        #expect(try up.stop() == .exited(0), "\(up.errorOutput)")
    }

    @Test func `once ends with 1 where something was quarantined, and the table says so`() throws {
        let scratch = try ScratchDirectory()
        try scratch.makeDirectory("drop")
        try scratch.write(Sample.article(1), to: "drop/good.txt")
        try scratch.write("", to: "drop/bad.txt")
        let up = try runUp(["--once", "--drop", scratch.path("drop"), "--state", scratch.path("state")], in: scratch)
        #expect(up.ending == .exited(1), "\(up.errorOutput)")
        #expect(up.output.firstMatch(of: /published +1\n/) != nil)
        #expect(up.output.firstMatch(of: /quarantined +1\n/) != nil)
        #expect(scratch.list("drop/.quarantine") == ["bad.txt", "bad.txt.reason.json"])
    }

    @Test func `once with nothing to do ends with 0`() throws {
        let scratch = try ScratchDirectory()
        try scratch.makeDirectory("drop")
        let up = try runUp(
            ["--once", "--json", "--drop", scratch.path("drop"), "--state", scratch.path("state")], in: scratch)
        #expect(up.ending == .exited(0), "\(up.errorOutput)")
        #expect(try summary(up)["files"] == .integer(0))
    }

    @Test func `the demo runs through`() throws {
        let scratch = try ScratchDirectory()
        let up = try runUp(["--demo", "--once", "--json"], in: scratch)
        #expect(up.ending == .exited(0), "\(up.errorOutput)")
        let samples = try Directory(path: BuiltProgram.sourceRoot + "/Config/demo").entries().filter {
            $0.name.description.hasSuffix(".txt")
        }
        let summary = try summary(up)
        #expect(summary["files"] == .integer(Int64(samples.count)))
        #expect(summary["published"]?.integerValue ?? 0 > 4)
        #expect(summary["workers"]?["summarize"]?["done"] == summary["published"])
    }

    // MARK: Its children

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal drains every child`(signal: Int32) throws {
        let (dropwire, up, children) = try startUp()
        // Its directories go with it, and a process whose state is gone does not end well.
        let ending = try withExtendedLifetime(dropwire) { try up.stop(with: signal) }
        #expect(ending == .exited(0), "\(up.errorOutput)")
        #expect(children.filter { UpTests.parent(of: $0) != nil } == [])
        #expect(up.errorOutput.contains("Drained."))
    }

    @Test func `its death ends every child`() throws {
        let (dropwire, up, children) = try startUp()
        try withExtendedLifetime(dropwire) {
            try up.kill()
            try waitUntil("no child is left") { children.allSatisfy { UpTests.parent(of: $0) == nil } }
        }
    }

    @Test(arguments: Installation.roles)
    func `a child that dies is started again and goes on`(role: String) throws {
        let (dropwire, up, _) = try startUp()
        let child = try #require(try dropwire.heartbeat(of: UpTests.name(of: role))?.pid)
        try #require(UpTests.parent(of: child) == up.identifier)
        kill(child, SIGKILL)
        try dropwire.drop(Sample.article(1), as: "after.txt")
        struct Journey: Decodable {
            struct Article: Decodable { var results: [JSONValue] }
            var articles: [Article]
        }
        try waitUntil("the article went all the way", within: .seconds(60)) {
            let journey = try? dropwire.askStatus("WHY", Journey.self, json: #"{"what":"after.txt"}"#)
            return journey?.articles.first?.results.count == 3
        }
        // Its results may be there before it says itself that it is.
        try waitUntil("the new child tells of itself", within: .seconds(60)) {
            let next = try dropwire.heartbeat(of: UpTests.name(of: role))?.pid
            return next != nil && next != child
        }
        #expect(up.errorOutput.contains("it is started again"))
        #expect(try up.stop() == .exited(0))
    }

    /// Starts `up` and waits until all five have said what they are.
    private func startUp() throws -> (Installation, TestedProcess, [Int32]) {
        let dropwire = try Installation()
        let up = try TestedProcess(
            ["up", "--config", dropwire.configurationPath],
            environment: ["XDG_RUNTIME_DIR": dropwire.scratch.path("run")])
        var children: [Int32] = []
        try waitUntil("all five run") {
            guard up.ending == nil else { throw Trouble("up has ended:\n\(up.errorOutput)") }
            children = Installation.roles.compactMap { try? dropwire.heartbeat(of: UpTests.name(of: $0))?.pid }
            return children.count == 5
        }
        #expect(children.allSatisfy { UpTests.parent(of: $0) == up.identifier })
        return (dropwire, up, children)
    }

    private static func name(of role: String) -> String { role == "summarize" ? "summarize-1" : role }

    /// The parent of a process; nil where there is no such process, or only what is left of it until it is reaped.
    private static func parent(of process: Int32) -> Int32? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 1024)
        guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let text = buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        // After the name, which may have any characters in it: state, parent.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        guard fields.first != "Z" else { return nil }
        return fields.dropFirst().first.flatMap { Int32($0) }
    }
}
