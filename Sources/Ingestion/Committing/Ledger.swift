import Articles
import Linux
import Messaging
import SQLite

/// What became of every file: a row a file on the log's own connection, committed together with its records.
///
/// Ids are sequential. Only rows that still matter for a path (committed but not disposed of, or left in place) stand in the
/// path's index, and published content is found by ``ContentIndex``, so that history costs little.
final class Ledger {
    /// How far a file has come.
    enum State: Int64 {
        /// It is read piece by piece, and some of its parts are on the log.
        case open = 0
        /// Its records are on the log; the file itself still lies where it was, or may.
        case committed = 1
        /// All is done.
        case disposed = 2
        /// All is done, and the file stays where it is.
        case left = 3
        /// Its records are on the log, and the file is to be kept whole in the quarantine: what was not read of it, or
        /// failed and has no bytes of its own, is nowhere else.
        case keeping = 4
    }

    /// A row.
    struct Entry {
        var id: Int64
        var directory: Int64
        var path: RelativePath
        var identity: FileIdentity
        var state: State
        var outcome: FileOutcome
        var code: String
        var message: String
        /// Milliseconds since 1970.
        var time: Int64
        /// 32 bytes; nil where the file was not read.
        var sha256: [UInt8]?
        /// What goes with the file; nil for a row that was read back, where it is looked for.
        var companions: [Companion]?
        /// What a row that was read back says of that: in which state each was, by its path.
        var companionStates: [RelativePath: FileIdentity] = [:]
        /// It is a link, and ``identity`` is the link's own; only while it is disposed of.
        var isLink = false

        /// The file goes to the quarantine.
        var isQuarantined: Bool { outcome == .quarantined || state == .keeping }
    }

    /// Content that was published before.
    struct Published {
        var row: Int64
        var directory: Int64
        var path: RelativePath
        var firstSeq: UInt64
        var outcome: FileOutcome
        /// The last part that was read.
        var partsDone: Int
    }

    let connection: Connection
    private let content: ContentIndex
    /// The version of the watcher's tables beside the log.
    static let stateVersion = StateVersion("the ledger", known: 2, in: .header)

    init(connection: Connection) throws {
        self.connection = connection
        content = ContentIndex(connection: connection)
        let version = try connection.transaction {
            let version = try Ledger.stateVersion.check(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS directory(id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
                CREATE TABLE IF NOT EXISTS ledger(
                    id INTEGER PRIMARY KEY, directory INTEGER NOT NULL, path BLOB NOT NULL, inode INTEGER NOT NULL,
                    size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB, digest INTEGER, state INTEGER NOT NULL,
                    outcome TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, time_ms INTEGER NOT NULL,
                    parts_done INTEGER NOT NULL, first_seq INTEGER NOT NULL);
                CREATE INDEX IF NOT EXISTS ledger_path ON ledger(directory, path) WHERE state<>2;
                \(ContentIndex.schema)
                \(Ledger.partsSchema)
                \(Ledger.entriesSchema)
                \(Ledger.companionsSchema)
                """)
            // Version 1 had a random key in an index; its rows are merged with the first bulk.
            if version == 1 {
                try Ledger.stateVersion.upgrade(connection, from: 1) {
                    try connection.execute("DROP INDEX IF EXISTS ledger_digest")
                }
            }
            try Ledger.stateVersion.note(in: connection)
            return version
        }
        if try content.isBulkLeft {
            try Ledger.stateVersion.upgrade(connection, from: version ?? Ledger.stateVersion.known) {
                try content.merge()
            }
        }
        try reload()
    }

    /// Rows that stand for nothing any more, where that is not written down yet.
    private(set) var disposed: Set<Int64> = []
    /// Those of them that may be written down.
    private var durable: Set<Int64> = []

    /// Notes that the file of a row is disposed of. That is written down only when the disk has it (``noteDurable(_:)``): up
    /// to then a failure of power may bring the file back, and its row must tell that its records are on the log.
    func noteDisposed(_ row: Int64) { disposed.insert(row) }

    /// Notes rows that stand for nothing any more, whatever happens.
    func noteDurable(_ rows: some Sequence<Int64>) {
        disposed.formUnion(rows)
        durable.formUnion(rows)
    }

    /// Forgets rows that ``markDisposed()`` wrote down, after its transaction.
    func forgetDisposed(_ rows: [Int64]) {
        disposed.subtract(rows)
        durable.subtract(rows)
    }

    /// Some row could be written down as disposed of.
    var hasDurable: Bool { !durable.isEmpty }

    /// The number of rows whose file may still lie where it was, or was left there.
    private(set) var openCount = 0

    /// Reads anew what is held in memory, after a transaction that was rolled back.
    func reload() throws {
        openCount = Int(try connection.scalar("SELECT count(*) FROM ledger WHERE state<>2") ?? 0)
        hasCompanions = try connection.scalar("SELECT EXISTS (SELECT 1 FROM companion)") != 0
        hasOpenFiles = try connection.scalar("SELECT count(*) FROM open_file") != 0
        try content.reload()
    }

    /// Some row has companions.
    var hasCompanions = false

    /// Some file is read piece by piece, or was at the last end.
    var hasOpenFiles = false

    /// Puts content that is found in memory into its table, where there is much of it; a transaction of its own.
    func mergeIfDue() throws { if content.isMergeDue { try content.merge() } }

    /// Returns the id of a drop directory.
    func directory(_ path: String) throws -> Int64 {
        try connection.statement("INSERT OR IGNORE INTO directory(path) VALUES (?)").bind(1, path).run()
        let query = try connection.statement("SELECT id FROM directory WHERE path=?").bind(1, path)
        defer { query.reset() }
        _ = try query.step()
        return query.int64(0)
    }

    /// Returns the row that still matters for a path, the latest; nil where there is none.
    func current(_ directory: Int64, _ path: RelativePath) throws -> Entry? {
        let query = try connection.statement(
            "SELECT \(Ledger.columns) FROM ledger WHERE directory=? AND path=? AND state<>2 ORDER BY id DESC LIMIT 1"
        ).bind(1, directory).bind(2, Array(path.bytes))
        defer { query.reset() }
        guard try query.step() else { return nil }
        return try withCompanions(Ledger.entry(query))
    }

    /// Returns all rows whose file may still lie where it was: what an unclean end left to do.
    func undisposed(_ directory: Int64) throws -> [Entry] {
        var entries: [Entry] = []
        try connection.statement(
            "SELECT \(Ledger.columns) FROM ledger WHERE directory=? AND state<>2 AND state IN (1, 4) ORDER BY id"
        ).bind(1, directory).forEachRow { entries.append(Ledger.entry($0)) }
        return try entries.map(withCompanions)
    }

    /// Returns rows of files that were left in place, by their paths, the first or those after one; none at the end.
    func left(_ directory: Int64, after last: Entry?, limit: Int) throws -> [Entry] {
        var entries: [Entry] = []
        try connection.statement(
            """
            SELECT \(Ledger.columns) FROM ledger WHERE directory=? AND (path, id)>(?, ?) AND state<>2 AND state=3
            ORDER BY path, id LIMIT ?
            """
        ).bind(1, directory).bind(2, last.map { Array($0.path.bytes) } ?? []).bind(3, last?.id ?? 0)
            .bind(4, Int64(limit)).forEachRow { entries.append(Ledger.entry($0)) }
        return entries
    }

    /// Some row of a path has this size and time: the file was read in that state. A copy on another file system has an
    /// inode of its own.
    func hasRead(_ directory: Int64, _ path: RelativePath, _ identity: FileIdentity) throws -> Bool {
        // Over the whole history, without an index: asked only after an unclean end, for a name clash in the archive.
        let query = try connection.statement(
            "SELECT 1 FROM ledger WHERE directory=? AND path=? AND size=? AND modified=? ORDER BY id DESC LIMIT 1"
        ).bind(1, directory).bind(2, Array(path.bytes)).bind(3, identity.size).bind(4, identity.modified)
        defer { query.reset() }
        return try query.step()
    }

    /// Returns the first file of a directory that published this content; nil where there is none.
    ///
    /// - Parameter key: what tells its articles again, where that is more than the content.
    func published(_ directory: Int64, sha256: [UInt8], key: [UInt8]? = nil) throws -> Published? {
        guard let row = try content.row(Ledger.digest(key ?? sha256), directory: directory) else { return nil }
        let query = try connection.statement(
            "SELECT path, first_seq, outcome, parts_done FROM ledger WHERE id=? AND sha256=?"
        ).bind(1, row).bind(2, sha256)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Published(
            row: row, directory: directory, path: RelativePath(bytes: query.bytes(0)), firstSeq: UInt64(query.int64(1)),
            outcome: FileOutcome(rawValue: query.string(2)) ?? .published, partsDone: query.int(3))
    }

    /// Adds a row inside the transaction of the file's records; returns its id.
    ///
    /// - Parameters:
    ///   - key: as of ``published(_:sha256:key:)``.
    ///   - isContent: whether the same content is known by it when it comes again.
    func insert(
        _ entry: Entry, sha256: [UInt8]?, key: [UInt8]? = nil, parts: Int, firstSeq: UInt64, isContent: Bool? = nil
    ) throws -> Int64 {
        let isContent = isContent ?? (entry.outcome == .published || entry.outcome == .partial)
        let statement = try connection.statement(
            """
            INSERT INTO ledger(directory, path, inode, size, modified, sha256, digest, state, outcome, code, message, time_ms,
                parts_done, first_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        try statement.bind(1, entry.directory).bind(2, Array(entry.path.bytes))
            .bind(3, Int64(bitPattern: entry.identity.inode)).bind(4, entry.identity.size)
            .bind(5, entry.identity.modified).bind(6, sha256)
        let key = key ?? sha256
        if isContent, let key { try statement.bind(7, Ledger.digest(key)) } else { try statement.bindNull(7) }
        try statement.bind(8, entry.state.rawValue).bind(9, entry.outcome.rawValue).bind(10, entry.code)
            .bind(11, entry.message).bind(12, entry.time).bind(13, parts).bind(14, Int64(firstSeq)).run()
        if entry.state != .disposed { openCount += 1 }
        let row = connection.lastInsertRowID
        if isContent, let key { try content.note(Ledger.digest(key), directory: entry.directory, row: row) }
        try noteCompanions(of: entry, row: row)
        return row
    }

    /// Writes down, inside the transaction of its last records, what became of a file that was open.
    ///
    /// - Parameters:
    ///   - key: as of ``published(_:sha256:key:)``.
    ///   - isContent: whether the same content is known by it when it comes again.
    func close(_ entry: Entry, key: [UInt8]? = nil, parts: Int, firstSeq: UInt64, isContent: Bool) throws {
        let digest = isContent ? (key ?? entry.sha256).map { Ledger.digest($0) } : nil
        let statement = try connection.statement(
            """
            UPDATE ledger SET digest=?, state=?, outcome=?, code=?, message=?, parts_done=?, first_seq=? WHERE id=?
            """)
        if let digest { try statement.bind(1, digest) } else { try statement.bindNull(1) }
        try statement.bind(2, entry.state.rawValue).bind(3, entry.outcome.rawValue).bind(4, entry.code)
            .bind(5, entry.message).bind(6, parts).bind(7, Int64(firstSeq)).bind(8, entry.id).run()
        try connection.statement("DELETE FROM open_file WHERE row=?").bind(1, entry.id).run()
        if entry.state == .disposed { openCount -= 1 }
        try noteCompanions(of: entry, row: entry.id)
        if let digest { try content.note(digest, directory: entry.directory, row: entry.id) }
    }

    /// Writes down, inside a transaction, which files are durably disposed of.
    ///
    /// - Returns: their rows, for ``forgetDisposed(_:)`` when the transaction is committed.
    func markDisposed() throws -> [Int64] {
        let ids = durable.sorted()
        // The files of a batch have ids one after the other: one statement a run of them.
        var rest = ids[...]
        while let first = rest.first {
            let run = rest.enumerated().prefix { $1 == first + Int64($0) }.count
            try connection.statement("UPDATE ledger SET state=2 WHERE id BETWEEN ? AND ? AND state<>2")
                .bind(1, first).bind(2, first + Int64(run) - 1).run()
            openCount -= connection.changes
            try forgetCompanions(rows: first...first + Int64(run) - 1)
            rest = rest.dropFirst(run)
        }
        return ids
    }

    static let columns =
        "id, directory, path, inode, size, modified, state, outcome, code, message, time_ms, sha256"

    static func entry(_ row: Statement) -> Entry {
        Entry(
            id: row.int64(0), directory: row.int64(1), path: RelativePath(bytes: row.bytes(2)),
            identity: FileIdentity(
                inode: UInt64(bitPattern: row.int64(3)), size: row.int64(4), modified: row.int64(5)),
            state: State(rawValue: row.int64(6)) ?? .disposed,
            outcome: FileOutcome(rawValue: row.string(7)) ?? .ignored,
            code: row.string(8), message: row.string(9), time: row.int64(10),
            sha256: row.isNull(11) ? nil : row.bytes(11))
    }

    /// The first eight bytes of a digest: a key for the index; the whole digest is compared then.
    private static func digest(_ sha256: [UInt8]) -> Int64 {
        sha256.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
