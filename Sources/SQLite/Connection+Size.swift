extension Connection {
    /// The bytes of the database's pages, also of free ones; what its write-ahead log has beside them is not counted.
    package var bytes: Int {
        get throws(SQLiteError) { Int((try scalar("PRAGMA page_count") ?? 0) * (try pageBytes)) }
    }

    /// The bytes of the database's pages that something stands on.
    package var usedBytes: Int {
        get throws(SQLiteError) {
            let pages = (try scalar("PRAGMA page_count") ?? 0) - (try scalar("PRAGMA freelist_count") ?? 0)
            return Int(pages * (try pageBytes))
        }
    }

    private var pageBytes: Int64 { get throws(SQLiteError) { try scalar("PRAGMA page_size") ?? 0 } }
}
