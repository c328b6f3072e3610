import SQLite

/// Entries of feeds: which ones were published, by directory. They are forgotten when they have not been met for a while.
extension Ledger {
    static let entriesSchema = """
        CREATE TABLE IF NOT EXISTS entry(
            directory INTEGER NOT NULL, key BLOB NOT NULL, met_ms INTEGER NOT NULL,
            PRIMARY KEY(directory, key)) WITHOUT ROWID;
        """

    /// How long an entry is known that no file has any more, in milliseconds. Feeds drop entries after days.
    static let entryMemory: Int64 = 180 * 86_400_000
    /// That an entry was met again is written down once a day.
    private static let entryStep: Int64 = 86_400_000

    /// Notes an entry; returns whether it is new.
    func noteEntry(_ directory: Int64, _ key: [UInt8], time: Int64) throws -> Bool {
        let met = try lastMet(directory, key)
        if let met, time - met < Ledger.entryStep { return false }
        try connection.statement("INSERT OR REPLACE INTO entry(directory, key, met_ms) VALUES (?, ?, ?)").bind(
            1, directory
        )
        .bind(2, key).bind(3, time).run()
        return met == nil
    }

    /// Returns whether an entry was noted.
    func knowsEntry(_ directory: Int64, _ key: [UInt8]) throws -> Bool { try lastMet(directory, key) != nil }

    private func lastMet(_ directory: Int64, _ key: [UInt8]) throws -> Int64? {
        var met: Int64?
        try connection.statement("SELECT met_ms FROM entry WHERE directory=? AND key=?").bind(1, directory).bind(2, key)
            .forEachRow { met = $0.int64(0) }
        return met
    }

    /// Forgets entries that were not met since `time`.
    func forgetEntries(before time: Int64) throws {
        try connection.statement("DELETE FROM entry WHERE met_ms<?").bind(1, time).run()
    }
}
