import FoundationEssentials
import Linux
import SQLite

/// What the store remembers of quarantines, in the transactions of the intake: the reasons of files that are not in quarantine
/// yet, and how often files that were dropped again had been tried.
final class QuarantineBook {
    private let connection: Connection
    /// Rows of both tables: mostly there are none, and nothing need be asked.
    private var reasons = 0
    private var retries = 0

    init(connection: Connection) throws {
        self.connection = connection
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS quarantine_reason(id INTEGER PRIMARY KEY, reason BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS retry(
                directory INTEGER NOT NULL, path BLOB NOT NULL, attempts INTEGER NOT NULL,
                PRIMARY KEY(directory, path)) WITHOUT ROWID;
            """)
        try recount()
    }

    /// Counts anew, after a transaction that was rolled back.
    func recount() throws {
        reasons = Int(try connection.scalar("SELECT count(*) FROM quarantine_reason") ?? 0)
        retries = Int(try connection.scalar("SELECT count(*) FROM retry") ?? 0)
    }

    // MARK: Reasons

    /// Remembers the reason of a row whose file is to go into quarantine.
    func keep(_ reason: QuarantineReason, of row: Int64) throws {
        try connection.statement("INSERT OR REPLACE INTO quarantine_reason(id, reason) VALUES (?, ?)").bind(1, row)
            .bind(2, reason.json).run()
        reasons += connection.changes
    }

    /// The reason of a row; nil where none is remembered.
    func reason(of row: Int64) throws -> QuarantineReason? {
        guard reasons > 0 else { return nil }
        let query = try connection.statement("SELECT reason FROM quarantine_reason WHERE id=?").bind(1, row)
        defer { query.reset() }
        return try query.step()
            ? JSONDecoder().decode(QuarantineReason.self, from: Data(query.bytes(0))) : nil
    }

    /// Forgets the reasons of files that are in quarantine now.
    func forgetReasons(of rows: [Int64]) throws {
        guard reasons > 0 else { return }
        let statement = try connection.prepare("DELETE FROM quarantine_reason WHERE id=?")
        for row in rows where reasons > 0 {
            try statement.bind(1, row).run()
            reasons -= connection.changes
        }
    }

    // MARK: Attempts

    /// Remembers how often a file that is dropped again had been tried.
    func keepAttempts(_ count: Int, _ directory: Int64, _ path: RelativePath) throws {
        try connection.statement("INSERT OR REPLACE INTO retry(directory, path, attempts) VALUES (?, ?, ?)")
            .bind(1, directory).bind(2, Array(path.bytes)).bind(3, count).run()
        try recount()
    }

    /// Returns how often a file had been tried before it was dropped again, 0 for a new one, and forgets it.
    func takeAttempts(_ directory: Int64, _ path: RelativePath) throws -> Int {
        guard retries > 0 else { return 0 }
        let query = try connection.statement("SELECT attempts FROM retry WHERE directory=? AND path=?")
            .bind(1, directory).bind(2, Array(path.bytes))
        defer { query.reset() }
        guard try query.step() else { return 0 }
        let attempts = Int(query.int64(0))
        query.reset()
        try connection.statement("DELETE FROM retry WHERE directory=? AND path=?").bind(1, directory)
            .bind(2, Array(path.bytes)).run()
        retries -= 1
        return attempts
    }
}
