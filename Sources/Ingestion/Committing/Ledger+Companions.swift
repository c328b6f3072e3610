import Articles
import Linux
import SQLite

/// What goes with files that are not disposed of yet, in the state in which it was read: should the process end, another one
/// that has its name by then stays, whatever the clock of the machine says.
extension Ledger {
    static let companionsSchema = """
        CREATE TABLE IF NOT EXISTS companion(
            row INTEGER NOT NULL, path BLOB NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
            modified INTEGER NOT NULL, PRIMARY KEY(row, path)) WITHOUT ROWID;
        """

    /// Writes down, inside the transaction of a file's records, what goes with it where it does not stay.
    func noteCompanions(of entry: Entry, row: Int64) throws {
        guard entry.state == .committed || entry.state == .keeping, let companions = entry.companions else { return }
        for companion in companions {
            try connection.statement(
                "INSERT OR REPLACE INTO companion(row, path, inode, size, modified) VALUES (?, ?, ?, ?, ?)"
            ).bind(1, row).bind(2, Array(companion.path.bytes)).bind(3, Int64(bitPattern: companion.identity.inode))
                .bind(4, companion.identity.size).bind(5, companion.identity.modified).run()
            hasCompanions = true
        }
    }

    /// Returns a row with what is written down of its companions.
    func withCompanions(_ entry: Entry) throws -> Entry {
        guard hasCompanions else { return entry }
        var entry = entry
        try connection.statement("SELECT path, inode, size, modified FROM companion WHERE row=?").bind(1, entry.id)
            .forEachRow {
                entry.companionStates[RelativePath(bytes: $0.bytes(0))] = FileIdentity(
                    inode: UInt64(bitPattern: $0.int64(1)), size: $0.int64(2), modified: $0.int64(3))
            }
        return entry
    }

    /// Forgets, inside a transaction, what went with files that are disposed of.
    func forgetCompanions(rows: ClosedRange<Int64>) throws {
        guard hasCompanions else { return }
        try connection.statement("DELETE FROM companion WHERE row BETWEEN ? AND ?").bind(1, rows.lowerBound)
            .bind(2, rows.upperBound).run()
    }
}
