import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct ListTests {
    private let store: ResultStore

    init() throws { store = try ResultStore(path: ":memory:") }

    private func titles(_ filter: ArticleFilter, limit: Int = 50) throws -> [String?] {
        try store.reader.articles(filter, limit: limit).rows.map(\.title)
    }

    private func filter(_ set: (inout ArticleFilter) -> Void) -> ArticleFilter {
        var filter = ArticleFilter()
        set(&filter)
        return filter
    }

    private static let hour: Int64 = 3_600_000

    /// Three articles, hours apart, of which one each is of another source, language, path and time.
    private func fill() throws {
        var german = article("Zwei", path: "de/b.txt", source: "dpa", uri: "urn:2")
        german.language = "de"
        german.published = Timestamp(milliseconds: 1_000_000)
        german.deriveID()
        try store.follow([article("One", path: "en/a.txt", uri: "urn:1").encodeRecord()], time: ListTests.hour)
        try store.follow([german.encodeRecord()], from: 2, time: 5 * ListTests.hour)
        try store.follow([article("Three", path: "en/c.txt").encodeRecord()], from: 3, time: 9 * ListTests.hour)
    }

    @Test func `each filter finds what it says`() throws {
        try fill()
        func time(_ hours: Int64) -> Timestamp { Timestamp(milliseconds: hours * ListTests.hour) }
        #expect(try titles(.init()) == ["Three", "Zwei", "One"])
        #expect(try titles(filter { $0.source = "dpa" }) == ["Zwei"])
        #expect(try titles(filter { $0.language = "de" }) == ["Zwei"])
        #expect(try titles(filter { $0.uri = "urn:1" }) == ["One"])
        #expect(try titles(filter { $0.path = "en/" }) == ["Three", "One"])
        #expect(try titles(filter { $0.path = "en/a.txt" }) == ["One"])
        #expect(try titles(filter { $0.path = "e%" }) == [])
        #expect(try titles(filter { $0.from = time(5) }) == ["Three", "Zwei"])
        #expect(try titles(filter { $0.to = time(5) }) == ["One"])
        #expect(
            try titles(
                filter {
                    $0.from = time(2)
                    $0.to = time(9)
                }) == ["Zwei"])
        #expect(try titles(filter { $0.from = time(10) }) == [])
        #expect(try titles(filter { $0.publishedTo = Timestamp(milliseconds: 2_000_000) }) == ["Zwei"])
        #expect(try titles(filter { $0.publishedFrom = Timestamp(milliseconds: 2_000_000) }) == ["Three", "One"])
        #expect(
            try titles(
                filter {
                    $0.language = "en"
                    $0.path = "en/"
                    $0.source = "reuters"
                    $0.to = time(8)
                }) == ["One"])
    }

    @Test func `what workers have made of articles is a filter`() throws {
        try fill()
        try store.take(
            result(1), result(2, data: ["verdict": .string("near")]), result(1, kind: "summarize", data: [:]),
            result(2, kind: "summarize", .failed, data: ["dead": .boolean(true)]))
        #expect(try titles(filter { $0.verdict = "near" }) == ["Zwei"])
        for (word, found) in [
            ("ok", ["One"]), ("failed", ["Zwei"]), ("dead", ["Zwei"]), ("missing", ["Three"]), ("skipped", []),
        ] {
            #expect(
                try titles(filter { $0.work = .init(kind: "summarize", word: word) }) == found, "\(word)")
        }
        #expect(try titles(filter { $0.work = .init(kind: "index", word: "missing") }).count == 3)
        #expect(ArticleFilter.Work(kind: "index", word: "good") == nil)
    }

    @Test func `versions that are not shown are found by how they stand`() throws {
        try store.follow([
            article("Old", uri: "urn:1", version: "1").encodeRecord(),
            article("New", uri: "urn:1", version: "2").encodeRecord(),
            article("Secret", uri: "urn:2", status: .withheld).encodeRecord(),
        ])
        #expect(try titles(filter { $0.standings = [.superseded] }) == ["Old"])
        #expect(try titles(filter { $0.standings = [.withheld] }) == [nil])
        #expect(try titles(filter { $0.standings = [] }).count == 3)
        #expect(try titles(filter { $0.uri = "urn:1" }) == ["New"])
    }

    @Test func `pages lead through all rows in both directions, whatever arrives meanwhile`() throws {
        for seq in UInt64(1)...20 {
            let source = seq % 2 == 0 ? "even" : "odd"
            try store.follow([article("\(seq)", source: source).encodeRecord()], from: seq)
        }
        let even = filter { $0.source = "even" }
        var seen: [String?] = []
        var place = ListPlace.end
        var pages: [[String?]] = []
        while true {
            let page = try store.reader.articles(even, at: place, limit: 3)
            pages.append(page.rows.map(\.title))
            seen += page.rows.map(\.title)
            let late = article("late \(pages.count)", source: "even").encodeRecord()
            try store.follow([late], from: 100 + UInt64(pages.count))
            guard let older = page.older else { break }
            place = .before(older)
        }
        #expect(seen.compactMap { $0.flatMap { Int($0) } } == stride(from: 20, through: 2, by: -2).map { $0 })
        // And back, from the oldest on.
        let last = try store.reader.articles(even, at: place, limit: 3)
        var back: [String?] = []
        var newer = last.newer
        while let row = newer {
            let page = try store.reader.articles(even, at: .after(row), limit: 3)
            back = page.rows.map(\.title) + back
            newer = page.newer
        }
        #expect(back.suffix(10 - last.rows.count).compactMap { $0.flatMap { Int($0) } }.first == 20)
        #expect(back.count { $0?.hasPrefix("late") == true } == pages.count)
        #expect(Set(back.compactMap { $0 }).union(last.rows.compactMap(\.title)).count == 10 + pages.count)
    }

    @Test func `a filter that matches rarely looks at no more rows than it may, and goes on`() throws {
        try store.follow([article("Rare", path: "rare.txt").encodeRecord()])
        let reader = store.reader
        let count = reader.examined.count
        reader.examined.time = .seconds(600)
        try store.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM n WHERE i<=\(count))
            INSERT INTO article(stream, epoch, seq, time_ms, id, source, language, standing, record)
            SELECT 1, 1, i, 1, randomblob(16), 'bulk', 'en', 0, x'7b7d' FROM n
            """)
        var rare = ArticleFilter()
        rare.publishedFrom = Timestamp(milliseconds: 1)
        let first = try reader.articles(rare, limit: 5)
        #expect(first.rows.isEmpty)
        let second = try reader.articles(rare, at: .before(try #require(first.older)), limit: 5)
        #expect(second.rows.map(\.title) == ["Rare"] && second.older == nil)
        // What an index knows is found at once.
        rare.path = "rare"
        #expect(try reader.articles(rare, limit: 5).rows.count == 1)
    }

    @Test func `a page whose time is over comes with what was found, and the next goes on`() throws {
        try store.follow([article("First").encodeRecord()])
        try store.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM n WHERE i<=1000)
            INSERT INTO article(stream, epoch, seq, time_ms, id, source, language, standing, record)
            SELECT 1, 1, i, 1, randomblob(16), 'bulk', CASE WHEN i%400=0 THEN 'fi' ELSE 'en' END, 0, x'7b7d' FROM n
            """)
        let reader = store.reader
        reader.examined.time = .zero
        var rare = ArticleFilter()
        rare.language = "fi"
        var pages = [try reader.articles(rare, limit: 5)]
        while let older = pages.last?.older {
            pages.append(try reader.articles(rare, at: .before(older), limit: 5))
        }
        // Four times as many rows as are looked at between two looks at the clock.
        #expect(pages.map { $0.rows.map(\.position.seq) } == [[800], [], [400], []])
        #expect(try reader.articles(rare, limit: 1).rows.map(\.position.seq) == [800])
    }

    @Test func `files are listed by outcome, directory and path`() throws {
        try store.follow([
            file("in/a.txt", seq: 1).encodeRecord(), file("in/b.txt", .quarantined, code: .noHeadline).encodeRecord(),
            file("out/c.txt", .duplicate).encodeRecord(),
        ])
        func paths(_ filter: FileFilter, at place: ListPlace = .end) throws -> [String] {
            try store.reader.files(filter, at: place, limit: 2).rows.map(\.path)
        }
        #expect(try paths(.init()) == ["out/c.txt", "in/b.txt"])
        #expect(try paths(.init(), at: .before(2)) == ["in/a.txt"])
        #expect(try paths(.init(outcome: .quarantined)) == ["in/b.txt"])
        #expect(try paths(.init(path: "in/")) == ["in/b.txt", "in/a.txt"])
        #expect(try paths(.init(directory: "/srv/drop", path: "out/")) == ["out/c.txt"])
        #expect(try paths(.init(directory: "/elsewhere")) == [])
    }
}
