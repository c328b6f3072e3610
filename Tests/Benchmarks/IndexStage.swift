import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite

/// The index against plain FTS5 (contentless, unicode61, the same compressed record beside it) on the same articles.
enum IndexStage: Stage {
    static let name = "index"

    private static let words = [
        "oil", "bank", "wheat", "dollar", "shares", "trade", "japan", "profit", "loss", "company", "grain", "crude",
        "tax", "stock", "market", "government", "prices", "money", "interest", "agreement", "coffee", "sugar", "merger",
        "dividend", "exports",
    ]

    static func run(in workspace: Workspace) throws -> [Row] {
        let folder = try workspace.folder("index")
        defer { workspace.remove(folder) }
        let articles = try workspace.corpus.articles(20_000)
        let records = articles.map { $0.encodeRecord() }
        var rows: [Row] = []
        for batch in [200, 1] {
            // A commit each is slow enough to be measured on fewer.
            let count = batch == 1 ? min(articles.count, 4000) : articles.count
            let index = try writeIndex(articles, records, count, batch, "\(folder)/index-\(batch).sqlite")
            let plain = try writePlain(articles, records, count, batch, "\(folder)/plain-\(batch).sqlite")
            rows.append(
                Row(
                    name, "\(count) articles, a commit every \(batch)", rounds: [(index, plain)], "articles/s",
                    bar: .atLeast(1)))
        }
        rows.append(try savedSearches(articles, records, in: folder))
        let reader = try Connection(path: "\(folder)/plain-200.sqlite", mode: .readOnly)
        let searcher = try ArticleSearcher(connection: Connection(path: "\(folder)/index-200.sqlite", mode: .readOnly))
        _ = try searcher.search("warm")
        for (what, joint, count) in [("OR of three words", " OR ", 3), ("AND of two", " AND ", 2), ("one word", "", 1)]
        {
            let queries = queries(joint: joint, count: count)
            let plain = try times(queries) { query in
                try reader.statement(
                    """
                    SELECT rowid, bm25(article_text, 6, 1) AS score FROM article_text WHERE article_text MATCH ?
                    ORDER BY score LIMIT 10
                    """
                ).bind(1, query).forEachRow { _ in }
            }
            let found = try times(queries) { _ = try searcher.search($0) }
            rows.append(
                Row(
                    name, "search, \(what), snippets and facets, p50", rounds: [(found.p50, plain.p50)], "ms",
                    bar: joint == " OR " ? .under(0.25) : nil))
            rows.append(
                Row(name, "search, \(what), snippets and facets, p99", rounds: [(found.p99, plain.p99)], "ms"))
        }
        return rows
    }

    private static func writePlain(
        _ articles: [Article], _ records: [[UInt8]], _ count: Int, _ batch: Int, _ path: String
    ) throws -> Double {
        let connection = try Connection(path: path)
        try connection.configure(durability: .full)
        try connection.execute(
            """
            CREATE TABLE record(number INTEGER PRIMARY KEY, bytes BLOB);
            CREATE VIRTUAL TABLE article_text USING fts5(title, text, content='')
            """)
        let packer = RecordPacker()
        return try rate(count, batch, connection) { number in
            try connection.statement("INSERT INTO record VALUES (?, ?)").bind(1, number + 1)
                .bind(2, packer.stored(records[number])).run()
            try connection.statement("INSERT INTO article_text(rowid, title, text) VALUES (?, ?, ?)")
                .bind(1, number + 1).bind(2, articles[number].title).bind(3, articles[number].body).run()
        } finish: {
        }
    }

    private static func writeIndex(
        _ articles: [Article], _ records: [[UInt8]], _ count: Int, _ batch: Int, _ path: String
    ) throws -> Double {
        let connection = try Connection(path: path)
        try connection.configure(durability: .full)
        let index = try ArticleIndex(connection: connection)
        try index.prepare()
        let stream = StreamID.random()
        return try rate(count, batch, connection) { number in
            let position = Position(
                stream: stream, epoch: 1, seq: UInt64(number + 1), timeMilliseconds: Int64(number) * 1000)
            try connection.execute("SAVEPOINT article")
            _ = try index.apply(articles[number], bytes: records[number], at: position)
            try connection.execute("RELEASE article")
        } finish: {
            try index.writeText()
        }
    }

    /// The indexing worker with so many saved searches, against itself without.
    private static func savedSearches(
        _ articles: [Article], _ records: [[UInt8]], in folder: String
    ) throws -> Row {
        let path = "\(folder)/saved.sqlite"
        let store = try SavedSearchStore(path: path)
        for (number, query) in standingQueries(articles, count: 5000).enumerated() {
            _ = try store.save(SavedSearch(name: "q\(number)", query: query, created: Timestamp(milliseconds: 0)))
        }
        var matches = 0
        func rate(_ searches: String, _ database: String) throws -> Double {
            let indexer = try Indexer(savedSearches: searches) { matches += $0.count }
            let connection = try Connection(path: database)
            try connection.configure(durability: .full)
            try indexer.prepare(connection)
            let stream = StreamID.random()
            return try self.rate(articles.count, 200, connection) { number in
                let position = Position(
                    stream: stream, epoch: 1, seq: UInt64(number + 1), timeMilliseconds: Int64(number) * 1000)
                _ = try indexer.apply(
                    WorkItem(position: position, bytes: records[number], article: articles[number]))
            } finish: {
                try indexer.willCommit()
            } committed: {
                try indexer.didCommit()
            }
        }
        let with = try rate(path, "\(folder)/with.sqlite")
        let without = try rate("\(folder)/none.sqlite", "\(folder)/without.sqlite")
        return Row(
            name, "with 5000 saved searches, \(matches) matches, to without", rounds: [(with, without)], "articles/s",
            bar: .atLeast(0.7))
    }

    /// Searches as people save them: two words, phrases, beginnings, choices from one source. They are of a headline's rarest
    /// words: who saves a search is after something, and not after every hundredth article.
    private static func standingQueries(_ articles: [Article], count: Int) -> [String] {
        func wordsOfTitle(_ article: Article) -> [String] {
            (article.title ?? "news").split { !$0.isLetter }.map { $0.lowercased() }
                .filter { $0.count > 3 && $0 != "with" && $0 != "from" }
        }
        var frequency: [String: Int] = [:]
        for article in articles { for word in Set(wordsOfTitle(article)) { frequency[word, default: 0] += 1 } }
        var state: UInt64 = 99
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, bound)
        }
        func draw() -> (words: [String], rarest: [String]) {
            var words = wordsOfTitle(articles[next(articles.count)])
            while words.count < 2 { words.append("news") }
            return (words, words.sorted { (frequency[$0] ?? 0, $0) < (frequency[$1] ?? 0, $1) })
        }
        return (0..<count).map { number in
            let (words, rarest) = draw()
            let (first, second) = (rarest[0], rarest[1])
            return switch number % 10 {
            case 0, 1: "\"\(words[0]) \(words[1])\""
            case 2: "\(first) \(second.prefix(4))*"
            case 3: "(\(first) OR \(draw().rarest[0])) source:\(articles[next(articles.count)].source)"
            case 4: "title:\(first) \(second) -\(words[0])x"
            default: "\(first) \(second)"
            }
        }
    }

    private static func rate(
        _ count: Int, _ batch: Int, _ connection: Connection, _ write: (Int) throws -> Void, finish: () throws -> Void,
        committed: () throws -> Void = {}
    ) throws -> Double {
        let began = ContinuousClock.now
        for start in stride(from: 0, to: count, by: batch) {
            try connection.transaction {
                for number in start..<min(start + batch, count) { try write(number) }
                try finish()
            }
            try committed()
        }
        return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
    }

    /// Queries of words drawn by a fixed rule, so that runs can be compared.
    private static func queries(joint: String, count: Int) -> [String] {
        var state: UInt64 = 12345
        return (0..<200).map { _ in
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return words[Int(state >> 33) % words.count]
            }.joined(separator: joint)
        }
    }

    private static func times(_ queries: [String], _ body: (String) throws -> Void) throws -> (p50: Double, p99: Double)
    {
        var times: [Double] = []
        for query in queries {
            let began = ContinuousClock.now
            try body(query)
            times.append((ContinuousClock.now - began) / .milliseconds(1))
        }
        times.sort()
        return (times[times.count / 2], times[times.count * 99 / 100])
    }

}
