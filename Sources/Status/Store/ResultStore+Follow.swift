import Articles
import FoundationEssentials
package import Messaging
import SQLite

extension ResultStore {
    /// The members of an `article` or `kill` record that the store looks at.
    private struct ArticleHead: Decodable {
        struct Ingest: Decodable {
            var path: String?
            var received: Timestamp?
        }
        var id: ArticleID?
        var source: String
        var uri: String?
        var title: String?
        var language: String?
        var published: Timestamp?
        var pub_status: Article.PubStatus?
        var ingest: Ingest?
    }

    /// The longest title that lists show, in characters; the record has it whole.
    static let longestTitle = 300

    /// Takes in a batch of the watcher's log within ``transaction(_:)``, and the cursor with it.
    ///
    /// - Returns: how many records could not be read; they are passed over.
    package func apply(_ batch: FetchReply) throws -> Int {
        var unreadable = 0
        for (position, bytes) in batch.records {
            do {
                switch RecordType.of(bytes) {
                case .article: try storeArticle(position, bytes)
                case .kill: try storeKill(bytes)
                case .file: try storeFile(position, bytes)
                default: continue
                }
            } catch is DecodingError {
                unreadable += 1
            }
        }
        let next = batch.next
        try connection.statement("INSERT OR REPLACE INTO cursor(stream, epoch, seq, time_ms) VALUES (?, ?, ?, ?)")
            .bind(1, number(of: next.stream)).bind(2, Int64(next.epoch)).bind(3, Int64(clamping: next.seq))
            .bind(4, next.timeMilliseconds).run()
        return unreadable
    }

    /// The committed place in a stream; nil where nothing of it was read.
    package func cursor(of stream: StreamID) throws -> Cursor? {
        let query = try connection.statement(
            "SELECT epoch, seq, time_ms FROM cursor JOIN stream ON stream.id=cursor.stream WHERE name=?"
        ).bind(1, stream.description)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Cursor(
            stream: stream, epoch: UInt32(clamping: query.int64(0)), seq: UInt64(clamping: query.int64(1)),
            timeMilliseconds: query.int64(2))
    }

    private func storeArticle(_ position: Position, _ bytes: [UInt8]) throws {
        let article = try JSONDecoder().decode(ArticleHead.self, from: Data(bytes))
        guard let id = article.id else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "an article without an id"))
        }
        let status = article.pub_status ?? .usable
        let isKilled = try article.uri.map { try self.isKilled(source: article.source, uri: $0) } ?? false
        try connection.statement(
            """
            INSERT OR IGNORE INTO article(stream, epoch, seq, time_ms, id, source, uri, title, language, published_ms,
                received_ms, path, hidden, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, number(of: position.stream)).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, ArticleKey.bytes(id)).bind(6, article.source)
            .bind(7, article.uri).bind(8, article.title.map { String($0.prefix(ResultStore.longestTitle)) })
            .bind(9, article.language ?? "und").bindTime(10, article.published)
            .bindTime(11, article.ingest?.received).bind(12, article.ingest?.path)
            .bind(13, status == .usable && !isKilled ? 0 : 1).bind(14, bytes).run()
        guard connection.changes > 0 else { return }
        // Canceled takes back what was published under the same uri, withheld until a usable version comes.
        if status != .usable, let uri = article.uri { try hide(source: article.source, uri: uri) }
        count("articles")
        arrived("articles")
    }

    private func storeKill(_ bytes: [UInt8]) throws {
        let kill = try JSONDecoder().decode(ArticleHead.self, from: Data(bytes))
        guard let uri = kill.uri else { return }
        // Sticky, and it may precede its article.
        try connection.statement("INSERT OR IGNORE INTO killed(source, uri) VALUES (?, ?)")
            .bind(1, kill.source).bind(2, uri).run()
        try hide(source: kill.source, uri: uri)
    }

    private func hide(source: String, uri: String) throws {
        try connection.statement("UPDATE article SET hidden=1 WHERE uri=? AND source=?")
            .bind(1, uri).bind(2, source).run()
    }

    private func isKilled(source: String, uri: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM killed WHERE source=? AND uri=?").bind(1, source).bind(
            2, uri)
        defer { query.reset() }
        return try query.step()
    }

    private func storeFile(_ position: Position, _ bytes: [UInt8]) throws {
        let file = try JSONDecoder().decode(FileRecord.self, from: Data(bytes))
        try connection.statement(
            """
            INSERT OR IGNORE INTO file(stream, epoch, seq, time_ms, directory, path, outcome, first_seq, last_seq, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, number(of: position.stream)).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, file.directory).bind(6, file.path)
            .bind(7, file.outcome.rawValue).bindCount(8, file.firstSeq).bindCount(9, file.lastSeq)
            .bind(10, bytes).run()
        guard connection.changes > 0 else { return }
        count("files/\(file.outcome.rawValue)")
        arrived("files")
        try noteQuarantine(file, time: position.timeMilliseconds, bytes)
    }
}

/// An article's id as 16 bytes: half of its text.
enum ArticleKey {
    static func bytes(_ id: ArticleID) -> [UInt8] {
        let digits = Array(id.description.utf8).map { $0 < 0x3a ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Statement {
    /// Binds milliseconds, or NULL.
    func bindTime(_ index: Int, _ time: Timestamp?) throws(SQLiteError) -> Statement {
        if let time { try bind(index, time.milliseconds) } else { try bindNull(index) }
    }

    /// Binds a count, or NULL.
    func bindCount(_ index: Int, _ count: UInt64?) throws(SQLiteError) -> Statement {
        if let count { try bind(index, Int64(clamping: count)) } else { try bindNull(index) }
    }
}
