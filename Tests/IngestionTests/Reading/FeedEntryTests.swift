import TestSupport
import Testing

@testable import Ingestion

/// A feed that is dropped again and again, as its entries come and go.
@Suite struct FeedEntryTests {
    private static func feed(_ entries: [(id: Int, text: String)]) -> String {
        let items = entries.map {
            "<item><guid>urn:\($0.id)</guid><title>Number \($0.id)</title><description>\($0.text)</description></item>"
        }
        return "<rss version=\"2.0\"><channel><title>T</title>\(items.joined())</channel></rss>"
    }

    private func drop(_ bench: Bench, _ entries: [(id: Int, text: String)], _ name: String) throws {
        try bench.dropByRename(Self.feed(entries), name)
        try bench.settle()
    }

    @Test func `an entry is published once, and again when it changed`() throws {
        let bench = try Bench()
        try bench.settle()
        try drop(bench, [(1, "a"), (2, "b")], "1.xml")
        try drop(bench, [(2, "b"), (3, "c")], "2.xml")
        try drop(bench, [(3, "c"), (2, "b")], "3.xml")
        try drop(bench, [(3, "changed")], "4.xml")
        #expect(try bench.titles() == ["Number 1", "Number 2", "Number 3", "Number 3"])
        #expect(try bench.verdicts() == ["published ok", "published ok", "ignored nothing_new", "published ok"])
        #expect(bench.archivedContents().count == 4)
    }

    @Test func `a start does not forget entries, and a directory knows its own alone`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("other")
        var other = DropDirectoryConfiguration(path: bench.scratch.path("other"))
        other.source = "other"
        bench.moreDirectories = [other]
        try bench.settle()
        try drop(bench, [(1, "a")], "1.xml")
        try bench.start()
        try bench.settle()
        try drop(bench, [(1, "a"), (2, "b")], "2.xml")
        try bench.scratch.dropByRename(Array(Self.feed([(1, "a")]).utf8), to: "other/1.xml")
        try bench.settle()
        #expect(try bench.titles() == ["Number 1", "Number 2", "Number 1"])
    }

    @Test func `republish publishes every entry each time`() throws {
        let bench = try Bench { $0.duplicates = .republish }
        try bench.settle()
        try drop(bench, [(1, "a")], "1.xml")
        try drop(bench, [(1, "a"), (2, "b")], "2.xml")
        #expect(try bench.titles() == ["Number 1", "Number 1", "Number 2"])
    }

    @Test(arguments: [IntakePoint.beforeCommit, .afterCommit]) func `a kill neither loses an entry nor gives it twice`(
        point: IntakePoint
    ) throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try drop(bench, [(1, "a")], "1.xml")
        try bench.dropByRename(Self.feed([(1, "a"), (2, "b")]), "2.xml")
        bench.killAt = (point, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Number 1", "Number 2"])
        #expect(try bench.verdicts() == ["published ok", "published ok"])
    }

    @Test func `entries that nobody met for long are forgotten`() throws {
        let bench = try Bench()
        let desk = try bench.start()
        let (day, key) = (Int64(86_400_000), [UInt8](repeating: 1, count: 16))
        #expect(try desk.ledger.noteEntry(1, key, time: day))
        #expect(try !desk.ledger.noteEntry(1, key, time: 3 * day))
        try desk.ledger.forgetEntries(before: 2 * day)
        #expect(try !desk.ledger.noteEntry(1, key, time: 3 * day))
        try desk.ledger.forgetEntries(before: 4 * day)
        #expect(try desk.ledger.noteEntry(1, key, time: 4 * day))
    }

    @Test func `an entry that fails is told of once beside good ones, and each time where nothing is good`() throws {
        func feed(_ inner: String) -> String { "<rss><channel>\(inner)</channel></rss>" }
        let (good, bad) = ("<item><title>T</title></item>", "<item><link>https://e.org/1</link></item>")
        let bench = try Bench()
        try bench.settle()
        for (number, content) in [bad, bad + " ", good + bad, good + bad + " ", bad + good].enumerated() {
            try bench.dropByRename(feed(content), "\(number).xml")
            try bench.settle()
        }
        #expect(
            try bench.verdicts() == [
                "quarantined no_article", "quarantined no_article", "partial no_article", "ignored nothing_new",
                "ignored nothing_new",
            ])
        #expect(try bench.titles() == ["T"])
    }
}
