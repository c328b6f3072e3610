import SQLite

/// Files in which erased articles came.
extension Ledger {
    /// Returns the rows of the files that are to be removed, with the number of parts that were read of each.
    func erasedRows() throws -> [(entry: Entry, parts: Int)] {
        // Over the whole history, without an index: a file may have been dropped again, and erasures are rare.
        var rows: [(entry: Entry, parts: Int)] = []
        try connection.statement(
            """
            SELECT \(Ledger.columns), parts_done FROM ledger
            WHERE sha256 IN (SELECT sha256 FROM erased_file WHERE is_due=1) ORDER BY id
            """
        ).forEachRow { rows.append((Ledger.entry($0), $0.int(12))) }
        return rows
    }

    /// Returns the drop directory of a file, and when it was received, in milliseconds since 1970.
    func origin(of row: Int64) throws -> (directory: Int64, received: Int64) {
        let query = try connection.statement("SELECT directory, time_ms FROM ledger WHERE id=?").bind(1, row)
        defer { query.reset() }
        return try query.step() ? (query.int64(0), query.int64(1)) : (0, 0)
    }
}
