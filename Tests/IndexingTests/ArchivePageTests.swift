import Articles
import FoundationEssentials
import Indexing
import Testing

@Suite struct ArchivePageTests {
    private let bench: Bench
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { bench = try Bench() }

    /// The titles of all pages of a range.
    private func titles(_ range: ArchiveRange = ArchiveRange(), limit: Int = 2, bytes: Int = 1 << 20) throws -> [String]
    {
        let searcher = try bench.searcher()
        var titles: [String] = []
        var place = 0
        while true {
            let page = try searcher.page(of: range, behind: place, limit: limit, bytes: bytes, now: now)
            #expect(page.records.count <= limit)
            for record in page.records {
                let article = try JSONDecoder().decode(Article.self, from: Data(record))
                titles.append(article.title ?? "")
            }
            if page.isEnd { return titles }
            // Every page goes on.
            try #require(page.last > place)
            place = page.last
        }
    }

    private func range(_ change: (inout ArchiveRange) -> Void) -> ArchiveRange {
        var range = ArchiveRange()
        change(&range)
        return range
    }

    @Test func `all that is shown comes once, in the order in which it came`() throws {
        for number in 1...7 { try bench.add(Bench.article("Title \(number)", uri: "u\(number)", version: "1")) }
        try bench.add(Bench.article("Title 3, again", uri: "u3", version: "2"))
        let expected = ["Title 1", "Title 2", "Title 4", "Title 5", "Title 6", "Title 7", "Title 3, again"]
        #expect(try titles() == expected)
        #expect(try titles(limit: 1) == expected)
        #expect(try titles(limit: 500) == expected)
        // A page has at least one record, however large.
        #expect(try titles(limit: 500, bytes: 1) == expected)
    }

    @Test func `records come as they went in`() throws {
        let article = Bench.article("Straße", "Größe \u{1f600} \"quoted\"")
        try bench.add(article)
        let page = try bench.searcher().page(of: ArchiveRange(), limit: 10, bytes: 1 << 20, now: now)
        #expect(page.records == [article.encodeRecord()])
        #expect(page.isEnd)
    }

    @Test func `what is killed, withheld or under embargo is left out`() throws {
        try bench.add(Bench.article("Killed", "coffee", uri: "u1"), Bench.article("Usable", "coffee", uri: "u2"))
        try bench.kill("u1")
        var withheld = Bench.article("Withheld", "coffee", uri: "u3")
        withheld.pubStatus = .withheld
        try bench.add(withheld)
        var embargoed = Bench.article("Embargoed", "coffee", uri: "u4")
        embargoed.embargoedUntil = Timestamp(milliseconds: now.milliseconds + 1)
        var released = Bench.article("Released", "coffee", uri: "u5")
        released.embargoedUntil = now
        try bench.add(embargoed, released)
        #expect(try titles() == ["Usable", "Released"])
        #expect(try titles(range { $0.query = "coffee" }) == ["Usable", "Released"])
        #expect(try titles(range { $0.query = "NOT tea" }) == ["Usable", "Released"])
    }

    @Test func `a query, days and sequence numbers narrow it`() throws {
        try bench.add(
            Bench.article("Coffee one", source: "bbc", published: "2025-02-01T10:00:00Z"),
            Bench.article("Tea", source: "bbc", published: "2025-02-02T00:00:00Z"),
            Bench.article("Coffee two", source: "dpa", published: "2025-02-03T23:59:59Z"),
            Bench.article("Coffee three", source: "dpa", published: "2025-02-04T00:00:00Z"))
        #expect(try titles(range { $0.query = "coffee" }) == ["Coffee one", "Coffee two", "Coffee three"])
        #expect(try titles(range { $0.query = "coffee source:dpa" }) == ["Coffee two", "Coffee three"])
        #expect(try titles(range { $0.query = "source:bbc" }) == ["Coffee one", "Tea"])
        #expect(try titles(range { $0.query = "-coffee" }) == ["Tea"])
        let days = range {
            $0.after = ArchiveRange.moment("2025-02-02")
            $0.before = ArchiveRange.moment("2025-02-04")
        }
        #expect(try titles(days) == ["Tea", "Coffee two"])
        #expect(try titles(range { $0.sequence = 2...3 }) == ["Tea", "Coffee two"])
        let all = range {
            $0.query = "coffee"
            $0.after = ArchiveRange.moment("2025-02-03")
            $0.sequence = 0...3
        }
        #expect(try titles(all) == ["Coffee two"])
        #expect(throws: SearchSyntaxError.self) { try titles(range { $0.query = "coffee OR" }) }
    }
}
