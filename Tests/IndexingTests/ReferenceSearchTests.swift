import Articles
import Foundation
import Indexing
import SQLite
import TestSupport
import Testing

/// Random queries on random articles against a search that reads every article for every query.
@Suite(.timeLimit(.minutes(10))) struct ReferenceSearchTests {
    /// An article as the reference sees it: the words of each column.
    private struct Document {
        let article: Article
        let columns: [[String]]

        init(_ article: Article) {
            self.article = article
            func words(_ text: String?) -> [String] { (text ?? "").split(separator: " ").map { $0.lowercased() } }
            columns = [
                words(article.title), words(article.body), words(article.bylines.joined(separator: " ")),
                words([article.section].compactMap { $0 }.joined() + " " + article.keywords.joined(separator: " ")),
            ]
        }

        var length: Int { columns.map(\.count).reduce(0, +) }
    }

    private struct Phrase {
        let words: [String]
        let isPrefix: Bool
        let column: Int?

        func count(in document: Document, _ index: Int) -> Int {
            if let column, column != index { return 0 }
            let text = document.columns[index]
            guard text.count >= words.count else { return 0 }
            return (0...text.count - words.count).count { start in
                words.indices.allSatisfy {
                    isPrefix && $0 == words.count - 1
                        ? text[start + $0].hasPrefix(words[$0]) : text[start + $0] == words[$0]
                }
            }
        }

        func weight(in document: Document) -> Double {
            zip([6, 1, 2, 3], document.columns.indices).map { $0 * Double(count(in: document, $1)) }.reduce(0, +)
        }

        var text: String {
            let field = column.map { ["title:", "", "byline:", "keyword:"][$0] } ?? ""
            return field + (words.count > 1 ? "\"\(words.joined(separator: " "))\"" : words[0]) + (isPrefix ? "*" : "")
        }
    }

    private indirect enum Query {
        case phrase(Phrase)
        case all(Query, Query)
        case any(Query, Query)
        case without(Query, Query)

        var text: String {
            switch self {
            case .phrase(let phrase): phrase.text
            case .all(let first, let second): "(\(first.text) \(second.text))"
            case .any(let first, let second): "(\(first.text) OR \(second.text))"
            case .without(let first, let second): "(\(first.text) NOT \(second.text))"
            }
        }

        func finds(_ document: Document) -> Bool {
            switch self {
            case .phrase(let phrase): phrase.weight(in: document) > 0
            case .all(let first, let second): first.finds(document) && second.finds(document)
            case .any(let first, let second): first.finds(document) || second.finds(document)
            case .without(let first, let second): first.finds(document) && !second.finds(document)
            }
        }

        /// What speaks for an article.
        var phrases: [Phrase] {
            switch self {
            case .phrase(let phrase): [phrase]
            case .all(let first, let second), .any(let first, let second): first.phrases + second.phrases
            case .without(let first, _): first.phrases
            }
        }

        /// Each of its phrases speaks for whatever it stands in. Where choices and other conditions are mixed, FTS5 passes over
        /// phrases that decide nothing.
        var isPlain: Bool {
            switch self {
            case .phrase: true
            case .any(let first, let second): first.isChoice && second.isChoice
            case .all(let first, let second): first.isConjunction && second.isConjunction
            case .without(let first, _): first.isChoice || first.isConjunction
            }
        }

        private var isChoice: Bool {
            switch self {
            case .phrase: true
            case .any(let first, let second): first.isChoice && second.isChoice
            case .all, .without: false
            }
        }

        private var isConjunction: Bool {
            switch self {
            case .phrase: true
            case .all(let first, let second): first.isConjunction && second.isConjunction
            case .any, .without: false
            }
        }
    }

    private struct Filter {
        let text: String
        let passes: (Article) -> Bool
    }

    private static let words = ["oil", "oils", "oilfield", "gas", "gasoline", "tea", "coal", "bank"]

    private static func query(_ depth: Int, _ random: inout SeededGenerator) -> Query {
        func word() -> String { words.randomElement(using: &random) ?? "oil" }
        switch Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &random) {
        case 0: return .phrase(Phrase(words: [word()], isPrefix: false, column: nil))
        case 1:
            return .phrase(Phrase(words: [word(), word()], isPrefix: Bool.random(using: &random), column: nil))
        case 2: return .phrase(Phrase(words: [String(word().prefix(3))], isPrefix: true, column: nil))
        case 3:
            return .phrase(Phrase(words: [word()], isPrefix: false, column: [0, 2, 3].randomElement(using: &random)))
        case 4, 5: return .any(query(depth - 1, &random), query(depth - 1, &random))
        case 6: return .all(query(depth - 1, &random), query(depth - 1, &random))
        default: return .without(query(depth - 1, &random), query(depth - 1, &random))
        }
    }

    private static func filter(_ random: inout SeededGenerator) -> Filter {
        let day = Int.random(in: 1...9, using: &random)
        guard let moment = Timestamp(year: 2025, month: 2, day: day) else { preconditionFailure("a day of February") }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return Filter(text: " source:cnn") { $0.source == "cnn" }
        case 1: return Filter(text: " -section:\"home news\"") { $0.section != "Home News" }
        case 2: return Filter(text: " after:2025-02-0\(day)") { $0.published.map { $0 >= moment } ?? false }
        case 3: return Filter(text: " before:2025-02-0\(day)") { $0.published.map { $0 < moment } ?? true }
        default: return Filter(text: "") { _ in true }
        }
    }

    private static func article(_ number: Int, _ random: inout SeededGenerator) -> Article {
        func text(_ count: ClosedRange<Int>) -> String {
            (0..<Int.random(in: count, using: &random)).map { _ in words.randomElement(using: &random) ?? "oil" }
                .joined(separator: " ")
        }
        var article = Bench.article(
            "nr\(number) " + text(0...2), text(0...15), source: ["bbc", "cnn"].randomElement(using: &random) ?? "bbc",
            language: "und", uri: "u\(Int.random(in: 0..<45, using: &random))",
            published: "2025-02-0\(Int.random(in: 1...9, using: &random))T00:00:00Z",
            section: [nil, "Sport", "Home News"].randomElement(using: &random) ?? nil)
        if Bool.random(using: &random) { article.bylines = [text(1...2)] }
        article.keywords = Bool.random(using: &random) ? [text(1...2)] : []
        if Int.random(in: 0..<8, using: &random) == 0 { article.pubStatus = .withheld }
        article.deriveID()
        return article
    }

    /// What should be shown, in the order of arrival, and the number and mean length of all that are kept.
    private struct Archive {
        var shown: [Document] = []
        var lengths: [Int] = []
    }

    /// Fills a bench with articles, versions, kills and what is withheld.
    private static func fill(_ bench: Bench, _ random: inout SeededGenerator) throws -> Archive {
        var shown: [String: (number: Int, document: Document)] = [:]
        var killed: Set<String> = []
        for number in 0..<150 {
            let article = article(number, &random)
            let key = "\(article.source) \(article.uri ?? "")"
            if Int.random(in: 0..<12, using: &random) == 0 {
                try bench.kill(article.uri ?? "", source: article.source)
                killed.insert(key)
                shown[key] = nil
                continue
            }
            try bench.add(article)
            guard !killed.contains(key) else { continue }
            shown[key] = article.pubStatus == .usable ? (number, Document(article)) : nil
        }
        let documents = shown.values.sorted { $0.number < $1.number }.map(\.document)
        var archive = Archive(shown: documents)
        try bench.connection.prepare("SELECT words FROM document WHERE words>0").forEachRow {
            archive.lengths.append($0.int(0))
        }
        return archive
    }

    /// BM25 with the weights of the columns.
    private static func score(_ document: Document, _ query: Query, _ archive: Archive) -> Double {
        let mean = Double(archive.lengths.reduce(0, +)) / Double(archive.lengths.count)
        return query.phrases.map { phrase in
            let weight = phrase.weight(in: document)
            let holders = Double(archive.shown.count { phrase.weight(in: $0) > 0 })
            let count = max(Double(archive.lengths.count), holders)
            let rarity = log(1 + (count - holders + 0.5) / (holders + 0.5))
            return rarity * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * Double(document.length) / mean))
        }.reduce(0, +)
    }

    @Test(arguments: 1...3)
    func `what is found, and in which order, is what reading everything finds`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bench = try Bench()
        let archive = try Self.fill(bench, &random)
        #expect(archive.shown.count > 20)
        #expect(
            try Set(bench.searcher().search("title:nr*", limit: 200).hits.map(\.id))
                == Set(archive.shown.map(\.article.id.description)))
        var found = 0
        var scored = 0
        for _ in 0..<80 {
            let (query, filter) = (Self.query(3, &random), Self.filter(&random))
            let expected = archive.shown.filter { query.finds($0) && filter.passes($0.article) }
            // Its own counts of words, as nobody searched before.
            let searcher = try ArticleSearcher(
                connection: Connection(path: bench.path, mode: .readOnly), timeLimit: .seconds(20))
            let text = query.text + filter.text
            let arrived = try searcher.search(text, limit: 200, by: .init(.arrival))
            #expect(arrived.hits.map(\.id) == expected.reversed().map(\.article.id.description), "\(text)")
            #expect(arrived.total == expected.count)
            let dated = try searcher.search(text, limit: 200, by: .init(.date))
            let dates = dated.hits.map { $0.published?.milliseconds ?? 0 }
            #expect(dates == dates.sorted(by: >))
            #expect(Set(dated.hits.map(\.id)) == Set(arrived.hits.map(\.id)))
            let ranked = try searcher.search(text, limit: 200).hits
            #expect(ranked.count == expected.count)
            #expect(ranked.map(\.score) == ranked.map(\.score).sorted(by: >))
            found += expected.count
            guard query.isPlain else { continue }
            scored += ranked.count
            for document in expected {
                let score = ranked.first { $0.id == document.article.id.description }?.score ?? -1
                #expect(abs(score - Self.score(document, query, archive)) < 1e-4, "\(text)")
            }
        }
        #expect(found > 200)
        #expect(scored > 100)
    }
}
