import Articles
import SQLite

extension Statement {
    /// Binds milliseconds, or NULL.
    func bindTime(_ index: Int, _ time: Timestamp?) throws(SQLiteError) -> Statement {
        if let time { try bind(index, time.milliseconds) } else { try bindNull(index) }
    }

    /// Binds a count, or NULL.
    func bindCount(_ index: Int, _ count: UInt64?) throws(SQLiteError) -> Statement {
        if let count { try bind(index, Int64(clamping: count)) } else { try bindNull(index) }
    }
}
