import SQLite

/// Goes through rows of a table in their order by an index, as long as that is bounded, and says which of them match.
///
/// What decides how far is gone (the bounds, and a condition that an index answers) stands in WHERE; whether a row matches
/// is a column, so that rows that do not match are counted, too.
struct ListQuery {
    /// A piece of SQL with what is bound to it.
    struct Part {
        var sql: String
        var values: [Value] = []
    }

    enum Value {
        case integer(Int64)
        case text(String)
        case blob([UInt8])
    }

    /// What is found of a page.
    struct Found {
        /// Rows that match, the last arrived first.
        var rows: [Int64]
        /// Where the pages beside it begin; nil where there is none.
        var older: Int64?
        var newer: Int64?
    }

    let table: String
    /// Conditions that an index answers.
    var bounds: [Part] = []
    /// Whether a row matches.
    var conditions: [Part] = []

    /// Sets as small as this are put in order by themselves.
    static let smallSet = 1000

    /// The statement that goes through the rows from a place on, and what is bound to it.
    func statement(at place: ListPlace) -> Part {
        var bounds = bounds
        var isAscending = false
        switch place {
        case .end: bounds.append(Part(sql: "row<?", values: [.integer(.max)]))
        case .before(let row): bounds.append(Part(sql: "row<?", values: [.integer(row)]))
        case .after(let row):
            bounds.append(Part(sql: "row>?", values: [.integer(row)]))
            isAscending = true
        }
        func all(_ parts: [Part]) -> String {
            parts.isEmpty ? "1" : parts.map { "(\($0.sql))" }.joined(separator: " AND ")
        }
        return Part(
            sql: "SELECT row, \(all(conditions)) FROM \(table) WHERE \(all(bounds)) ORDER BY row "
                + (isAscending ? "ASC" : "DESC"),
            values: (conditions + bounds).flatMap(\.values))
    }

    /// Finds a page.
    ///
    /// - Parameter most: how many rows are looked at for it.
    func find(
        _ place: ListPlace, limit: Int, examining most: ExaminedRows.Limit, _ connection: Connection
    ) throws -> Found {
        let statement = statement(at: place)
        let query = try connection.prepare(statement.sql)
        try query.bind(statement.values)
        defer { query.reset() }
        var rows: [Int64] = []
        var examined = ExaminedRows(limit: most)
        // Where it was left off; nil at the end.
        var left: Int64?
        while try query.step() {
            examined.add()
            if query.int(1) != 0 { rows.append(query.int64(0)) }
            guard rows.count == limit || examined.isEnough else { continue }
            let last = query.int64(0)
            if try query.step() { left = last }
            break
        }
        switch place {
        case .end: return Found(rows: rows, older: left, newer: nil)
        case .before(let row): return Found(rows: rows, older: left, newer: row - 1)
        case .after(let row): return Found(rows: rows.reversed(), older: row + 1, newer: left)
        }
    }
}
