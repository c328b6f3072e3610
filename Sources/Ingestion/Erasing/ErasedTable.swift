import Articles
import SQLite

/// What was erased by operators, for ever, and which files are to go for it: tables on the log's own connection, so that
/// what is erased is never published again, and no file is forgotten, in one transaction with all else.
///
/// A row takes about as much as an id, or the article's source and URI, or a digest; erasures are rare.
final class ErasedTable {
    static let schema = """
        CREATE TABLE IF NOT EXISTS erased(key TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS erased_file(
            sha256 BLOB PRIMARY KEY, is_due INTEGER NOT NULL, is_sticky INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS erased_file_due ON erased_file(is_due) WHERE is_due=1;
        CREATE TABLE IF NOT EXISTS erasure_book(bytes INTEGER NOT NULL, number INTEGER NOT NULL);
        DROP TABLE IF EXISTS erasure_applied;
        """

    private let connection: Connection
    /// Whether there are any: as long as there are none, no article and no file pays for a look.
    private var isEmpty = true
    private var hasFiles = false
    /// Some file is to be removed that may lie somewhere.
    private(set) var hasDueFiles = false
    /// Some were noted since they were looked for last.
    private(set) var hasNewFiles = false

    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(ErasedTable.schema)
        try reload()
    }

    /// Reads anew what is kept in memory, after a transaction that was rolled back.
    func reload() throws {
        isEmpty = try connection.scalar("SELECT EXISTS(SELECT 1 FROM erased)") == 0
        hasFiles = try connection.scalar("SELECT EXISTS(SELECT 1 FROM erased_file)") == 1
        hasDueFiles = try connection.scalar("SELECT EXISTS(SELECT 1 FROM erased_file WHERE is_due=1)") == 1
    }

    // MARK: Articles

    /// Notes what is erased for ever, inside the transaction that erases it.
    func note(_ subject: ErasureSubject) throws {
        try connection.statement("INSERT OR IGNORE INTO erased(key) VALUES (?)").bind(1, subject.key).run()
        isEmpty = false
    }

    /// Returns whether that was erased before.
    func contains(_ subject: ErasureSubject) throws -> Bool { try contains(subject.key) }

    /// Returns whether an article was erased before it came: its content, or all of its versions.
    func contains(_ article: EncodedArticle) throws -> Bool {
        guard !isEmpty else { return false }
        return try contains(article.id.description) || (article.uri != nil && contains(article.replacementKey))
    }

    private func contains(_ key: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM erased WHERE key=?").bind(1, key)
        defer { query.reset() }
        return try query.step()
    }

    // MARK: The book

    /// Up to where the database knows the book.
    func bookPlace() throws -> ErasureBook.Place {
        let query = try connection.statement("SELECT bytes, number FROM erasure_book")
        defer { query.reset() }
        return try query.step() ? ErasureBook.Place(bytes: query.int(0), number: query.int64(1)) : .init()
    }

    /// Notes up to where the book is applied, inside the transaction that does so.
    func note(_ place: ErasureBook.Place) throws {
        try connection.execute("DELETE FROM erasure_book")
        try connection.statement("INSERT INTO erasure_book(bytes, number) VALUES (?, ?)").bind(1, place.bytes)
            .bind(2, place.number).run()
    }

    // MARK: Files

    /// Notes, inside a transaction, a file that is to be removed wherever it is kept.
    ///
    /// - Parameter isForEver: whether one with the same content that comes later is not kept either.
    func noteFile(_ sha256: [UInt8], isForEver: Bool) throws {
        try connection.statement(
            """
            INSERT INTO erased_file(sha256, is_due, is_sticky) VALUES (?, 1, ?)
            ON CONFLICT DO UPDATE SET is_due=1, is_sticky=max(is_sticky, excluded.is_sticky)
            """
        ).bind(1, sha256).bind(2, isForEver ? 1 : 0).run()
        hasFiles = true
        hasDueFiles = true
        hasNewFiles = true
    }

    /// Returns whether no file of this content is to be kept.
    func containsFile(_ sha256: [UInt8]) throws -> Bool {
        guard hasFiles else { return false }
        let query = try connection.statement("SELECT is_sticky FROM erased_file WHERE sha256=?").bind(1, sha256)
        defer { query.reset() }
        return try query.step() && query.int(0) == 1
    }

    /// The contents of files that are to be removed, at most `limit`.
    func dueFiles(limit: Int) throws -> Set<[UInt8]> {
        var files: Set<[UInt8]> = []
        try connection.statement("SELECT sha256 FROM erased_file WHERE is_due=1 LIMIT ?").bind(1, limit).forEachRow {
            files.insert($0.bytes(0))
        }
        hasNewFiles = false
        return files
    }

    /// Notes, inside a transaction, that files are removed.
    func noteRemoved(_ files: some Sequence<[UInt8]>) throws {
        for file in files {
            try connection.statement("DELETE FROM erased_file WHERE sha256=? AND is_sticky=0").bind(1, file).run()
            try connection.statement("UPDATE erased_file SET is_due=0 WHERE sha256=?").bind(1, file).run()
        }
        hasDueFiles = try connection.scalar("SELECT EXISTS(SELECT 1 FROM erased_file WHERE is_due=1)") == 1
    }
}
