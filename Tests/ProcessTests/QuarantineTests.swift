import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// `dropwire quarantine` against a running watcher.
@Suite struct QuarantineTests {
    private func object(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    @Test func `a file is shown with the place that is the cause, safe for a terminal`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        try dropwire.drop("2026-04-01 05:30:00\n\nNo head\u{1b}[31m line.\n", as: "headless.txt")
        try dropwire.drop([0x61, 0x1b, 0x62] + [UInt8](repeating: 0, count: 200), as: "binary.txt")
        for name in ["headless.txt", "binary.txt"] { _ = try dropwire.fileRecord(of: name) }
        try waitUntil("both are quarantined") { dropwire.waiting.isEmpty }

        let text = try dropwire.run(["quarantine", "show", "headless.txt"])
        #expect(text.ending == .exited(0), "\(text.errorOutput)")
        #expect(text.output.contains("headless.txt  no_headline"))
        #expect(text.output.contains("1  2026-04-01 05:30:00"))
        #expect(text.output.contains("No head\u{fffd}[31m line."))
        let bytes = try dropwire.run(["quarantine", "show", "binary.txt"])
        #expect(bytes.output.contains("> 00000000  61 1b 62 00"), "\(bytes.output)")
        #expect(!text.output.contains("\u{1b}") && !bytes.output.contains("\u{1b}"))

        let json = try object(try dropwire.run(["quarantine", "show", "--json", "binary.txt"]).output)
        #expect(json["code"]?.stringValue == "binary" && json["size"]?.integerValue == 203)
        #expect(json["excerpt_hex"]?.stringValue?.hasPrefix("611b6200") == true)
        let unknown = try dropwire.run(["quarantine", "show", "c.txt"])
        #expect(unknown.ending == .exited(1) && unknown.errorOutput.contains("c.txt"))
        try expectAlive(dropwire, watch)
    }

    @Test func `files are given up by name and by code, and the others stay`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        for name in ["a.txt", "b.txt"] { try dropwire.drop("", as: name) }
        for name in ["c.txt", "d.txt"] { try dropwire.drop([0, 1], as: name) }
        for name in ["a.txt", "b.txt", "c.txt", "d.txt"] { _ = try dropwire.fileRecord(of: name) }
        try waitUntil("all are quarantined") { dropwire.waiting.isEmpty }

        let one = try dropwire.run(["quarantine", "discard", "c.txt", "e.txt"])
        #expect(one.output == "discarded: c.txt\n")
        #expect(one.errorOutput == "not in the quarantine: e.txt\n" && one.ending == .exited(1))
        let young = try dropwire.run(["quarantine", "discard", "--all", "--older-than", "7d"])
        #expect(young.output.isEmpty && young.ending == .exited(0))
        let some = try dropwire.run(["quarantine", "discard", "--all", "--code", "empty", "--json"])
        #expect(try object(some.output)["discarded"]?.arrayValue == [.string("a.txt"), .string("b.txt")])
        #expect(dropwire.scratch.list("drop/.quarantine") == ["d.txt", "d.txt.reason.json"])
        let discarded = try dropwire.records().compactMap(\.file).filter { $0.outcome == .discarded }
        #expect(discarded.map(\.path) == ["c.txt", "a.txt", "b.txt"])
        #expect(discarded.allSatisfy { $0.code == ReasonCode.discarded.rawValue })
        let list = try dropwire.run(["quarantine", "list"])
        #expect(list.output.hasPrefix("d.txt  binary\n"))
        try expectAlive(dropwire, watch)
    }

    @Test(arguments: [
        ["quarantine"], ["quarantine", "burn"], ["quarantine", "discard"], ["quarantine", "discard", "--all", "a"],
        ["quarantine", "show"], ["quarantine", "list", "a"], ["quarantine", "retry", "--all", "--older-than", "soon"],
    ])
    func `what cannot be meant is refused`(arguments: [String]) throws {
        let refused = try Installation().run(arguments)
        #expect(refused.ending == .exited(64))
        #expect(!refused.errorOutput.isEmpty)
    }

    /// The watcher takes the next file as if nothing had been.
    private func expectAlive(_ dropwire: Installation, _ watch: TestedProcess) throws {
        try dropwire.drop(Sample.article(99), as: "alive.txt")
        #expect(try dropwire.fileRecord(of: "alive.txt").outcome == .published)
        #expect(try watch.stop() == .exited(0))
    }
}
