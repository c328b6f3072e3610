import Articles
import SQLite

/// Articles whose time will be over: since they say so themselves (`expires`), or since their drop directory keeps articles
/// so long (`retention_days`). A table on the log's own connection, written in the transaction of the article, with a row
/// only for those that have an end.
final class DueErasures {
    static let schema = """
        CREATE TABLE IF NOT EXISTS due_erasure(
            id TEXT PRIMARY KEY, due_ms INTEGER NOT NULL, cause TEXT NOT NULL, seqs TEXT NOT NULL, source TEXT NOT NULL,
            topic TEXT NOT NULL, files TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS due_erasure_time ON due_erasure(due_ms);
        """

    /// When an article's time is over, and by which of the two.
    struct End: Equatable {
        /// Milliseconds since 1970.
        var time: Int64
        var cause: ErasureCause
    }

    /// An article that is to be erased.
    struct Due {
        var id: ArticleID
        var cause: ErasureCause
        /// Where its records stand on the log, or stood.
        var seqs: [UInt64]
        var source: String
        var topic: String
        /// SHA-256 of the files that it came in, in hexadecimal digits.
        var files: [String]
    }

    private let connection: Connection
    /// When the next of them is due, milliseconds since 1970; nil where no article has an end.
    private(set) var next: Int64?

    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(DueErasures.schema)
        try reload()
    }

    /// Reads anew what is kept in memory, after a transaction that was rolled back.
    func reload() throws { next = try connection.scalar("SELECT min(due_ms) FROM due_erasure") }

    /// Notes when an article ends that was appended to the log, inside the same transaction. The last word on a content
    /// counts: also that it has no end any more.
    func note(
        _ id: ArticleID, source: String, topic: Topic, at seq: UInt64, file: String, _ end: End?
    ) throws {
        guard let end else {
            if next != nil { try forget(id) }
            return
        }
        try connection.statement(
            """
            INSERT INTO due_erasure(id, due_ms, cause, seqs, source, topic, files) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET due_ms=excluded.due_ms, cause=excluded.cause,
                seqs=seqs||','||excluded.seqs, files=files||','||excluded.files
            """
        ).bind(1, id.description).bind(2, end.time).bind(3, end.cause.rawValue).bind(4, "\(seq)").bind(5, source)
            .bind(6, topic.description).bind(7, file).run()
        next = min(next ?? end.time, end.time)
    }

    /// Forgets an article: it is erased, or has no end any more.
    func forget(_ id: ArticleID) throws {
        try connection.statement("DELETE FROM due_erasure WHERE id=?").bind(1, id.description).run()
        if connection.changes > 0 { try reload() }
    }

    /// Returns articles whose time is over, those that are due for the longest time first: at most `limit`, all of one
    /// cause.
    func due(at time: Int64, limit: Int) throws -> [Due] {
        var articles: [Due] = []
        try connection.statement(
            """
            SELECT id, cause, seqs, source, topic, files FROM due_erasure WHERE due_ms<=? ORDER BY due_ms LIMIT ?
            """
        ).bind(1, time).bind(2, limit).forEachRow { row in
            guard let id = ArticleID(row.string(0)), let cause = ErasureCause(rawValue: row.string(1)) else { return }
            articles.append(
                Due(
                    id: id, cause: cause, seqs: row.string(2).split(separator: ",").compactMap { UInt64($0) },
                    source: row.string(3), topic: row.string(4),
                    files: row.string(5).split(separator: ",").map(String.init)))
        }
        return articles.filter { $0.cause == articles[0].cause }
    }
}
