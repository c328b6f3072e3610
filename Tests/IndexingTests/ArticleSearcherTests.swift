import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite
import Testing

@Suite struct ArticleSearcherTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    @Test func `words are found in all their forms, phrases and prefixes as they were written`() throws {
        try bench.add(
            Bench.article("A", "The company was running shoe shops."), Bench.article("B", "A company runs shops."))
        #expect(try Set(bench.titles("run")) == ["A", "B"])
        #expect(try Set(bench.titles("running")) == ["A", "B"])
        #expect(try bench.titles("\"running shoe\"") == ["A"])
        #expect(try bench.titles("\"runs shops\"") == ["B"])
        #expect(try bench.titles("\"running shops\"") == [])
        #expect(try bench.titles("runni*") == ["A"])
        #expect(try bench.titles("\"company ru\"*") == ["B"])
        #expect(try Set(bench.titles("COMPANIES shop")) == ["A", "B"])
    }

    @Test func `each language is stemmed by its own rules`() throws {
        try bench.add(
            Bench.article("de", "Die Häuser der Stadt", language: "de"),
            Bench.article("fr", "Les maisons étaient grandes", language: "fr-FR"),
            Bench.article("und", "Häuser maisons", language: "und"))
        #expect(try Set(bench.titles("Haus")) == ["de"])
        #expect(try Set(bench.titles("häuser")) == ["de", "und"])
        #expect(try Set(bench.titles("hauser")) == ["de", "und"])
        #expect(try bench.titles("maison lang:fr") == ["fr"])
        #expect(try bench.titles("ÉTAIENT") == ["fr"])
    }

    @Test func `scripts without spaces are found by any run of their letters`() throws {
        try bench.add(
            Bench.article("zh", "中国人民银行", language: "zh"), Bench.article("ja", "東京で会議が開かれた", language: "ja"),
            Bench.article("ru", "Цены на нефть выросли", language: "ru"))
        #expect(try bench.titles("人民") == ["zh"])
        #expect(try bench.titles("国人民") == ["zh"])
        #expect(try bench.titles("国民") == [])
        #expect(try bench.titles("行") == ["zh"])
        #expect(try bench.titles("中") == ["zh"])
        #expect(try bench.titles("会議") == ["ja"])
        #expect(try bench.titles("цена") == ["ru"])
    }

    @Test func `operators combine`() throws {
        try bench.add(
            Bench.article("oil", "oil"), Bench.article("gas", "gas"), Bench.article("both", "oil gas"),
            Bench.article("tea", "tea"))
        #expect(try Set(bench.titles("oil OR gas")) == ["oil", "gas", "both"])
        #expect(try bench.titles("oil gas") == ["both"])
        #expect(try bench.titles("oil -gas") == ["oil"])
        #expect(try Set(bench.titles("(oil OR tea) NOT gas")) == ["oil", "tea"])
        #expect(try Set(bench.titles("tea OR (oil NOT gas)")) == ["oil", "tea"])
        #expect(try bench.titles("NOT (oil OR gas)") == ["tea"])
        #expect(try bench.titles("title:tea") == ["tea"])
        #expect(throws: SearchSyntaxError.self) { try bench.titles("oil OR NOT gas") }
    }

    @Test func `filters narrow by source, language and day`() throws {
        try bench.add(
            Bench.article("1", "oil", source: "BBC", language: "en-GB", published: "2025-02-01T00:00:00Z"),
            Bench.article("2", "oil", source: "dpa", language: "de", published: "2025-02-02T10:00:00Z"),
            Bench.article("3", "oil", source: "dpa", language: "en", published: "2025-02-03T10:00:00Z"))
        #expect(try bench.titles("oil source:bbc") == ["1"])
        #expect(try Set(bench.titles("oil lang:en")) == ["1", "3"])
        #expect(try bench.titles("oil lang:en-gb") == ["1"])
        #expect(try Set(bench.titles("oil after:2025-02-02")) == ["2", "3"])
        #expect(try Set(bench.titles("oil before:2025-02-02")) == ["1"])
        #expect(try bench.titles("oil after:2025-02-02 before:2025-02-03") == ["2"])
        #expect(try Set(bench.titles("oil (source:bbc OR lang:de)")) == ["1", "2"])
        #expect(try Set(bench.titles("oil -source:bbc")) == ["2", "3"])
        #expect(try Set(bench.titles("source:dpa")) == ["2", "3"])
        #expect(try bench.titles("source:nobody") == [])
        let error = #expect(throws: SearchSyntaxError.self) { try bench.titles("oil OR source:bbc") }
        #expect(error?.offset == 7)
    }

    @Test func `a title and a short text rank higher`() throws {
        try bench.add(
            Bench.article("Market", "oil prices and other things that were said about many more of them at length"),
            Bench.article("Oil", "prices"), Bench.article("Short", "oil today"))
        #expect(try bench.titles("oil") == ["Oil", "Short", "Market"])
    }

    @Test func `a disjunction and its merge score alike`() throws {
        for number in 0..<200 {
            let words = ["oil", "gas", "tea", "coal"].enumerated().filter { number % ($0.offset + 2) == 0 }.map(
                \.element)
            let body = words.joined(separator: " x ") + String(repeating: " y", count: number % 7)
            try bench.add(Bench.article("n\(number)", body))
        }
        let fast = try bench.searcher().search("oil OR gas OR coal", limit: 200)
        let merged = try bench.searcher().search("(oil OR gas OR coal) NOT nothing", limit: 200)
        #expect(fast.total > 100)
        #expect(fast.hits == merged.hits)
        #expect(fast.hits.map(\.score) == fast.hits.map(\.score).sorted(by: >))
    }

    @Test func `sorting by date puts the latest first`() throws {
        try bench.add(
            Bench.article("old", "oil oil oil", published: "2025-02-01T00:00:00Z"),
            Bench.article("new", "oil", published: "2025-02-03T00:00:00Z"),
            Bench.article("middle", "oil", published: "2025-02-02T00:00:00Z"))
        #expect(try bench.titles("oil", order: .date) == ["new", "middle", "old"])
    }

    @Test func `sorting by arrival puts what came last first, whatever its date`() throws {
        try bench.add(
            Bench.article("one", "oil oil oil", uri: "u1", published: "2025-02-03T00:00:00Z"),
            Bench.article("two", "oil", published: "2025-02-01T00:00:00Z"), Bench.article("three", "oil"))
        #expect(try bench.titles("oil", order: .arrival) == ["three", "two", "one"])
        try bench.add(Bench.article("one again", "oil", uri: "u1", published: "2025-02-03T00:00:00Z"))
        #expect(try bench.titles("oil", order: .arrival) == ["one again", "three", "two"])
    }

    @Test func `with recency an article counts half at each half-life of its age`() throws {
        try bench.add(
            Bench.article("today", "oil and more", published: "2025-02-28T00:00:00Z"),
            Bench.article("to come", "oil and more", published: "2026-02-28T00:00:00Z"),
            Bench.article("a week", "oil and more", published: "2025-02-21T00:00:00Z"),
            Bench.article("two weeks", "oil and oil", published: "2025-02-14T00:00:00Z"),
            Bench.article("1925", "oil oil oil", published: "1925-02-21T00:00:00Z"),
            Bench.article("1924", "oil oil oil", published: "1924-02-21T00:00:00Z"))
        let now = try #require(Timestamp("2025-02-28T00:00:00Z"))
        func hits(_ query: String, days: Int, limit: Int = 10, cursor: String? = nil) throws -> SearchResults {
            let recency = SearchArrangement.Recency(halfLife: .seconds(days * 86_400), now: now)
            return try bench.searcher().search(
                query, limit: limit, by: .init(.relevance, recency: recency), cursor: cursor)
        }
        let plain = try bench.searcher().search("oil").hits
        let recent = try hits("oil", days: 7).hits
        #expect(Set(recent.prefix(2).compactMap(\.title)) == ["today", "to come"])
        #expect(recent.dropFirst(2).map(\.title) == ["a week", "two weeks", "1925", "1924"])
        func score(_ title: String, _ hits: [SearchResults.Hit]) -> Double {
            hits.first { $0.title == title }?.score ?? 0
        }
        for (title, factor) in [("today", 1.0), ("to come", 1), ("a week", 0.5), ("two weeks", 0.25)] {
            #expect(abs(score(title, recent) - factor * score(title, plain)) < 1e-6, "\(title)")
        }
        #expect(try hits("oil", days: 3650).hits.first?.title == "two weeks", "what is better outweighs two weeks")
        #expect(
            try hits("source:bbc", days: 7).hits.map(\.title).dropFirst(2)
                == ["a week", "two weeks", "1925", "1924"])
        let first = try hits("oil", days: 7, limit: 4)
        #expect(try hits("oil", days: 7, limit: 4, cursor: first.next).hits.map(\.title) == ["1925", "1924"])
        #expect(throws: SearchCursorError.self) { try hits("oil", days: 8, limit: 4, cursor: first.next) }
    }

    @Test func `a section is found as its publisher names it`() throws {
        try bench.add(
            Bench.article("1", "oil", section: "Home News"), Bench.article("2", "oil", section: "Sport"),
            Bench.article("3", "oil"), Bench.article("4", "oil", section: ""))
        #expect(try bench.titles("oil section:\"home news\"") == ["1"])
        #expect(try bench.titles("section:SPORT") == ["2"])
        #expect(try Set(bench.titles("oil -section:sport")) == ["1", "3", "4"])
        #expect(try bench.titles("section:home") == [])
        try bench.add(Bench.article("5", section: "Opera"))
        #expect(try bench.titles("section:opera") == ["5"])
    }

    @Test func `pages do not overlap and miss nothing`() throws {
        for number in 0..<250 { try bench.add(Bench.article("n\(number)", "oil")) }
        var seen: [String] = []
        for offset in stride(from: 0, to: 250, by: 30) {
            let page = try bench.searcher().search("oil", limit: 30, offset: offset)
            #expect(page.total == 250)
            seen += page.hits.compactMap(\.title)
        }
        #expect(seen.count == 250)
        #expect(Set(seen).count == 250)
        #expect(try bench.searcher().search("oil", limit: 10, offset: 250).hits.isEmpty)
    }

    @Test func `facets count sources, languages and days`() throws {
        try bench.add(
            Bench.article("1", "oil", source: "bbc", language: "en", published: "2025-02-01T23:59:59Z"),
            Bench.article("2", "oil", source: "dpa", language: "en", published: "2025-02-02T00:00:00Z"),
            Bench.article("3", "oil", source: "bbc", language: "de", published: "2025-02-02T10:00:00Z"),
            Bench.article("4", "tea", source: "bbc", language: "de", published: "1969-12-31T10:00:00Z"))
        let facets = try bench.searcher().facets("oil")
        #expect(facets.sources == [.init(value: "bbc", count: 2), .init(value: "dpa", count: 1)])
        #expect(facets.languages == [.init(value: "en", count: 2), .init(value: "de", count: 1)])
        #expect(facets.days == [.init(value: "2025-02-02", count: 2), .init(value: "2025-02-01", count: 1)])
        #expect(try bench.searcher().facets("tea").days == [.init(value: "1969-12-31", count: 1)])
    }

    private func marked(_ query: String) throws -> String {
        let hit = try #require(try bench.searcher().search(query).hits.first)
        return hit.snippet.segments.map { $0.isMarked ? "[\($0.text)]" : $0.text }.joined()
    }

    @Test func `a snippet marks what was looked for`() throws {
        let filler = (0..<60).map { "word\($0)" }.joined(separator: " ")
        let body = "Begin here. \(filler)\n\nThe Companies were running\n  well, <b>naïve</b> ones. \(filler)"
        try bench.add(Bench.article("A", body))
        #expect(try marked("run company").contains("The [Companies] were [running] well, <b>naïve</b> ones."))
        #expect(try marked("\"were running\"").contains("[were running]"))
        #expect(try marked("runn*").contains("[running]"))
        #expect(try marked("naive").contains("<b>[naïve]</b>"))
        #expect(try marked("run").hasPrefix("… "))
        #expect(try marked("run").hasSuffix(" …"))
        #expect(try marked("title:a").hasPrefix("Begin here. word0"))
    }

    @Test func `a snippet of a script without spaces marks letters`() throws {
        try bench.add(Bench.article("A", "关于中国人民银行的报道", language: "zh"))
        #expect(try marked("人民银行") == "关于中国[人民银行]的报道")
    }

    @Test(arguments: [
        "\" OR 1=1", "a\"b", "{title} : x", "x NEAR(y)", "^x", "a + b", "col:\"x\"", "'; DROP TABLE document; --",
        "\u{1}\u{2}", "x\u{1}y", "a*b", "((((", "title:\"", "-", "--", "NOT", "\\", "\u{0}",
    ])
    func `nothing that is typed reaches FTS5 as syntax`(query: String) throws {
        try bench.add(Bench.article("A", "x y a b"))
        do {
            _ = try bench.searcher().search(query)
        } catch is SearchSyntaxError {
            // A sentence for the person who typed it; an error of SQLite would not be one.
        }
        #expect(try bench.titles("x") == ["A"])
    }

    @Test func `a search that takes too long is ended, and the next one works`() throws {
        try bench.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000)
            INSERT INTO article_text(rowid, text) SELECT i, 'oil' || char(1) || 'gas' FROM n
            """)
        let searcher = try ArticleSearcher(
            connection: Connection(path: bench.path, mode: .readOnly), timeLimit: .microseconds(500))
        for query in ["oil OR gas", "oil gas", "oil NOT tea"] {
            #expect(throws: ArticleSearcher.TimeLimitExceeded.self, "\(query)") { try searcher.search(query) }
        }
        #expect(try searcher.search("nothing").total == 0)
    }

    @Test func `the answer is JSON`() throws {
        try bench.add(Bench.article("Say \"oil\"", "oil <&>", published: "2025-02-01T00:00:00Z"))
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(bench.searcher().search("oil").encode()))
        #expect(json["total"] == .integer(1))
        let hit = try #require(json["hits"]?.arrayValue?.first)
        #expect(hit["title"] == .string("Say \"oil\""))
        #expect(hit["published"] == .string("2025-02-01T00:00:00Z"))
        #expect(hit["snippet"]?.arrayValue?.first == .object(["text": .string("oil"), "mark": .boolean(true)]))
        #expect(
            json["facets"]?["source"]?.arrayValue?.first == .object(["value": .string("bbc"), "count": .integer(1)]))
    }
}
