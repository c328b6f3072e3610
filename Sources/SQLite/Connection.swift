import CSQLite
import Glibc

/// A connection to one SQLite database. It has one owner: it is not `Sendable`, and it is used on the thread that made it.
///
/// Opened with `SQLITE_OPEN_NOMUTEX`: "the application can use multiple threads as long as each thread is using a
/// different database connection" (sqlite.org/threadsafe.html).
package final class Connection {
    /// How a database is opened.
    package enum Mode: Sendable {
        /// Reads and writes, and makes the file where there is none.
        case readWrite
        /// Reads only; the file must be there.
        case readOnly
    }

    /// What a commit promises (`PRAGMA synchronous`).
    package enum Durability: Sendable {
        /// A commit survives a loss of power: FULL. For whatever holds a cursor or shows a sequence number.
        case full
        /// A commit survives the death of the process: NORMAL. For what can be rebuilt or is delivered again.
        case normal
    }

    /// The path that was opened.
    package let path: String
    let handle: OpaquePointer
    private var cache: [String: Statement] = [:]
    /// Pages in the write-ahead log after the last commit; counted only after ``leaveCheckpoints()``.
    package internal(set) var loggedPages = 0

    /// Opens the database at `path` (`:memory:` for one in memory); waits up to `busyTimeout` for locks.
    package init(path: String, mode: Mode = .readWrite, busyTimeout: Duration = .seconds(5)) throws(SQLiteError) {
        let flags =
            SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
            | (mode == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY)
        var raw: OpaquePointer?
        let code = sqlite3_open_v2(path, &raw, flags, nil)
        guard code == SQLITE_OK, let raw else {
            let message = String(cString: raw.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            sqlite3_close_v2(raw)
            throw SQLiteError(code: code, operation: "open '\(path)'", message: message)
        }
        self.path = path
        self.handle = raw
        let timeout = busyTimeout.components
        sqlite3_busy_timeout(raw, Int32(timeout.seconds * 1000 + timeout.attoseconds / 1_000_000_000_000_000))
    }

    deinit {
        cache.removeAll()
        // `_v2` keeps the handle as a zombie until statements that outlive this object are finalized.
        sqlite3_close_v2(handle)
    }

    /// Sets up a database of our own: write-ahead log, the given durability, incremental vacuum.
    ///
    /// Page size and vacuum mode only take effect in a database that has no tables yet.
    ///
    /// - Parameter pageBytes: a power of two. Large pages suit records that are appended and read one behind the other;
    ///   where each change meets a few places of several indexes, a commit writes whole pages for some bytes.
    package func configure(
        durability: Durability, cacheKiB: Int = 8192, pageBytes: Int = 16384
    ) throws(SQLiteError) {
        try execute("PRAGMA page_size=\(pageBytes); PRAGMA auto_vacuum=INCREMENTAL;")
        try execute("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;")
        // What is deleted or overwritten leaves no trace in the file. Debian's library does so by itself; others may not.
        try execute("PRAGMA secure_delete=ON;")
        // So many bytes whatever a page has, as SQLite's own thousand pages of the largest ones here.
        try execute("PRAGMA wal_autocheckpoint=\(16_384_000 / pageBytes);")
        try execute("PRAGMA synchronous=\(durability == .full ? "FULL" : "NORMAL"); PRAGMA cache_size=-\(cacheKiB);")
    }

    /// Runs one or several statements that return nothing.
    package func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, "execute '\(sql.prefix(120))' in '\(path)'") }
    }

    /// Returns the prepared statement for `sql`, reset and without bindings; each text is prepared once a connection.
    ///
    /// Two nested uses of the same text would share one statement: prepare a second one with ``prepare(_:)`` there.
    package func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let known = cache[sql] {
            known.reset()
            return known
        }
        let made = try prepare(sql)
        cache[sql] = made
        return made
    }

    /// The texts of all statements that were prepared by ``statement(_:)``: what a test looks at the plans of.
    package var statementTexts: [String] { Array(cache.keys) }

    /// Prepares a statement that the caller keeps.
    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var raw: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &raw, nil)
        guard code == SQLITE_OK, let raw else { throw error(code, "prepare '\(sql.prefix(120))' in '\(path)'") }
        return Statement(handle: raw, connection: self)
    }

    /// Runs `body` in one transaction (`BEGIN IMMEDIATE`): commits when it returns, rolls back when it throws.
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // SQLite itself rolls back on some errors (disk full, I/O); a second ROLLBACK would fail then.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Runs `body` on one unchanging snapshot of the database (a read transaction).
    package func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try execute("BEGIN")
        defer { if isInTransaction { try? execute("COMMIT") } }
        return try body()
    }

    /// A transaction is open.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }
    /// The row id of the last insert on this connection.
    package var lastInsertRowID: Int64 { sqlite3_last_insert_rowid(handle) }
    /// The number of rows that the last statement changed.
    package var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Returns the first column of the first row of `sql`, or nil where there is no row or it is NULL.
    package func scalar(_ sql: String) throws(SQLiteError) -> Int64? {
        let query = try statement(sql)
        defer { query.reset() }
        guard try query.step(), !query.isNull(0) else { return nil }
        return query.int64(0)
    }

    /// Ends every query that runs longer than `limit` from now with an interrupted error; nil takes the limit away.
    package func limitTime(_ limit: Duration?) {
        guard let limit else {
            deadline = nil
            sqlite3_progress_handler(handle, 0, nil, nil)
            return
        }
        deadline = ContinuousClock.now + limit
        // Unretained: the handler lives no longer than the handle, which this object owns.
        let me = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_progress_handler(handle, 10_000, { Connection.isPastDeadline($0) }, me)
    }

    private var deadline: ContinuousClock.Instant?
    /// What is called while statements work (``withPulse(every:_:_:)``).
    var pulse: Pulse?

    private static func isPastDeadline(_ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let context else { return 0 }
        let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        guard let deadline = connection.deadline else { return 0 }
        return ContinuousClock.now > deadline ? 1 : 0
    }

    func error(_ code: Int32, _ operation: String) -> SQLiteError {
        let extended = sqlite3_extended_errcode(handle)
        // A device that cannot be read is told as a damaged database: what was SQLITE_IOERR_CORRUPTFS before
        // `sqlite3_step` returned. The one passes, the other does not.
        if extended == SQLITE_CORRUPT {
            let number = csqlite_read_failure(handle)
            if number != 0 {
                return SQLiteError(
                    code: SQLITE_IOERR | 33 << 8, operation: operation, message: String(cString: strerror(number)))
            }
        }
        return SQLiteError(
            code: extended == SQLITE_OK ? code : extended, operation: operation,
            message: String(cString: sqlite3_errmsg(handle)))
    }
}
