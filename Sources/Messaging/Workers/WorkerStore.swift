import Articles
import Linux
import SQLite

/// What a stateful worker keeps beside its processor's tables: cursors, the outbox of results, and what failed.
struct WorkerStore {
    /// An article that failed and comes again.
    struct Failure {
        let position: Position
        let bytes: [UInt8]
        let attempts: Int
    }

    let connection: Connection
    let cursors: CursorTable
    private static let schemaVersion: Int64 = 1

    init(connection: Connection) throws {
        self.connection = connection
        cursors = try connection.transaction {
            let cursors = try CursorTable("worker_cursor", in: connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, row BLOB NOT NULL);
                CREATE TABLE IF NOT EXISTS failure(
                    stream TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL,
                    attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, is_dead INTEGER NOT NULL, reason TEXT NOT NULL,
                    rec BLOB NOT NULL, PRIMARY KEY(stream, epoch, seq)) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS failure_due ON failure(is_dead, due_ms);
                """)
            let version = try connection.scalar("PRAGMA user_version") ?? 0
            guard version <= WorkerStore.schemaVersion else {
                throw LogError.newerSchema(path: connection.path, version: version)
            }
            try connection.execute("PRAGMA user_version=\(WorkerStore.schemaVersion)")
            return cursors
        }
    }

    // MARK: Outbox

    /// Appends a result.
    func append(_ row: [UInt8]) throws {
        try connection.statement("INSERT INTO outbox(row) VALUES (?)").bind(1, row).run()
    }

    /// The number of results that wait.
    func outboxCount() throws -> Int { Int(try connection.scalar("SELECT count(*) FROM outbox") ?? 0) }

    /// The first results that wait, within the limits of one REPORT.
    func outboxBatch(maximum: Int = 400, maximumBytes: Int = 512 << 10) throws -> [(id: Int64, bytes: [UInt8])] {
        var rows: [(id: Int64, bytes: [UInt8])] = []
        var bytes = 0
        let query = try connection.statement("SELECT id, row FROM outbox ORDER BY id LIMIT ?").bind(1, maximum)
        defer { query.reset() }
        while try query.step() {
            bytes += query.byteCount(1)
            if !rows.isEmpty, bytes > maximumBytes { break }
            rows.append((query.int64(0), query.bytes(1)))
        }
        return rows
    }

    /// Removes results that the status service has stored; returns how many.
    func removeOutbox(upTo id: Int64) throws -> Int {
        try connection.statement("DELETE FROM outbox WHERE id<=?").bind(1, id).run()
        return connection.changes
    }

    // MARK: Failures

    /// Notes a failed attempt; it comes again at `due`, or never where it is dead.
    func note(_ position: Position, bytes: [UInt8], attempts: Int, due: Int64, isDead: Bool, reason: String) throws {
        try connection.statement(
            """
            INSERT OR REPLACE INTO failure(stream, epoch, seq, time_ms, attempts, due_ms, is_dead, reason, rec)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, position.stream.description).bind(2, Int64(position.epoch)).bind(3, Int64(position.seq))
            .bind(4, position.timeMilliseconds).bind(5, attempts).bind(6, due).bind(7, isDead ? 1 : 0).bind(8, reason)
            .bind(9, bytes).run()
    }

    /// Forgets a failure that was repaired.
    func forget(_ position: Position) throws {
        try connection.statement("DELETE FROM failure WHERE stream=? AND epoch=? AND seq=?")
            .bind(1, position.stream.description).bind(2, Int64(position.epoch)).bind(3, Int64(position.seq)).run()
    }

    /// Failures whose time has come.
    func dueFailures(now: Int64, maximum: Int = 20) throws -> [Failure] {
        var found: [Failure] = []
        try connection.statement(
            """
            SELECT stream, epoch, seq, time_ms, attempts, rec FROM failure WHERE is_dead=0 AND due_ms<=?
            ORDER BY due_ms LIMIT ?
            """
        ).bind(1, now).bind(2, maximum).forEachRow { row in
            guard let stream = StreamID(row.string(0)) else { return }
            let position = Position(
                stream: stream, epoch: UInt32(row.int64(1)), seq: UInt64(row.int64(2)), timeMilliseconds: row.int64(3))
            found.append(Failure(position: position, bytes: row.bytes(5), attempts: row.int(4)))
        }
        return found
    }

    /// The numbers of failures that come again and of dead letters, and when the next is due (wall milliseconds).
    func failureCounts() throws -> (retrying: Int, dead: Int, nextDue: Int64?) {
        let query = try connection.statement(
            "SELECT sum(is_dead=0), sum(is_dead=1), min(CASE WHEN is_dead=0 THEN due_ms END) FROM failure")
        defer { query.reset() }
        _ = try query.step()
        return (query.int(0), query.int(1), query.isNull(2) ? nil : query.int64(2))
    }
}
