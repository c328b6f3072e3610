import CSQLite

/// A prepared statement of one ``Connection``; parameters count from 1, columns from 0, as in SQLite.
package final class Statement {
    private let handle: OpaquePointer
    // Keeps the connection open for as long as the statement lives; cached statements are released by the connection.
    private unowned let connection: Connection

    init(handle: OpaquePointer, connection: Connection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Parameters

    /// Binds an integer (`sqlite3_bind_int64`).
    @discardableResult
    package func bind(_ index: Int, _ value: Int64) throws(SQLiteError) -> Statement {
        try check(sqlite3_bind_int64(handle, Int32(index), value), "bind")
        return self
    }

    /// Binds an integer.
    @discardableResult
    package func bind(_ index: Int, _ value: Int) throws(SQLiteError) -> Statement {
        try bind(index, Int64(value))
    }

    /// Binds a floating-point number (`sqlite3_bind_double`).
    @discardableResult
    package func bind(_ index: Int, _ value: Double) throws(SQLiteError) -> Statement {
        try check(sqlite3_bind_double(handle, Int32(index), value), "bind")
        return self
    }

    /// Binds a text as UTF-8, or NULL.
    @discardableResult
    package func bind(_ index: Int, _ value: String?) throws(SQLiteError) -> Statement {
        guard var value else { return try bindNull(index) }
        let code = value.withUTF8 { bytes in
            csqlite_bind_text(
                handle, Int32(index), UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
                UInt64(bytes.count))
        }
        try check(code, "bind")
        return self
    }

    /// Binds a blob, or NULL; SQLite copies the bytes.
    @discardableResult
    package func bind(_ index: Int, _ value: [UInt8]?) throws(SQLiteError) -> Statement {
        guard let value else { return try bindNull(index) }
        let code = value.withUnsafeBytes {
            csqlite_bind_blob(handle, Int32(index), $0.baseAddress, UInt64($0.count))
        }
        try check(code, "bind")
        return self
    }

    /// Binds a blob that SQLite does not copy, runs the statement, and makes it ready for the next time, without bindings.
    package func run(binding index: Int, uncopied value: [UInt8]) throws(SQLiteError) {
        // Within the closure the bytes stay where they are; nothing is bound any more when it ends.
        let failure = value.withUnsafeBytes { bytes in
            do throws(SQLiteError) {
                defer { reset() }
                try check(
                    csqlite_bind_blob_static(handle, Int32(index), bytes.baseAddress, UInt64(bytes.count)), "bind")
                while try step() {}
                return SQLiteError?.none
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Binds NULL.
    @discardableResult
    package func bindNull(_ index: Int) throws(SQLiteError) -> Statement {
        try check(sqlite3_bind_null(handle, Int32(index)), "bind")
        return self
    }

    // MARK: Running

    /// Takes one step: true where there is a row to read, false at the end.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let failure = connection.error(code, "run '\(String(cString: sqlite3_sql(handle)).prefix(120))'")
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs a statement that returns nothing and makes it ready for the next time.
    package func run() throws(SQLiteError) {
        while try step() {}
        sqlite3_reset(handle)
    }

    /// Runs `body` for every row and makes the statement ready for the next time.
    package func forEachRow(_ body: (Statement) throws -> Void) throws {
        defer { sqlite3_reset(handle) }
        while try step() { try body(self) }
    }

    /// Makes the statement ready for the next time, without bindings; ends its read transaction.
    package func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    // MARK: Columns of the current row

    /// The integer in a column (0 for NULL).
    package func int64(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }
    /// The integer in a column (0 for NULL).
    package func int(_ column: Int) -> Int { Int(int64(column)) }
    /// The floating-point number in a column (0 for NULL).
    package func double(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }
    /// A column is NULL.
    package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    /// The text in a column ("" for NULL); ill-formed UTF-8 is repaired.
    package func string(_ column: Int) -> String {
        guard let bytes = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// A copy of the blob in a column (empty for NULL).
    package func bytes(_ column: Int) -> [UInt8] { withBytes(column) { Array($0) } }

    /// The size in bytes of the blob or text in a column.
    package func byteCount(_ column: Int) -> Int { Int(sqlite3_column_bytes(handle, Int32(column))) }

    /// Calls `body` with the blob in a column; the bytes are valid only during the call.
    package func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        let start = sqlite3_column_blob(handle, Int32(column))
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    private func check(_ code: Int32, _ operation: String) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw connection.error(code, operation) }
    }
}
