import CSQLite

/// An error of SQLite: its extended result code, what was being done, and SQLite's own sentence.
///
/// Codes: <https://www.sqlite.org/rescode.html>.
package struct SQLiteError: Error, Equatable, CustomStringConvertible {
    /// The extended result code, as `sqlite3_extended_errcode` gives it.
    package let code: Int32
    /// What was being done: `open 'log.sqlite'`, `prepare …`, `step …`.
    package let operation: String
    /// SQLite's sentence (`sqlite3_errmsg`).
    package let message: String

    /// The primary result code, the low byte of `code`.
    package var primaryCode: Int32 { code & 0xff }
    /// The disk or the quota is full; a retry succeeds when there is room again.
    package var isDiskFull: Bool { primaryCode == SQLITE_FULL }
    /// Another connection holds the lock; a retry may succeed.
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    /// The file is not a database, or is damaged.
    package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
    /// The operating system failed to read or write.
    package var isInputOutput: Bool { primaryCode == SQLITE_IOERR || primaryCode == SQLITE_CANTOPEN }
    /// The cause lies outside of the database and may pass: no room, no memory, an error of the device, a lock, a file system
    /// that is read-only.
    package var isPassing: Bool {
        isDiskFull || isBusy || isInputOutput || primaryCode == SQLITE_NOMEM || primaryCode == SQLITE_READONLY
    }
    /// A constraint (UNIQUE, NOT NULL, CHECK) refused the row.
    package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
    /// The query was interrupted (`sqlite3_interrupt`, or its time limit).
    package var isInterrupted: Bool { primaryCode == SQLITE_INTERRUPT }

    package var description: String { "\(operation): \(message) (SQLite code \(code))" }
}

extension SQLiteError {
    /// The error of a query that ran out of time, for functions that watch the clock themselves.
    package static func interrupted(_ operation: String) -> SQLiteError {
        SQLiteError(
            code: SQLITE_INTERRUPT, operation: operation, message: String(cString: sqlite3_errstr(SQLITE_INTERRUPT)))
    }
}
