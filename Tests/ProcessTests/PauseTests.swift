import Articles
import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

/// Pauses by the tools, and what the tools then say.
@Suite struct PauseTests {
    @Test func `a pause holds through a restart, is shown, and ends`() throws {
        let dropwire = try Installation()
        let status = try dropwire.startReady("status")
        let first = try dropwire.startReady("watch")
        let paused = try dropwire.run(["pause", dropwire.dropPath + "/"])
        #expect(paused.ending == .exited(0), "\(paused.errorOutput)")
        #expect(paused.output.hasPrefix("\(dropwire.dropPath) is paused since "))
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try first.kill()

        let second = try dropwire.startReady("watch")
        #expect(second.errorOutput.contains("A directory is paused by the operator."))
        struct Status: Decodable {
            struct Directory: Decodable {
                var path: String
                var waiting: Int
                var paused_since_ms: Int64?
            }
            var directories: [Directory]
        }
        try waitUntil("the file waits") { try dropwire.askWatch("STATUS", Status.self).directories.first?.waiting == 1 }
        #expect(try dropwire.askWatch("STATUS", Status.self).directories.first?.paused_since_ms != nil)
        try waitUntil("the table shows it") {
            let table = try dropwire.run(["status"])
            #expect(table.ending == .exited(0), "\(table.errorOutput)")
            return table.output.contains("paused since ") && table.output.contains(/\n +1 .* \/.*\/drop\n/)
        }
        #expect(dropwire.waiting == ["1.txt"])

        let resumed = try dropwire.run(["resume"])
        #expect(resumed.output == "nothing is paused\n")
        #expect(try dropwire.fileRecord(of: "1.txt").outcome == .published)

        let all = try dropwire.run(["pause", "--json"])
        let told = try JSONDecoder().decode(JSONValue.self, from: Data(all.output.utf8))
        #expect(told["paused_since_ms"]?.integerValue ?? 0 > 0)
        #expect(told["in_force"] == .boolean(true))
        let unknown = try dropwire.run(["pause", dropwire.dropPath + "s"])
        #expect(unknown.ending == .exited(1))
        #expect(unknown.errorOutput.contains("did you mean '\(dropwire.dropPath)'?"))
        #expect(try second.stop() == .exited(0))
        #expect(try status.stop() == .exited(0))
    }

    @Test func `up --once does not wait for the operator`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        #expect(try dropwire.run(["pause"]).ending == .exited(0))
        try dropwire.drop(Sample.article(1), as: "1.txt")
        #expect(try watch.stop() == .exited(0))
        let up = try TestedProcess(
            ["up", "--once", "--json", "--config", dropwire.configurationPath],
            environment: ["XDG_RUNTIME_DIR": dropwire.scratch.path("run")])
        #expect(try up.waitUntilEnded(within: .seconds(120)) == .exited(1))
        let summary = try JSONDecoder().decode(JSONValue.self, from: Data(up.output.utf8))
        #expect(summary["failed"] == .integer(1) && summary["files"] == .integer(0))
        #expect(up.errorOutput.contains("paused by the operator"))
        #expect(dropwire.waiting == ["1.txt"])
    }
}
