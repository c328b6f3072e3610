import Articles
import Hashing
import SQLite

/// Which articles are not to be shown: killed ones, for ever, and those whose newest version is withheld. On the
/// connection of the worker, within its transactions.
///
/// Kills are known by source and uri. Both kinds are known too by the hash that documents have, so that no copy is judged
/// by an article that nobody may see.
struct HiddenArticles {
    /// How an article is hidden.
    enum Cause: Int { case withheld = 0, killed }

    private let connection: Connection

    /// Makes the tables where there are none.
    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS dedup_killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri))
                WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS dedup_hidden(key INTEGER PRIMARY KEY, cause INTEGER NOT NULL);
            """)
    }

    /// Notes that an article is killed; returns whether that was not known.
    func kill(source: String, uri: String) throws -> Bool {
        try connection.statement("INSERT OR IGNORE INTO dedup_killed(source, uri) VALUES (?, ?)").bind(1, source)
            .bind(2, uri).run()
        guard connection.changes > 0 else { return false }
        try hide(Self.key(source: source, uri: uri), .killed)
        return true
    }

    /// Returns whether an article was killed.
    func isKilled(source: String, uri: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM dedup_killed WHERE source=? AND uri=?").bind(1, source)
            .bind(2, uri)
        defer { query.reset() }
        return try query.step()
    }

    /// Notes that the newest version of an article is withheld.
    func withhold(_ key: UInt64) throws { try hide(key, .withheld) }

    /// Notes that the newest version of an article is usable.
    func release(_ key: UInt64) throws {
        try connection.statement("DELETE FROM dedup_hidden WHERE key=? AND cause=?").bind(1, Int64(bitPattern: key))
            .bind(2, Cause.withheld.rawValue).run()
    }

    /// Why the article of a key is hidden; nil where it is not.
    func cause(_ key: UInt64) throws -> Cause? {
        guard key != 0 else { return nil }
        let query = try connection.statement("SELECT cause FROM dedup_hidden WHERE key=?").bind(
            1, Int64(bitPattern: key))
        defer { query.reset() }
        return try query.step() ? Cause(rawValue: query.int(0)) : nil
    }

    /// Fills the keys from the kills, where an older version knew only these.
    func rebuildKeys() throws {
        var keys: [UInt64] = []
        try connection.statement("SELECT source, uri FROM dedup_killed").forEachRow {
            keys.append(Self.key(source: $0.string(0), uri: $0.string(1)))
        }
        for key in keys { try hide(key, .killed) }
    }

    private func hide(_ key: UInt64, _ cause: Cause) throws {
        try connection.statement(
            "INSERT INTO dedup_hidden(key, cause) VALUES (?, ?) ON CONFLICT DO UPDATE SET cause=max(cause, excluded.cause)"
        ).bind(1, Int64(bitPattern: key)).bind(2, cause.rawValue).run()
    }

    /// The hash that stands for an article; 0 where it has no uri.
    ///
    /// An article whose key hashes to 0 is never seen as a revision.
    static func key(of article: Article) -> UInt64 {
        article.uri == nil ? 0 : XXHash.hash64(Array(article.replacementKey.utf8))
    }

    /// The hash that stands for the article of a source and a uri.
    static func key(source: String, uri: String) -> UInt64 {
        XXHash.hash64(Array("\(source)\u{1f}\(uri)".utf8))
    }
}
