import SQLite

/// Which articles are withdrawn, for ever, on the connection of the worker.
struct KilledArticles {
    private let connection: Connection

    /// Makes the table where there is none.
    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS dedup_killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri))
                WITHOUT ROWID;
            """)
    }

    /// Notes an article; returns whether it was not noted before.
    func note(source: String, uri: String) throws -> Bool {
        try connection.statement("INSERT OR IGNORE INTO dedup_killed(source, uri) VALUES (?, ?)").bind(1, source)
            .bind(2, uri).run()
        return connection.changes > 0
    }

    /// Returns whether an article was noted.
    func has(source: String, uri: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM dedup_killed WHERE source=? AND uri=?").bind(1, source)
            .bind(2, uri)
        defer { query.reset() }
        return try query.step()
    }
}
