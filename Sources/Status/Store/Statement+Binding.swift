import Articles
import SQLite

extension Statement {
    /// Binds milliseconds, or NULL.
    func bindTime(_ index: Int, _ time: Timestamp?) throws(SQLiteError) -> Statement {
        if let time { try bind(index, time.milliseconds) } else { try bindNull(index) }
    }

    /// Binds values of a list's query, the first as number `index`.
    func bind(_ values: [ListQuery.Value], from index: Int = 1) throws(SQLiteError) {
        for (offset, value) in values.enumerated() {
            switch value {
            case .integer(let number): try bind(index + offset, number)
            case .text(let text): try bind(index + offset, text)
            case .blob(let bytes): try bind(index + offset, bytes)
            }
        }
    }

    /// Binds a count, or NULL.
    func bindCount(_ index: Int, _ count: UInt64?) throws(SQLiteError) -> Statement {
        if let count { try bind(index, Int64(clamping: count)) } else { try bindNull(index) }
    }
}
