import SQLite

/// The articles that were withdrawn, for ever: a table on the log's own connection, so that a version that comes after its
/// kill is never published, in one transaction with all else.
///
/// A row takes about as much as the article's source and URI; kills are rare.
final class KilledTable {
    static let schema = "CREATE TABLE IF NOT EXISTS killed(key TEXT PRIMARY KEY) WITHOUT ROWID"

    private let connection: Connection
    /// Whether there are any: as long as there are none, no article pays for a look.
    private var isEmpty = true

    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(KilledTable.schema)
        try reload()
    }

    /// Reads anew what is kept in memory, after a transaction that was rolled back.
    func reload() throws { isEmpty = try connection.scalar("SELECT EXISTS(SELECT 1 FROM killed)") == 0 }

    /// Notes a kill, inside the transaction of its record.
    func note(_ kill: EncodedArticle) throws {
        try connection.statement("INSERT OR IGNORE INTO killed(key) VALUES (?)").bind(1, kill.replacementKey).run()
        isEmpty = false
    }

    /// Returns whether an article was withdrawn before it came.
    func contains(_ article: EncodedArticle) throws -> Bool {
        guard !isEmpty, article.uri != nil else { return false }
        let query = try connection.statement("SELECT 1 FROM killed WHERE key=?").bind(1, article.replacementKey)
        defer { query.reset() }
        return try query.step()
    }
}
