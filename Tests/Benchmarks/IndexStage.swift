import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite

/// The index against plain FTS5 (contentless, unicode61, the same compressed record beside it) on the same articles.
enum IndexStage: Stage {
    static let name = "index"

    private static let rounds = 3

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
            let rounds = try (0..<Self.rounds).map { round in
                let index = try writeIndex(articles, records, count, batch, "\(folder)/index-\(batch)-\(round).sqlite")
                let plain = try writePlain(articles, records, count, batch, "\(folder)/plain-\(batch)-\(round).sqlite")
                return (index, plain)
            }
            rows.append(
                Row(
                    name, "\(count) articles, a commit every \(batch)", rounds: rounds, "articles/s",
                    bar: .atLeast(1)))
        }
        rows.append(try savedSearches(articles, records, in: folder))
        let reader = try Connection(path: "\(folder)/plain-200-0.sqlite", mode: .readOnly)
        let searcher = try ArticleSearcher(
            connection: Connection(path: "\(folder)/index-200-0.sqlite", mode: .readOnly))
        _ = try searcher.search("warm")
        for (what, joint, count) in [("OR of three words", " OR ", 3), ("AND of two", " AND ", 2), ("one word", "", 1)]
        {
            let queries = queries(joint: joint, count: count)
            func plain(_ query: String) throws {
                try reader.statement(
                    """
                    SELECT rowid, bm25(article_text, 6, 1) AS score FROM article_text WHERE article_text MATCH ?
                    ORDER BY score LIMIT 10
                    """
                ).bind(1, query).forEachRow { _ in }
            }
            func add(_ what: String, _ own: (String) throws -> Void) throws {
                let rounds = try (0..<Self.rounds).map { _ in (try times(queries, own), try times(queries, plain)) }
                rows.append(
                    Row(
                        name, "search, \(what), p50", rounds: rounds.map { ($0.p50, $1.p50) }, "ms",
                        bar: joint == " OR " ? .under(0.25) : nil))
                rows.append(Row(name, "search, \(what), p99", rounds: rounds.map { ($0.p99, $1.p99) }, "ms"))
            }
            try add("\(what), snippets and facets") { _ = try searcher.search($0) }
            // bm25() does no more than that.
            if joint == " OR " { try add("\(what), ranked and counted") { _ = try searcher.facets($0) } }
        }
        return rows
    }

    private static func writePlain(
        _ articles: [Article], _ records: [[UInt8]], _ count: Int, _ batch: Int, _ path: String
    ) throws -> Double {
        let connection = try Connection(path: path)
        try connection.configure(durability: .full, pageBytes: StatefulWorker.pageBytes)
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
        try connection.configure(durability: .full, pageBytes: StatefulWorker.pageBytes)
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
            try connection.configure(durability: .full, pageBytes: StatefulWorker.pageBytes)
            try indexer.prepare(connection)
            let stream = StreamID.random()
            func index(_ number: Int) throws {
                let position = Position(
                    stream: stream, epoch: 1, seq: UInt64(number + 1), timeMilliseconds: Int64(number) * 1000)
                _ = try indexer.apply(
                    WorkItem(position: position, bytes: records[number], article: articles[number]))
            }
            // The searches are read with the first article, and again only when they are changed.
            try connection.transaction {
                try index(articles.count - 1)
                try indexer.willCommit()
            }
            try indexer.didCommit()
            return try self.rate(articles.count - 1, 200, connection) { number in
                try index(number)
            } finish: {
                try indexer.willCommit()
            } committed: {
                try indexer.didCommit()
            }
        }
        let rounds = try (0..<Self.rounds).map { round in
            let with = try rate(path, "\(folder)/with-\(round).sqlite")
            return (with, try rate("\(folder)/none.sqlite", "\(folder)/without-\(round).sqlite"))
        }
        return Row(
            name, "with 5000 saved searches, \(matches / Self.rounds) matches, to without", rounds: rounds,
            "articles/s",
            bar: .atLeast(0.7))
    }

    /// Searches as people save them: for somebody or something by name, alone, with a word beside it, in headlines, from one
    /// source, or one of two. A name is two words with capital letters that follow each other; each is as likely as any
    /// other that stands in at least two articles.
    private static func standingQueries(_ articles: [Article], count: Int) -> [String] {
        var random = Draw(state: 99)
        var articlesOf: [String: Int] = [:]
        var words: [String] = []
        for article in articles {
            let (names, word) = names(in: article)
            for name in names { articlesOf[name, default: 0] += 1 }
            if let word { words.append(word) }
        }
        let names = articlesOf.filter { $0.value > 1 }.keys.sorted()
        guard !names.isEmpty, !words.isEmpty else { return (0..<count).map { "\"nobody \($0)\"" } }
        return (0..<count).map { number in
            let name = names[random.next(names.count)]
            let other = names[random.next(names.count)]
            let word = words[random.next(words.count)]
            return switch number % 10 {
            case 0: "\"\(name)\" \(word)"
            case 1: "\"\(name)\" -\(word)"
            case 2: "title:\"\(name)\""
            case 3: "\"\(name)\" OR \"\(other)\""
            case 4: "(\"\(name)\" OR \"\(other)\") source:\(articles[random.next(articles.count)].source)"
            case 5: "\"\(name)\" \(word.prefix(5))*"
            default: "\"\(name)\""
            }
        }
    }

    /// The names in an article's text, and its longest word.
    private static func names(in article: Article) -> (Set<String>, String?) {
        var names: Set<String> = []
        var last: Substring?
        var longest: Substring = ""
        for word in (article.body ?? article.title ?? "").split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            let isName = word.first?.isUppercase == true && word.count > 2 && word.allSatisfy(\.isLetter)
            if isName, let last { names.insert("\(last) \(word)") }
            last = isName ? word : nil
            if word.count > longest.count, word.allSatisfy(\.isLetter) { longest = word }
        }
        return (names, longest.isEmpty ? nil : String(longest))
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

    private static func queries(joint: String, count: Int) -> [String] {
        var random = Draw(state: 12345)
        return (0..<200).map { _ in (0..<count).map { _ in words[random.next(words.count)] }.joined(separator: joint) }
    }

    /// Numbers by a fixed rule (that of Knuth's MMIX), so that runs can be compared.
    private struct Draw {
        var state: UInt64

        /// A number below a bound.
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
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
