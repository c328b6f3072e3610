import Articles
import Indexing
import SQLite
import TestSupport
import Testing

/// Paging by cursor, while articles come and go.
@Suite struct SearchCursorTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    /// Pages through a search, calling `between` before each further page.
    private func pages(
        _ query: String, limit: Int = 10, order: SearchArrangement.Order, between: () throws -> Void = {}
    ) throws -> [String] {
        var titles: [String] = []
        var cursor: String?
        repeat {
            let page = try bench.searcher().search(query, limit: limit, by: .init(order), cursor: cursor)
            titles += page.hits.map { $0.title ?? "" }
            cursor = page.next
            if cursor != nil { try between() }
        } while cursor != nil
        return titles
    }

    private func fill(_ count: Int) throws {
        for number in 0..<count {
            let body =
                "oil" + String(repeating: " gas", count: number % 3) + String(repeating: " word", count: number % 17)
            let day = 1 + number * 7 % 28
            try bench.add(
                Bench.article("n\(number)", body, published: "2025-02-\(day < 10 ? "0" : "")\(day)T00:00:00Z"))
        }
    }

    private static let orders: [SearchArrangement.Order] = [.relevance, .date, .arrival]

    @Test(arguments: orders, ["oil OR gas", "oil gas", "source:bbc"])
    func `cursors lead through the same hits as one long page`(order: SearchArrangement.Order, query: String) throws {
        try fill(120)
        let all = try bench.searcher().search(query, limit: 200, by: .init(order))
        #expect(all.next == nil)
        #expect(all.hits.count == all.total)
        #expect(try pages(query, limit: 7, order: order) == all.hits.map { $0.title ?? "" })
        #expect(try pages(query, limit: all.total, order: order).count == all.total)
    }

    @Test(arguments: orders, ["oil OR gas", "oil gas", "oil -tea"])
    func `what was there at the first page is shown once, whatever comes in between`(
        order: SearchArrangement.Order, query: String
    ) throws {
        try fill(100)
        let there = try bench.searcher().search(query, limit: 200, by: .init(order)).hits.map { $0.title ?? "" }
        var newcomers = 0
        let seen = try pages(query, limit: 9, order: order) {
            // Common words become commoner still, and texts longer: all scores change.
            for _ in 0..<40 {
                newcomers += 1
                try bench.add(
                    Bench.article(
                        "new\(newcomers)", "gas gas" + String(repeating: " filler", count: 50),
                        language: newcomers % 2 == 0 ? "de" : "en",
                        published: "2025-02-\(10 + newcomers % 19)T00:00:00Z"))
            }
        }
        #expect(seen.filter { $0.hasPrefix("n") && !$0.hasPrefix("new") } == there)
        #expect(Set(seen).count == seen.count)
    }

    @Test func `what is killed in between is not shown any more, and the others are`() throws {
        for number in 0..<30 { try bench.add(Bench.article("n\(number)", "oil", uri: "u\(number)")) }
        var killed = 30
        let seen = try pages("oil", limit: 5, order: .arrival) {
            killed -= 10
            guard killed >= 10 else { return }
            try bench.kill("u\(killed)")
            try bench.kill("u\(killed + 9)")
        }
        // Of each pair the later one had been shown before it went.
        #expect(seen == (0..<30).reversed().filter { ![20, 10].contains($0) }.map { "n\($0)" })
    }

    @Test func `cursors reach beyond where offsets end`() throws {
        try bench.connection.transaction {
            for number in 1...ArticleSearcher.deepest + 500 {
                let article = Bench.article("n\(number)", "oil")
                _ = try bench.index.apply(article, bytes: article.encodeRecord(), at: bench.position(UInt64(number)))
            }
            try bench.index.writeText()
        }
        #expect(Set(try pages("oil", limit: 2000, order: .date)).count == ArticleSearcher.deepest + 500)
    }

    @Test func `a cursor of another search, order or index is refused, and what is none`() throws {
        try fill(30)
        let next = try #require(try bench.searcher().search("oil", limit: 5).next)
        func problem(_ query: String, _ order: SearchArrangement.Order, _ cursor: String) -> String {
            let error = #expect(throws: SearchCursorError.self) {
                try bench.searcher().search(query, limit: 5, by: .init(order), cursor: cursor)
            }
            return error?.description ?? ""
        }
        #expect(problem("gas", .relevance, next).contains("another search"))
        #expect(problem("oil", .date, next).contains("another search"))
        let other = try Bench()
        try other.add(Bench.article("1", "oil"), Bench.article("2", "oil"))
        #expect(throws: SearchCursorError.self) { try other.searcher().search("oil", limit: 1, cursor: next) }
        for cut in 0..<next.utf8.count {
            #expect(problem("oil", .relevance, String(next.prefix(cut))).contains("part"))
        }
        for place in next.indices {
            var changed = next
            changed.replaceSubrange(place...place, with: next[place] == "B" ? "C" : "B")
            #expect(throws: SearchCursorError.self) { try bench.searcher().search("oil", limit: 5, cursor: changed) }
        }
        for text in ["é", "====", next + next, next + "A", String(repeating: "A", count: 5000)] {
            #expect(problem("oil", .relevance, text).contains("part"))
        }
        #expect(try bench.searcher().search("oil", limit: 5, cursor: next).hits.count == 5)
    }
}
