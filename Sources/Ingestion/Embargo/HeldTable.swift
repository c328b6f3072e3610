import Articles
import FoundationEssentials
import Linux
import SQLite

/// Articles that are held until their embargo ends, and what is still to be told of their files: tables on the log's own
/// connection, so that an article is held, or goes from here to the log, in one transaction with all else.
///
/// There is one row for what replaces each other: by source and uri, or by the id of an article without one.
final class HeldTable {
    static let schema = """
        CREATE TABLE IF NOT EXISTS held(
            row INTEGER PRIMARY KEY, until_ms INTEGER NOT NULL, key TEXT UNIQUE NOT NULL, id TEXT NOT NULL,
            source TEXT NOT NULL, uri TEXT, version TEXT, file INTEGER NOT NULL, part INTEGER NOT NULL,
            topic TEXT NOT NULL, record BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS held_until ON held(until_ms, row);
        CREATE INDEX IF NOT EXISTS held_id ON held(id);
        CREATE INDEX IF NOT EXISTS held_by_file ON held(file, until_ms);
        CREATE TABLE IF NOT EXISTS held_file(
            file INTEGER PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0,
            early INTEGER NOT NULL DEFAULT 0, superseded INTEGER NOT NULL DEFAULT 0, code TEXT, first_seq INTEGER,
            last_seq INTEGER, article_id TEXT, held_seq INTEGER, topic TEXT, record BLOB);
        """

    /// A held article, as its place is given to another one.
    struct Standing {
        var row: Int64
        var id: ArticleID
        var version: String?
        /// The ledger's row of its file.
        var file: Int64
    }

    /// A held article with its record.
    struct Due {
        var row: Int64
        var id: ArticleID
        var until: Int64
        var file: Int64
        var topic: Topic
        var record: [UInt8]
    }

    /// What is to be told of a file when nothing of it is held any more.
    struct Draft {
        /// The record as it would stand had nothing been held.
        var record: FileRecord
        /// What stands for the source in topics.
        var topicPart: String
        /// The record that told that articles are held.
        var heldSeq: UInt64
    }

    private let connection: Connection
    /// How many articles are held.
    private(set) var count = 0
    /// When the next of them is due, milliseconds since 1970; nil where none is held.
    private(set) var nextRelease: Int64?

    init(connection: Connection) throws {
        self.connection = connection
        // For a quarter of an hour of its history it had no times.
        let isOld = "SELECT 1 FROM sqlite_schema WHERE name='held_by_file' AND sql NOT LIKE '%until_ms%'"
        if try connection.scalar(isOld) != nil { try connection.execute("DROP INDEX held_by_file") }
        try connection.execute(HeldTable.schema)
        try reload()
    }

    /// Reads anew what is kept in memory, after a transaction that was rolled back.
    func reload() throws {
        count = Int(try connection.scalar("SELECT count(*) FROM held") ?? 0)
        try findNext()
    }

    private func findNext() throws { nextRelease = try connection.scalar("SELECT min(until_ms) FROM held") }

    // MARK: Articles

    /// Holds an article of a file, inside the transaction of the file's records. Its place must be free.
    func hold(_ article: EncodedArticle, until: Int64, file: Int64) throws {
        try connection.statement(
            """
            INSERT INTO held(until_ms, key, id, source, uri, version, file, part, topic, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, until).bind(2, article.replacementKey).bind(3, article.id.description).bind(4, article.source)
            .bind(5, article.uri).bind(6, article.version).bind(7, file).bind(8, article.part)
            .bind(9, article.topic.description).bind(10, article.record).run()
        try change(file, "held=held+1")
        count += 1
        nextRelease = min(nextRelease ?? until, until)
    }

    /// Returns the held article that another one would replace; nil where there is none.
    func standing(for article: EncodedArticle) throws -> Standing? {
        let query = try connection.statement("SELECT row, id, version, file FROM held WHERE key=?")
            .bind(1, article.replacementKey)
        defer { query.reset() }
        guard try query.step(), let id = ArticleID(query.string(1)) else { return nil }
        return Standing(
            row: query.int64(0), id: id, version: query.isNull(2) ? nil : query.string(2), file: query.int64(3))
    }

    /// Removes a held article that a kill or another version takes the place of.
    func remove(_ article: Standing, _ code: ReasonCode) throws {
        try delete(article.row)
        try change(article.file, "held=held-1")
        try noteSuperseded(of: article.file, code)
    }

    /// Notes that an article of a file was to be held, and a later version is held already.
    func noteSuperseded(of file: Int64, _ code: ReasonCode) throws {
        try change(file, "superseded=superseded+1")
        try connection.statement("UPDATE held_file SET code=? WHERE file=?").bind(1, code.rawValue).bind(2, file).run()
    }

    /// Returns the articles that are due at a time, in the order of their times: at least one, and no more than a few
    /// megabytes.
    func due(at time: Int64, limit: Int) throws -> [Due] {
        let query = try connection.statement("\(HeldTable.selectDue) WHERE until_ms<=? ORDER BY until_ms, row LIMIT ?")
            .bind(1, time).bind(2, limit)
        defer { query.reset() }
        var articles: [Due] = []
        var bytes = 0
        while bytes < HeldTable.mostBytes, try query.step() {
            guard let article = HeldTable.due(query) else { continue }
            bytes += article.record.count
            articles.append(article)
        }
        return articles
    }

    /// Returns the articles of an id.
    func articles(id: String) throws -> [Due] {
        var articles: [Due] = []
        try connection.statement("\(HeldTable.selectDue) WHERE id=? ORDER BY until_ms, row").bind(1, id).forEachRow {
            if let article = HeldTable.due($0) { articles.append(article) }
        }
        return articles
    }

    /// Returns the articles that an erasure takes.
    func articles(of subject: ErasureSubject) throws -> [Due] {
        guard count > 0 else { return [] }
        if case .article(let id) = subject { return try articles(id: id.description) }
        var articles: [Due] = []
        try connection.statement("\(HeldTable.selectDue) WHERE key=?").bind(1, subject.key).forEachRow {
            if let article = HeldTable.due($0) { articles.append(article) }
        }
        return articles
    }

    private static let mostBytes = 8 << 20
    private static let selectDue = "SELECT row, id, until_ms, file, topic, record FROM held"

    private static func due(_ row: Statement) -> Due? {
        ArticleID(row.string(1)).map {
            Due(
                row: row.int64(0), id: $0, until: row.int64(2), file: row.int64(3), topic: Topic(stored: row.string(4)),
                record: row.bytes(5))
        }
    }

    /// Notes that a held article is on the log, inside the transaction that puts it there.
    ///
    /// - Parameter isEarly: whether that is before its time.
    func noteReleased(_ article: Due, seq: UInt64, isEarly: Bool) throws {
        try delete(article.row)
        try connection.statement(
            """
            UPDATE held_file SET held=held-1, released=released+1, early=early+?2, first_seq=ifnull(first_seq, ?3),
                last_seq=?3, article_id=ifnull(article_id, ?4) WHERE file=?1
            """
        ).bind(1, article.file).bind(2, isEarly ? 1 : 0).bind(3, Int64(seq)).bind(4, article.id.description).run()
    }

    private func delete(_ row: Int64) throws {
        try connection.statement("DELETE FROM held WHERE row=?").bind(1, row).run()
        count -= 1
        try findNext()
    }

    private func change(_ file: Int64, _ assignment: String) throws {
        try connection.statement("INSERT OR IGNORE INTO held_file(file) VALUES (?)").bind(1, file).run()
        try connection.statement("UPDATE held_file SET \(assignment) WHERE file=?").bind(1, file).run()
    }

    /// Returns held articles in the order of their coming, those after a row.
    ///
    /// - Parameter id: those of this id only, where it is one.
    func list(id: String? = nil, after row: Int64 = 0, limit: Int) throws -> [HeldArticle] {
        let query = try connection.statement(
            """
            SELECT held.row, held.id, source, uri, version, until_ms, d.path, l.path, part, l.time_ms FROM held
            JOIN ledger l ON l.id=held.file JOIN directory d ON d.id=l.directory
            WHERE held.row>? AND (?2 IS NULL OR held.id=?2) ORDER BY held.row LIMIT ?3
            """
        ).bind(1, row).bind(2, id).bind(3, limit)
        var articles: [HeldArticle] = []
        try query.forEachRow { row in
            guard let id = ArticleID(row.string(1)) else { return }
            articles.append(
                HeldArticle(
                    row: row.int64(0), id: id, source: row.string(2), uri: row.isNull(3) ? nil : row.string(3),
                    version: row.isNull(4) ? nil : row.string(4), until: Timestamp(milliseconds: row.int64(5)),
                    directory: row.string(6), path: RelativePath(bytes: row.bytes(7)).description, part: row.int(8),
                    received: Timestamp(milliseconds: row.int64(9))))
        }
        return articles
    }

    // MARK: Files

    /// Returns what has become of a file's articles that were held.
    func share(of file: Int64) throws -> HeldShare {
        var share = HeldShare()
        let query = try connection.statement(
            """
            SELECT held, released, early, superseded, code, first_seq, last_seq, article_id,
                (SELECT max(until_ms) FROM held WHERE held.file=?1) FROM held_file WHERE file=?1
            """
        ).bind(1, file)
        defer { query.reset() }
        guard try query.step() else { return share }
        share.held = query.int(0)
        share.released = query.int(1)
        share.early = query.int(2)
        share.superseded = query.int(3)
        share.code = ReasonCode(rawValue: query.string(4))
        if !query.isNull(5) { share.firstSeq = UInt64(query.int64(5)) }
        if !query.isNull(6) { share.lastSeq = UInt64(query.int64(6)) }
        share.articleID = ArticleID(query.string(7))
        share.until = query.int64(8)
        return share
    }

    /// Keeps what is to be told of a file in the end, inside the transaction of its record.
    func keep(_ draft: Draft, of file: Int64) throws {
        try connection.statement("UPDATE held_file SET held_seq=?, topic=?, record=? WHERE file=?")
            .bind(1, Int64(draft.heldSeq)).bind(2, draft.topicPart).bind(3, draft.record.encodeRecord()).bind(4, file)
            .run()
    }

    /// Returns what is to be told of a file; nil where articles of it are held, and where it is still being read.
    func draft(of file: Int64) throws -> Draft? {
        let query = try connection.statement(
            "SELECT held_seq, topic, record FROM held_file WHERE file=? AND held=0 AND record IS NOT NULL"
        ).bind(1, file)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Draft(
            record: try JSONDecoder().decode(FileRecord.self, from: Data(query.bytes(2))), topicPart: query.string(1),
            heldSeq: UInt64(query.int64(0)))
    }

    /// Forgets a file of which nothing is held any more.
    func forget(_ file: Int64) throws {
        try connection.statement("DELETE FROM held_file WHERE file=?").bind(1, file).run()
    }
}
