import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite

/// The index against plain FTS5 (contentless, unicode61, the record beside it), in one run on the same articles.
enum IndexBenchmark {
    private static let words = [
        "oil", "bank", "wheat", "dollar", "shares", "trade", "japan", "profit", "loss", "company", "grain", "crude",
        "tax", "stock", "market", "government", "prices", "money", "interest", "agreement", "coffee", "sugar", "merger",
        "dividend", "exports",
    ]

    /// Runs all stages on `articles` with databases in `folder`, and returns the lines of the table.
    static func run(_ articles: [Article], folder: String) throws -> [String] {
        let records = articles.map { $0.encodeRecord() }
        var lines: [String] = []
        var rates: [String: Double] = [:]
        for batch in [200, 1] {
            // A commit each is slow enough to be measured on fewer.
            let count = batch == 1 ? min(articles.count, 4000) : articles.count
            rates["plain \(batch)"] = try writePlain(articles, records, count, batch, "\(folder)/plain-\(batch).sqlite")
            rates["index \(batch)"] = try writeIndex(articles, records, count, batch, "\(folder)/index-\(batch).sqlite")
            let plain = rates["plain \(batch)"] ?? 1
            let index = rates["index \(batch)"] ?? 0
            lines.append(
                "index, commit every \(batch): \(Int(index)) articles/s; plain FTS5 \(Int(plain)); ratio \(round(index / plain))"
            )
        }
        let reader = try Connection(path: "\(folder)/plain-200.sqlite", mode: .readOnly)
        let searcher = try ArticleSearcher(connection: Connection(path: "\(folder)/index-200.sqlite", mode: .readOnly))
        _ = try searcher.search("warm")
        for (name, joint, count) in [("OR of 3", " OR ", 3), ("AND of 2", " AND ", 2), ("one word", "", 1)] {
            let queries = queries(joint: joint, count: count)
            let plain = try times(queries) { query in
                try reader.statement(
                    """
                    SELECT rowid, bm25(article_text, 6, 1) AS score FROM article_text WHERE article_text MATCH ?
                    ORDER BY score LIMIT 10
                    """
                ).bind(1, query).forEachRow { _ in }
            }
            let hits = try times(queries) { _ = try searcher.search($0) }
            let ranking = try times(queries) { _ = try searcher.facets($0) }
            lines.append(
                "search, \(name): p50 \(round(hits.p50)) ms, p99 \(round(hits.p99)) with snippets and facets, "
                    + "\(round(ranking.p50)) without hits; bm25() p50 \(round(plain.p50)), p99 \(round(plain.p99)); "
                    + "ratios \(round(hits.p50 / plain.p50)), \(round(ranking.p50 / plain.p50))")
        }
        return lines
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
        return try rate(count, batch, connection) { number in
            try connection.statement("INSERT INTO record VALUES (?, ?)").bind(1, number + 1).bind(2, records[number])
                .run()
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

    private static func rate(
        _ count: Int, _ batch: Int, _ connection: Connection, _ write: (Int) throws -> Void, finish: () throws -> Void
    ) throws -> Double {
        let began = ContinuousClock.now
        for start in stride(from: 0, to: count, by: batch) {
            try connection.transaction {
                for number in start..<min(start + batch, count) { try write(number) }
                try finish()
            }
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

    private static func round(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
