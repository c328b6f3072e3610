import CSQLite

extension Connection {
    /// Copies the database as it is at one moment into a new file, while others read and write it.
    ///
    /// A read transaction holds the moment: without it the copy would begin anew with each commit of somebody else. The copy
    /// is one file, without a write-ahead log, and not durable yet. The corresponding C functions are
    /// `sqlite3_backup_init`, `sqlite3_backup_step` and `sqlite3_backup_finish`.
    ///
    /// - Parameter progress: called now and then with the bytes that are copied, of how many.
    package func copy(to path: String, progress: (_ copied: Int, _ total: Int) throws -> Void = { _, _ in }) throws {
        let target = try Connection(path: path)
        let operation = "copy '\(self.path)' to '\(path)'"
        try snapshot {
            // The transaction begins with what is read first.
            let pageBytes = Int(try scalar("PRAGMA page_size") ?? 0)
            _ = try scalar("SELECT count(*) FROM sqlite_master")
            guard let backup = sqlite3_backup_init(target.handle, "main", handle, "main") else {
                throw target.error(sqlite3_errcode(target.handle), operation)
            }
            var code = SQLITE_OK
            do {
                while code == SQLITE_OK {
                    code = sqlite3_backup_step(backup, 1024)
                    let total = Int(sqlite3_backup_pagecount(backup))
                    try progress((total - Int(sqlite3_backup_remaining(backup))) * pageBytes, total * pageBytes)
                }
            } catch {
                sqlite3_backup_finish(backup)
                throw error
            }
            guard sqlite3_backup_finish(backup) == SQLITE_OK, code == SQLITE_DONE else {
                throw target.error(code, operation)
            }
        }
        try target.execute("PRAGMA journal_mode=DELETE")
    }
}
