import Articles
import Linux
import SQLite

/// What a stateful worker keeps beside its processor's tables: cursors, the outbox of results, and what failed.
struct WorkerStore {
    /// Where an article that failed stands.
    enum FailureState: Int {
        /// It comes again by itself.
        case retrying = 0
        /// It was given up.
        case dead
        /// An operator has discarded it, and the worker has yet to report that.
        case discarded
    }

    /// An article that failed.
    struct Failure {
        let position: Position
        let bytes: [UInt8]
        let attempts: Int
        /// It does not come again by itself.
        let isDead: Bool
    }

    let connection: Connection
    let cursors: CursorTable
    /// The version of the tables.
    static let stateVersion = StateVersion("a worker's outbox", known: 1, in: .header)
    /// So many results are kept after the status service has stored them: a store that is made anew gets them again.
    static let keptResults: Int64 = 200_000

    init(connection: Connection) throws {
        self.connection = connection
        cursors = try connection.transaction {
            try WorkerStore.stateVersion.check(connection)
            let cursors = try CursorTable("worker_cursor", in: connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, row BLOB NOT NULL);
                CREATE TABLE IF NOT EXISTS failure(
                    stream TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL,
                    attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, is_dead INTEGER NOT NULL, reason TEXT NOT NULL,
                    rec BLOB NOT NULL, PRIMARY KEY(stream, epoch, seq)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS outbox_sent(
                    one INTEGER PRIMARY KEY CHECK(one=1), id INTEGER NOT NULL, store TEXT);
                INSERT OR IGNORE INTO outbox_sent(one, id) VALUES (1, 0);
                CREATE INDEX IF NOT EXISTS failure_due ON failure(is_dead, due_ms);
                """)
            try WorkerStore.stateVersion.note(in: connection)
            return cursors
        }
    }

    // MARK: Outbox

    /// Appends a result.
    func append(_ row: [UInt8]) throws {
        try connection.statement("INSERT INTO outbox(row) VALUES (?)").bind(1, row).run()
    }

    private static let waiting = "id>(SELECT id FROM outbox_sent)"

    /// The number of results that wait.
    func outboxCount() throws -> Int {
        Int(try connection.scalar("SELECT count(*) FROM outbox WHERE \(WorkerStore.waiting)") ?? 0)
    }

    /// The first results that wait, within the limits of one REPORT.
    func outboxBatch(maximum: Int = 400, maximumBytes: Int = 512 << 10) throws -> [(id: Int64, bytes: [UInt8])] {
        var rows: [(id: Int64, bytes: [UInt8])] = []
        var bytes = 0
        let query = try connection.statement(
            "SELECT id, row FROM outbox WHERE \(WorkerStore.waiting) ORDER BY id LIMIT ?"
        ).bind(1, maximum)
        defer { query.reset() }
        while try query.step() {
            bytes += query.byteCount(1)
            if !rows.isEmpty, bytes > maximumBytes { break }
            rows.append((query.int64(0), query.bytes(1)))
        }
        return rows
    }

    /// Takes results out of the outbox that the status service has stored; returns how many. The last of them are kept.
    func removeOutbox(upTo id: Int64) throws -> Int {
        try connection.transaction {
            let query = try connection.statement(
                "SELECT count(*) FROM outbox WHERE \(WorkerStore.waiting) AND id<=?"
            ).bind(1, id)
            _ = try query.step()
            let count = query.int(0)
            query.reset()
            try connection.statement("UPDATE outbox_sent SET id=max(id, ?)").bind(1, id).run()
            try connection.statement("DELETE FROM outbox WHERE id<=?").bind(1, id - WorkerStore.keptResults).run()
            return count
        }
    }

    /// Notes which store the status service has; where it is another one than before, all that is kept waits again.
    ///
    /// - Returns: whether that is so.
    func noteStore(_ store: String) throws -> Bool {
        let query = try connection.statement("SELECT store FROM outbox_sent")
        defer { query.reset() }
        let before = try query.step() && !query.isNull(0) ? query.string(0) : nil
        guard before != store else { return false }
        query.reset()
        try connection.statement("UPDATE outbox_sent SET store=?, id=CASE WHEN store IS NULL THEN id ELSE 0 END")
            .bind(1, store).run()
        return before != nil
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

    /// Returns what failed at a place; nil where nothing is known of that.
    func failure(at position: Position) throws -> Failure? {
        try failures(
            connection.statement("\(WorkerStore.failures) WHERE stream=? AND epoch=? AND seq=?")
                .bind(1, position.stream.description).bind(2, Int64(position.epoch)).bind(3, Int64(position.seq))
        ).first
    }

    /// Lets a failure come again at once; a dead one as if it had never failed.
    func revive(_ position: Position, now: Int64) throws {
        try connection.statement(
            """
            UPDATE failure SET attempts=CASE is_dead WHEN 0 THEN attempts ELSE 0 END, is_dead=0, due_ms=?
            WHERE stream=? AND epoch=? AND seq=?
            """
        ).bind(1, now).bind(2, position.stream.description).bind(3, Int64(position.epoch))
            .bind(4, Int64(position.seq)).run()
    }

    /// Failures that an operator has discarded in the database.
    func discardedFailures(maximum: Int = 100) throws -> [Failure] {
        try failures(
            connection.statement("\(WorkerStore.failures) WHERE is_dead=? LIMIT ?")
                .bind(1, FailureState.discarded.rawValue).bind(2, maximum))
    }

    /// Failures whose time has come.
    func dueFailures(now: Int64, maximum: Int = 20) throws -> [Failure] {
        try failures(
            connection.statement("\(WorkerStore.failures) WHERE is_dead=0 AND due_ms<=? ORDER BY due_ms LIMIT ?")
                .bind(1, now).bind(2, maximum))
    }

    private static let failures = "SELECT stream, epoch, seq, time_ms, attempts, rec, is_dead FROM failure"

    private func failures(_ query: Statement) throws -> [Failure] {
        var found: [Failure] = []
        try query.forEachRow { row in
            guard let stream = StreamID(row.string(0)) else { return }
            let position = Position(
                stream: stream, epoch: UInt32(row.int64(1)), seq: UInt64(row.int64(2)), timeMilliseconds: row.int64(3))
            found.append(
                Failure(
                    position: position, bytes: row.bytes(5), attempts: row.int(4), isDead: row.int(6) != 0))
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
