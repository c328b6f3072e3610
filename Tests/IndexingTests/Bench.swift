import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite
import TestSupport

/// An index in a scratch folder, with a writer and a searcher on connections of their own.
final class Bench {
    let folder: ScratchDirectory
    let connection: Connection
    let index: ArticleIndex
    let stream = StreamID.random()
    private(set) var seq: UInt64 = 0
    private var opened: ArticleSearcher?

    init() throws {
        folder = try ScratchDirectory()
        connection = try Connection(path: "\(folder.path)/index.sqlite")
        try connection.configure(durability: .normal)
        index = try ArticleIndex(connection: connection)
        try index.prepare()
    }

    var path: String { connection.path }

    func searcher() throws -> ArticleSearcher {
        if let opened { return opened }
        let made = try ArticleSearcher(connection: Connection(path: path, mode: .readOnly), timeLimit: .seconds(20))
        opened = made
        return made
    }

    func position(_ seq: UInt64) -> Position {
        Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000 + Int64(seq))
    }

    /// Applies articles in one transaction, each at the next place of the stream.
    @discardableResult
    func add(_ articles: Article...) throws -> [ArticleIndex.Outcome] { try addAll(articles) }

    /// Applies articles in one transaction, each at the next place of the stream.
    @discardableResult
    func addAll(_ articles: [Article]) throws -> [ArticleIndex.Outcome] {
        try connection.transaction {
            let outcomes = try articles.map { article in
                seq += 1
                return try index.apply(article, bytes: article.encodeRecord(), at: position(seq))
            }
            try index.writeText()
            return outcomes
        }
    }

    @discardableResult
    func add(_ article: Article, at seq: UInt64) throws -> ArticleIndex.Outcome {
        try connection.transaction {
            let outcome = try index.apply(article, bytes: article.encodeRecord(), at: position(seq))
            try index.writeText()
            return outcome
        }
    }

    /// Applies an article of the archive.
    func add(record: [UInt8]) throws { try add(JSONDecoder().decode(Article.self, from: Data(record))) }

    /// Makes of the database one of an earlier version of Dropwire.
    func age(toSchema version: Int) throws {
        try connection.execute(
            """
            CREATE TABLE aged(
                number INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, words INTEGER NOT NULL,
                date_ms INTEGER NOT NULL, source INTEGER NOT NULL, language INTEGER NOT NULL, stream INTEGER NOT NULL,
                epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL, key_hash INTEGER NOT NULL,
                id_hash INTEGER NOT NULL, id TEXT NOT NULL, uri TEXT, version TEXT, section INTEGER NOT NULL DEFAULT 0);
            INSERT INTO aged SELECT * FROM document;
            UPDATE sqlite_sequence SET seq=(SELECT v FROM index_meta WHERE k='last') WHERE name='aged';
            DROP TABLE document;
            ALTER TABLE aged RENAME TO document;
            CREATE INDEX document_key ON document(key_hash);
            CREATE INDEX document_id ON document(id_hash);
            CREATE UNIQUE INDEX document_position ON document(stream, epoch, seq);
            DELETE FROM index_meta WHERE k='last';
            UPDATE index_meta SET v=\(version) WHERE k='schema';
            """)
        if version == 1 { try connection.execute("ALTER TABLE document DROP COLUMN section") }
    }

    func kill(_ uri: String, source: String = "bbc") throws {
        try connection.transaction {
            seq += 1
            _ = try index.kill(source: source, uri: uri, at: position(seq))
            try index.writeText()
        }
    }

    /// The titles that a query finds, in order.
    func titles(_ query: String, order: SearchArrangement.Order = .relevance) throws -> [String] {
        try searcher().search(query, by: .init(order)).hits.map { $0.title ?? "" }
    }

    static func article(
        _ title: String, _ body: String = "", source: String = "bbc", language: String = "en", uri: String? = nil,
        version: String? = nil, published: String? = nil, section: String? = nil
    ) -> Article {
        var article = Article(
            source: source, language: language,
            ingest: .init(
                path: "a.txt", sha256: "", part: 1, bytes: 0, format: "native", encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.title = title
        article.body = body
        article.uri = uri
        article.version = version
        article.section = section
        article.published = published.flatMap { Timestamp($0) }
        article.deriveID()
        return article
    }
}
