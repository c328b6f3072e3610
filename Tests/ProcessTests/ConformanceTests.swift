import FoundationEssentials
import Glibc
import Linux
import SQLite
import TestSupport
import Testing

/// The conformance kit against a running watcher, and against servers that make a mistake.
@Suite(.enabled(if: PublishedProgram.hasZeroMQ, "\(PublishedProgram.python) has no zmq: install python3-zmq"))
struct ConformanceTests {
    private static let folder = BuiltProgram.sourceRoot + "/Tests/Conformance"

    private struct Outcome: Decodable {
        var id: String
        var result: String
        var detail: String?
    }

    @Test func `a watcher passes every case of the kit that can be made from outside`() throws {
        let dropwire = try Installation()
        try prepareLog(dropwire)
        let watch = try dropwire.startReady("watch")
        for number in 10..<14 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        for number in 10..<14 { _ = try dropwire.fileRecord(of: "\(number).txt") }
        let drop = """
            n=$(date +%s%N); f=\(dropwire.dropPath)/.$n.tmp
            printf 'Report %s\\n\\n2026-03-01 10:00:00\\n\\nAbstract: On quay %s.\\n\\nThe crane came to rest.\\n' $n $n > $f
            """
        let rename = "; mv $f \(dropwire.dropPath)/$n.txt"
        let words = "; yes 'Many words that say little.' | head -n 4000 >> $f"
        let prepared = [
            "publish": drop + rename, "publish_large": drop + words + rename, "stop": "kill -TERM \(watch.identifier)",
        ]
        try dropwire.scratch.write(Array(JSONEncoder().encode(prepared)), to: "prepared.json")
        let run = dropwire.scratch.path("run")
        let kit = try TestedProcess(
            name: "the kit",
            command: [
                PublishedProgram.python, ConformanceTests.folder + "/dw1-conformance.py", "--json", "--slack", "5",
                "--log", "ipc://\(run)/watch-log.sock", "--feed", "ipc://\(run)/watch-feed.sock", "--prepared",
                dropwire.scratch.path("prepared.json"),
            ])
        let ending = try kit.waitUntilEnded(within: .seconds(120))
        let outcomes = try ConformanceTests.outcomes(kit)
        let failed = outcomes.filter { $0.result == "failed" }.map { "\($0.id): \($0.detail ?? "")" }
        #expect(failed == [])
        #expect(ending == .exited(0), "\(kit.errorOutput)")
        let skipped = outcomes.filter { $0.result == "skipped" }.map(\.id)
        #expect(skipped == ["outside_forbidden", "outside_failures"])
        #expect(outcomes.count > 50)
        // The last case stopped it.
        #expect(try watch.waitUntilEnded() == .exited(0))
    }

    /// Makes a log of two epochs whose beginning retention has removed.
    private func prepareLog(_ dropwire: Installation) throws {
        let watch = try dropwire.startReady("watch")
        for number in 0..<4 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        for number in 0..<4 { _ = try dropwire.fileRecord(of: "\(number).txt") }
        #expect(try watch.stop() == .exited(0))
        #expect(try dropwire.run(["log", "bump-epoch"]).ending == .exited(0))
        try Connection(path: dropwire.scratch.path("state/watch/log.sqlite")).execute("DELETE FROM log WHERE seq <= 3")
    }

    private static func outcomes(_ kit: TestedProcess) throws -> [Outcome] {
        // The last line is the summary.
        try kit.output.split(separator: "\n").dropLast().map {
            try JSONDecoder().decode(Outcome.self, from: Data($0.utf8))
        }
    }

    // MARK: It can fail

    @Test(arguments: [
        ("none", []), ("little-endian", ["fetch_members", "fetch_walk"]), ("kind", ["fetch_members", "fetch_walk"]),
        ("short position", ["fetch_members", "fetch_walk"]), ("time goes back", ["fetch_walk"]),
        ("hole", ["fetch_walk"]), ("next stands", ["fetch_members", "fetch_walk"]),
        ("count", ["fetch_members", "fetch_walk"]), ("any version", ["envelope_version"]),
        ("many frames", ["envelope_many"]), ("wrong code", ["envelope_command", "envelope_rid"]),
        ("answers strangers", ["envelope_silence"]),
        ("drops the delimiter", ["envelope_delimiter", "envelope_many", "envelope_req"]),
        ("drops the id", ["envelope_rid"]),
    ])
    func `a server that makes a mistake fails the cases about it`(mistake: String, cases: [String]) throws {
        let scratch = try ScratchDirectory()
        let endpoint = "ipc://\(scratch.path("log"))"
        let server = try TestedProcess(
            name: "the wrong server",
            command: [PublishedProgram.python, ConformanceTests.folder + "/wrong-server.py", endpoint, mistake])
        let chosen =
            mistake == "drops the id"
            ? ["envelope_rid"]
            : ["envelope_", "reading_hello", "reading_ping", "fetch_walk", "fetch_members"]
        let kit = try TestedProcess(
            name: "the kit",
            command: [
                PublishedProgram.python, ConformanceTests.folder + "/dw1-conformance.py", "--json", "--log", endpoint,
            ] + chosen.flatMap { ["--only", $0] })
        let ending = try kit.waitUntilEnded(within: .seconds(60))
        #expect(ending == .exited(cases.isEmpty ? 0 : 1), "\(kit.errorOutput)")
        let outcomes = try ConformanceTests.outcomes(kit)
        let failed = Set(outcomes.filter { $0.result == "failed" }.map(\.id))
        // Without its id no case passes; one is enough to show it.
        if mistake == "drops the id" { #expect(failed.isSuperset(of: cases)) } else { #expect(failed == Set(cases)) }
        #expect(try server.kill() == .killed(signal: SIGKILL), "\(server.errorOutput)")
    }

    @Test func `nothing that answers, and arguments that are wrong, have exit codes of their own`() throws {
        let scratch = try ScratchDirectory()
        func ending(_ arguments: [String]) throws -> ChildProcess.Ending {
            try TestedProcess(
                name: "the kit",
                command: [PublishedProgram.python, ConformanceTests.folder + "/dw1-conformance.py"] + arguments
            ).waitUntilEnded()
        }
        #expect(try ending(["--log", "ipc://\(scratch.path("nobody"))"]) == .exited(69))
        #expect(try ending([]) == .exited(64))
        #expect(try ending(["--list"]) == .exited(0))
    }

    // MARK: C

    @Test func `a client in C plays every command through plain libzmq`() throws {
        let dropwire = try Installation()
        let program = dropwire.scratch.path("commands")
        let compiler = try TestedProcess(
            name: "the compiler",
            command: [
                "/usr/bin/cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program,
                ConformanceTests.folder + "/commands.c", "-lzmq",
            ])
        #expect(try compiler.waitUntilEnded(within: .seconds(60)) == .exited(0), "\(compiler.errorOutput)")
        let watch = try dropwire.startReady("watch")
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        for number in 0..<3 { _ = try dropwire.fileRecord(of: "\(number).txt") }
        let run = dropwire.scratch.path("run")
        let client = try TestedProcess(
            name: "the client in C",
            command: [program, "ipc://\(run)/watch-log.sock", "ipc://\(run)/watch-feed.sock"])
        #expect(try client.waitUntilEnded() == .exited(0), "\(client.output)")
        #expect(client.output.split(separator: "\n").count == 30)
        #expect(try watch.stop() == .exited(0))
    }
}
