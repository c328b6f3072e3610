import Articles
import Messaging
import SQLite
import Status

/// A store that is filled behind the service's back: with rows as it writes them, in large transactions.
struct FilledStore {
    /// Something that a page or the API asks.
    struct Question {
        var what: String
        var ask: (StoreReader, _ number: Int) throws -> Void
    }

    let count: Int
    let bytes: Int
    let stream: StreamID
    let texts: [String]
    private static let start: Int64 = 1_740_000_000_000
    /// One in a thousand summaries failed, one in ten articles is a near duplicate.
    private static let sources = 500

    /// Takes one that was filled before.
    init(filledBefore path: String, articles: [Article]) throws {
        let connection = try Connection(path: path)
        count = Int(try connection.scalar("SELECT max(row) FROM article") ?? 0)
        texts = FilledStore.texts(of: articles)
        let name = try connection.statement("SELECT name FROM stream WHERE id=1")
        guard try name.step(), let stream = StreamID(name.string(0)) else {
            throw Options.Problem(description: "'\(path)' is no store of this stage")
        }
        self.stream = stream
        bytes = try FilledStore.bytes(of: connection)
    }

    private static func texts(of articles: [Article]) -> [String] {
        articles.map { String(($0.body ?? "").prefix(1200)) }
    }

    private static func bytes(of connection: Connection) throws -> Int {
        Int((try connection.scalar("PRAGMA page_count") ?? 0) * (try connection.scalar("PRAGMA page_size") ?? 0))
    }

    /// Fills a store that is empty.
    init(path: String, count: Int, articles: [Article]) throws {
        self.count = count
        stream = StreamID.random()
        texts = FilledStore.texts(of: articles)
        let connection = try Connection(path: path)
        try connection.configure(durability: .normal, cacheKiB: 512 << 10)
        // Indexes with keys in no order are made at the end, sorted.
        var indexes: [(name: String, sql: String)] = []
        try connection.statement(
            "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name IN ('article', 'file')"
        ).forEachRow { indexes.append(($0.string(0), $0.string(1))) }
        for index in indexes { try connection.execute("DROP INDEX \(index.name)") }
        try connection.execute(
            """
            INSERT INTO stream(id, name) VALUES (1, '\(stream)');
            INSERT INTO kind(id, name) VALUES (1, 'deduplicate'), (2, 'index'), (3, 'summarize');
            CREATE TEMP TABLE words(i INTEGER PRIMARY KEY, text TEXT);
            """)
        for (number, text) in texts.enumerated() {
            try connection.statement("INSERT INTO words VALUES (?, ?)").bind(1, number).bind(2, text).run()
        }
        for first in stride(from: 1, through: count, by: 100_000) {
            try connection.transaction {
                try FilledStore.fill(connection, first...min(first + 99_999, count), articles.count)
            }
            if first % 1_000_000 == 1 { Benchmark.say("  \(first - 1)") }
        }
        for index in indexes { try connection.execute(index.sql) }
        try connection.execute(
            "INSERT OR REPLACE INTO meta(k, v) VALUES ('articles_counted_to', \(count + 1))")
        _ = try connection.emptyLog()
        bytes = try FilledStore.bytes(of: connection)
    }

    private static func fill(_ connection: Connection, _ range: ClosedRange<Int>, _ texts: Int) throws {
        let numbers = """
            WITH RECURSIVE n(i) AS (SELECT \(range.lowerBound) UNION ALL SELECT i+1 FROM n WHERE i<\(range.upperBound))
            """
        // Ninety days, an article each 0.78 s where there are ten million.
        let time = "\(start)+i*778"
        let source = "'source-'||((i*7919)%\(sources)*((i*7919)%\(sources))/\(sources))"
        try connection.execute(
            """
            \(numbers) INSERT INTO article(row, stream, epoch, seq, time_ms, id, source, uri, title, language, published_ms,
                received_ms, path, standing, record)
            SELECT i, 1, 1, 2*i-1, \(time), id, \(source), CASE WHEN i%2 THEN 'urn:news:'||i END, 'Article '||i||' of many',
                CASE WHEN i%1000=0 THEN 'fi' WHEN i%3=0 THEN 'de' ELSE 'en' END, \(time)-3600000, \(time)-1000,
                'day-'||(i/111111)||'/article-'||i||'.xml', CASE WHEN i%50=0 THEN 1 ELSE 0 END,
                CAST('{"v":1,"type":"article","id":"'||lower(hex(id))||'","source":"s","body":"'||text||'"}' AS BLOB)
            FROM (SELECT i, randomblob(16) AS id, (SELECT text FROM words WHERE words.i=n.i%\(texts)) AS text FROM n);
            \(numbers) INSERT INTO file(row, stream, epoch, seq, time_ms, directory, path, outcome, first_seq, last_seq, record)
            SELECT i, 1, 1, 2*i, \(time), '/srv/drop/'||(i%20), 'day-'||(i/111111)||'/article-'||i||'.xml',
                CASE WHEN i%5000=0 THEN 'quarantined' ELSE 'published' END, 2*i-1, 2*i-1,
                CAST('{"v":1,"type":"file","source":"s","path":"article-'||i||'.xml","directory":"/srv/drop",'
                    ||'"outcome":"published","sha256":"'||hex(randomblob(32))||'","bytes":1500}' AS BLOB) FROM n;
            \(numbers) INSERT INTO result(stream, epoch, seq, kind, gen, attempt, status, time_ms, verdict, dead, record, places)
            SELECT 1, 1, 2*i-1, kind, 1, 1, CASE WHEN kind=3 AND i%1000=0 THEN 'failed' ELSE 'ok' END, \(time)+500,
                CASE WHEN kind=1 THEN CASE WHEN i%1000=0 THEN 'revision' WHEN i%10=0 THEN 'near' ELSE 'unique' END END,
                kind=3 AND i%2000=0,
                CAST('{"v":1,"type":"result","stream":"0f0e0d0c-0b0a-4908-8706-050403020100","epoch":1,"seq":'||(2*i-1)
                    ||',"kind":"summarize","gen":1,"attempt":1,"status":"ok","time_ms":'||(\(time))||',"data":{"summary":["'
                    ||substr(text, 1, 300)||'"]}}' AS BLOB), i*3+kind
            FROM (SELECT i, (SELECT text FROM words WHERE words.i=n.i%\(texts)) AS text FROM n),
                (SELECT 1 AS kind UNION ALL SELECT 2 UNION ALL SELECT 3);
            """)
    }

    /// What is asked, each time of something else.
    var questions: [Question] {
        func list(_ what: String, _ set: @escaping (inout ArticleFilter, Int) -> Void) -> Question {
            Question(what: "list \(what)") { reader, number in
                var filter = ArticleFilter()
                set(&filter, number)
                let place = number % 2 == 0 ? ListPlace.end : .before(row(number))
                _ = try reader.articles(filter, at: place, limit: 20)
            }
        }
        func row(_ number: Int) -> Int64 { Int64(1 + (number * 7_368_787) % count) }
        func time(_ number: Int) -> Timestamp { Timestamp(milliseconds: FilledStore.start + row(number) * 778) }
        return [
            Question(what: "overview") { reader, _ in
                _ = try reader.totals()
                _ = try reader.articles(limit: 20)
                _ = try reader.failures(limit: 20)
                _ = try reader.failureCounts()
                _ = try reader.quarantine(limit: 20)
                _ = try reader.history(from: 0, minutes: 60)
            },
            list("of all") { _, _ in },
            list("of a source") { $0.source = "source-\($1 % 100)" },
            list("of a rare language") { filter, _ in filter.language = "fi" },
            list("of an hour") {
                $0.from = time($1)
                $0.to = Timestamp(milliseconds: time($1).milliseconds + 3_600_000)
            },
            list("of a day of publication") {
                $0.publishedFrom = time($1)
                $0.publishedTo = Timestamp(milliseconds: time($1).milliseconds + 86_400_000)
            },
            list("of a rare verdict") { filter, _ in filter.verdict = "revision" },
            list("that failed") { filter, _ in filter.work = .init(kind: "summarize", word: "failed") },
            list("without a result") { filter, _ in filter.work = .init(kind: "index", word: "missing") },
            list("of versions that were replaced") { filter, _ in filter.standings = [.superseded] },
            list("of a path") { $0.path = "day-\($1 % 90)/article-\($1)" },
            list("of a uri") { $0.uri = "urn:news:\(row($1) | 1)" },
            Question(what: "files in quarantine") { reader, number in
                _ = try reader.files(.init(outcome: .quarantined), at: .before(row(number)), limit: 20)
            },
            Question(what: "failures of a source") { reader, number in
                _ = try reader.failures(.init(source: "source-\(number % 100)"), limit: 20)
            },
            Question(what: "article by its id, with files") { reader, number in
                var filter = ArticleFilter()
                filter.standings = []
                guard
                    let found = try reader.articles(filter, at: .before(row(number)), limit: 1).rows.first,
                    let id = ArticleID(found.id), let article = try reader.articles(id: id, limit: 1).first
                else { return }
                _ = try reader.files(of: article)
                _ = try reader.record(of: article)
            },
            Question(what: "journey of a file") { reader, number in
                let path = "day-\(row(number) / 111_111)/article-\(row(number)).xml"
                for file in try reader.files(path: path) { _ = try reader.articles(path: path, of: file) }
            },
        ]
    }
}
