import CSQLite

/// Bringing what stands in the write-ahead log into the database itself. SQLite does it within a commit, every so often; a
/// connection of its own can do it while the one that commits goes on.
extension Connection {
    /// What a checkpoint found and did.
    package struct Checkpoint: Sendable {
        /// Pages in the write-ahead log.
        package let logged: Int
        /// Those of them that stand in the database, too.
        package let moved: Int
    }

    /// Makes no checkpoints any more at this connection's commits, which only count (``loggedPages``). The corresponding C
    /// function is `sqlite3_wal_hook`.
    package func leaveCheckpoints() {
        // Unretained: the hook lives no longer than the handle, which this object owns.
        let me = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().loggedPages = Int(pages)
                return SQLITE_OK
            }, me)
    }

    /// Moves what it can without waiting for anybody, and without making anybody wait: what is read in older states stays
    /// where it is. The corresponding C function is `sqlite3_wal_checkpoint_v2`, passive.
    package func checkpoint() throws(SQLiteError) -> Checkpoint {
        // A connection that has read nothing yet does not know that there is a log.
        _ = try scalar("PRAGMA schema_version")
        var (logged, moved): (Int32, Int32) = (0, 0)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &logged, &moved)
        guard code == SQLITE_OK else { throw error(code, "checkpoint '\(path)'") }
        return Checkpoint(logged: Int(logged), moved: Int(moved))
    }

    /// Moves everything into the database and cuts the write-ahead log to nothing, so that no older state of a page is left
    /// in it; waits for readers as long as for locks. The corresponding C function is `sqlite3_wal_checkpoint_v2`, truncate.
    ///
    /// - Returns: false where somebody still reads an older state: it is to be tried again.
    package func emptyLog() throws(SQLiteError) -> Bool {
        _ = try scalar("PRAGMA schema_version")
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        if code & 0xff == SQLITE_BUSY { return false }
        guard code == SQLITE_OK else { throw error(code, "empty the write-ahead log of '\(path)'") }
        loggedPages = 0
        return true
    }
}
