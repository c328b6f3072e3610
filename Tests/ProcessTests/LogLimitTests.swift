import Articles
import Linux
import Messaging
import TestSupport
import Testing

/// A log at its size limit, as an operator meets it.
@Suite struct LogLimitTests {
    @Test func `a log at its limit claims nothing, says so where one looks, and a larger limit goes on by itself`()
        throws
    {
        let dropwire = try Installation()
        func setLimit(_ limit: String) throws {
            let text = try #require(dropwire.scratch.read("dropwire.toml")).split(separator: 0x0a).filter {
                !$0.starts(with: Array("max_log_bytes".utf8)) && !$0.elementsEqual(Array("[watch]".utf8))
            }
            let limit = "\n[watch]\nmax_log_bytes = \"\(limit)\"\n"
            try dropwire.scratch.write(
                Array(text.joined(separator: [0x0a])) + Array(limit.utf8), to: "dropwire.toml")
        }
        try setLimit("16MiB")
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        let words = String(repeating: "Many words that say little. ", count: 40_000)
        let count = 30
        for number in 1...count { try dropwire.drop(Sample.article(number) + "\n\n" + words, as: "\(number).txt") }
        try waitUntil("the log is full", within: .seconds(60)) { try dropwire.heartbeat(of: "watch")?.trouble != nil }
        let told = try dropwire.run(["status"])
        #expect(told.ending == .exited(1))
        #expect(told.output.contains("watch: the log has "), "\(told.output)")
        #expect(
            told.output.contains("max_log_bytes is 16777216: files stay in their drop directories until there is room"))
        try dropwire.drop(Sample.article(0), as: "late.txt")
        #expect(dropwire.waiting.contains("late.txt"))

        try setLimit("256MiB")
        #expect(try dropwire.run(["reload"]).ending == .exited(0))
        #expect(try dropwire.fileRecord(of: "late.txt").outcome == .published)
        try waitUntil("all are taken") { dropwire.waiting.isEmpty }
        #expect(try dropwire.records().compactMap(\.file).count == count + 1)
        try waitUntil("all is well") { try dropwire.run(["status"]).ending == .exited(0) }
        #expect(try watch.stop() == .exited(0) && status.stop() == .exited(0))
    }
}
