import SQLite

/// Finds the file of a drop directory that first published some content: from a digest to a row of the ``Ledger``.
///
/// An index by a random key costs a page a row as soon as it is larger than the cache. So the rows since the last merge
/// are found in memory, the older ones in a table that is ordered by digest, and now and then the new ones are merged into
/// it in its own order, which touches each page once. It works inside its owner's transactions.
final class ContentIndex {
    private struct Key: Hashable {
        let digest: Int64
        let directory: Int64
    }

    private let connection: Connection
    /// What came since the last merge, the first row of each content.
    private var recent: [Key: Int64] = [:]
    /// The last row that was merged.
    private var merged: Int64 = 0

    /// So many new rows are held in memory: about 3 MB.
    static let mergeCount = 1 << 16

    init(connection: Connection) { self.connection = connection }

    static let schema = """
        CREATE TABLE IF NOT EXISTS content(
            digest INTEGER NOT NULL, directory INTEGER NOT NULL, row INTEGER NOT NULL,
            PRIMARY KEY(digest, directory)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS content_merged(row INTEGER NOT NULL);
        INSERT INTO content_merged SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM content_merged);
        """

    /// Reads what is not merged, at the start and after a transaction that was rolled back.
    func reload() throws {
        merged = try connection.scalar("SELECT row FROM content_merged") ?? 0
        recent.removeAll(keepingCapacity: true)
        try connection.statement(
            "SELECT digest, directory, id FROM ledger WHERE id>? AND digest IS NOT NULL ORDER BY id"
        ).bind(1, merged).forEachRow { try note($0.int64(0), directory: $0.int64(1), row: $0.int64(2)) }
    }

    /// Notes a row that is content from now on, inside the transaction that makes it so.
    func note(_ digest: Int64, directory: Int64, row: Int64) throws {
        guard row > merged else {
            // A file that was open while later ones were merged.
            return try connection.statement("INSERT OR IGNORE INTO content(digest, directory, row) VALUES (?, ?, ?)")
                .bind(1, digest).bind(2, directory).bind(3, row).run()
        }
        let key = Key(digest: digest, directory: directory)
        if recent[key] == nil { recent[key] = row }
    }

    /// Returns the first row with a digest; nil where there is none.
    func row(_ digest: Int64, directory: Int64) throws -> Int64? {
        // An older row comes first.
        let query = try connection.statement("SELECT row FROM content WHERE digest=? AND directory=?")
            .bind(1, digest).bind(2, directory)
        defer { query.reset() }
        return try query.step() ? query.int64(0) : recent[Key(digest: digest, directory: directory)]
    }

    /// More is not merged than is held in memory: rows of an older version.
    var isBulkLeft: Bool {
        get throws {
            let last = try connection.scalar("SELECT max(id) FROM ledger") ?? 0
            return last - (try connection.scalar("SELECT row FROM content_merged") ?? 0) > 2 * ContentIndex.mergeCount
        }
    }

    /// There is enough for a merge to be worth its pages.
    var isMergeDue: Bool { recent.count >= ContentIndex.mergeCount }

    /// Merges what is in memory into the table, in a transaction of its own.
    func merge() throws {
        let last = try connection.transaction {
            let last = try connection.scalar("SELECT max(id) FROM ledger") ?? 0
            try connection.statement(
                """
                INSERT OR IGNORE INTO content(digest, directory, row)
                    SELECT digest, directory, min(id) FROM ledger WHERE id>? AND digest IS NOT NULL
                    GROUP BY digest, directory ORDER BY digest, directory
                """
            ).bind(1, merged).run()
            try connection.statement("UPDATE content_merged SET row=?").bind(1, last).run()
            return last
        }
        merged = last
        recent.removeAll(keepingCapacity: true)
    }
}
