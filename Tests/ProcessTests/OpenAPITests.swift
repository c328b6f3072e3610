import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// The OpenAPI document against a running service with articles, results, files and an index, by schemathesis.
///
/// Some 1,200 requests are always the same: what the document's schemas allow and forbid, one place at a time. For
/// `DROPWIRE_SCHEMATHESIS_SECONDS` it goes on with what it makes up; on a busy machine it then calls its own examples
/// inconsistent.
@Suite(
    .timeLimit(.minutes(60)),
    .enabled(if: PythonEnvironment.program("schemathesis") != nil, "what PyPI has is not there: see Tests/run")
) struct OpenAPITests {
    @Test
    func `whatever is sent to the API, it answers as its document says`() throws {
        let dropwire = try Installation()
        let processes = try Installation.roles.map { try dropwire.startReady($0) }
        try dropwire.drop("Rates rise\n\n2025-02-26 03:27:00\n\nAbstract: a\n\nThey do. Again.\n", as: "a.txt")
        try dropwire.drop("Rates fall\n\n2025-02-27 03:27:00\n\nAbstract: a\n\nThey do not.\n", as: "b.txt")
        try dropwire.drop([0xff, 0xfe, 0], as: "bad.txt")
        #expect(try dropwire.run(["saved-search", "add", "rates", "rates"]).ending == .exited(0))
        try waitUntil("articles, results and a quarantined file are known") {
            let summary = try dropwire.askStatus("SUMMARY", JSONValue.self)
            return summary["articles"] == 2 && summary["results"]?["summarize"]?["ok"] == 2
                && summary["results"]?["index"]?["ok"] == 2 && summary["files"]?["quarantined"] == 1
        }
        let address = try #require(try dropwire.heartbeat(of: "status")?.endpoints["http"]?.first)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "OpenAPI")
        var command = [
            // Where it runs it leaves what it has found, for its next run.
            "/usr/bin/env", "--chdir", dropwire.scratch.path,
            try #require(PythonEnvironment.program("schemathesis")), "--config-file",
            folder.appending(path: "schemathesis.toml").path, "run", "\(address)api/v1/openapi.json",
            // CPython 3.11 counts the depth of a parser's recursion for all threads together, and trips over it.
            "--workers", "1",
        ]
        let seconds = ProcessInfo.processInfo.environment["DROPWIRE_SCHEMATHESIS_SECONDS"]
        command += seconds.map { ["--max-time", $0] } ?? ["--phases", "coverage", "--generation-deterministic"]
        let run = try TestedProcess(name: "schemathesis", command: command)
        let ending = try run.waitUntilEnded(within: .seconds((seconds.flatMap { Int($0) } ?? 300) + 300))
        #expect(ending == .exited(0), "\(run.output.suffix(20_000))\(run.errorOutput.suffix(2000))")
        // It has tried the operations, and not only found that there are none.
        #expect(run.output.contains(/[1-9][0-9]{2,} generated/), "\(run.output.suffix(4000))")
        for process in processes.reversed() { #expect(try process.stop() == .exited(0)) }
    }
}
