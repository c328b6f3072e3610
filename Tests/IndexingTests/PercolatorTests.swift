import Articles
import Indexing
import TestSupport
import Testing

/// Saved searches turned round: what an article meets is what a search would find of it.
@Suite struct PercolatorTests {
    private func percolator(_ queries: String...) -> Percolator {
        Percolator(
            queries.enumerated().map {
                SavedSearch(name: "q\($0)", query: $1, created: Timestamp(milliseconds: 0))
            })
    }

    private func meets(_ query: String, _ article: Article) -> Bool {
        !percolator(query).matches(article, time: 1_700_000_000_000).isEmpty
    }

    @Test(arguments: [
        ("run", true), ("RUNNING", true), ("runni*", true), ("\"running shoe\"", true), ("\"shoe running\"", false),
        ("\"runs\"", false), ("title:ferry", true), ("title:shoe", false), ("byline:aalto", true),
        ("keyword:harbour", true), ("shoe -ferry", false), ("shoe -plane", true), ("(plane OR shoe) shop", true),
        ("source:BBC", true), ("source:cnn shoe", false), ("section:\"Home news\" shoe", true), ("section:home", false),
        ("lang:en shoe", true), ("lang:de", false),
        ("after:2025-02-01 shoe", true), ("before:2025-02-01 shoe", false), ("NOT plane", true), ("plane", false),
        ("\"shoe shops\" OR plane", true), ("\"running sho\"*", true), ("-shoe", false),
    ])
    func `an article meets what would find it`(_ query: String, _ isMet: Bool) {
        var article = Bench.article(
            "The ferry", "The company was running shoe shops.", published: "2025-02-26T03:27:00Z")
        article.bylines = ["Ines Aalto"]
        article.keywords = ["harbour"]
        article.section = "Home News"
        #expect(meets(query, article) == isMet)
    }

    @Test func `words are looked for in the forms of the article's language`() {
        let german = Bench.article("A", "Die Häuser der Stadt", language: "de-AT")
        #expect(meets("Haus", german))
        #expect(meets("hauser", german))
        #expect(!meets("Haus", Bench.article("A", "Die Häuser der Stadt", language: "und")))
        #expect(meets("人民", Bench.article("A", "中国人民银行", language: "zh")))
        #expect(!meets("国民", Bench.article("A", "中国人民银行", language: "zh")))
        #expect(meets("行", Bench.article("A", "中国人民银行", language: "zh")))
    }

    @Test func `one that does not parse is left out, and the others are met`() {
        let percolator = percolator("(", "shoe", "a OR source:b", "run")
        #expect(percolator.count == 2)
        #expect(percolator.matches(Bench.article("A", "A shoe runs"), time: 0) == ["q1", "q3"])
        #expect(percolator.matches(Bench.article("A", "A plane"), time: 0) == [])
        #expect(percolator.matches(Bench.article("A", "shoe"), time: 0) == ["q1"], "nothing of an article stays")
    }

    @Test func `whatever is asked, saved and searched is the same`() throws {
        var generator = SeededGenerator(seed: 11)
        let words = ["oil", "oils", "bank", "banking", "gas", "trade", "traded", "wheat", "tax", "new", "news"]
        func word() -> String { words.randomElement(using: &generator) ?? "oil" }
        func query(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &generator) {
            case 0, 1: word()
            case 2: "\"\(word()) \(word())\""
            case 3: "\(word().prefix(2))*"
            case 4: "title:\(word())"
            case 5: "(\(query(depth - 1)) OR \(query(depth - 1)))"
            case 6: "(\(query(depth - 1)) \(query(depth - 1)))"
            case 7: "(\(query(depth - 1)) NOT \(word()))"
            default: "\(query(depth - 1)) source:\(["bbc", "cnn"].randomElement(using: &generator) ?? "bbc")"
            }
        }
        let bench = try Bench()
        var articles: [Article] = []
        for number in 0..<60 {
            let text = (0..<8).map { _ in word() }.joined(separator: " ")
            let article = Bench.article(
                "t\(number) \(word())", text, source: ["bbc", "cnn"].randomElement(using: &generator) ?? "bbc")
            try bench.add(article)
            articles.append(article)
        }
        let queries = (0..<400).map { _ in query(3) }
        let percolator = Percolator(
            queries.enumerated().map { SavedSearch(name: "\($0)", query: $1, created: Timestamp(milliseconds: 0)) })
        var met = Array(repeating: Set<String>(), count: queries.count)
        for article in articles {
            for name in percolator.matches(article, time: 0) { met[Int(name) ?? 0].insert(article.title ?? "") }
        }
        var compared = 0
        for (number, query) in queries.enumerated() {
            guard let hits = try? bench.searcher().search(query, limit: 100).hits else { continue }
            compared += 1
            #expect(met[number] == Set(hits.map { $0.title ?? "" }), "\(query)")
        }
        #expect(compared > 200)
    }
}
