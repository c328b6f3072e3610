package import Articles
import Linux
package import SQLite

/// A durable, gapless, append-only log: a set of tables on its owner's connection.
///
/// It is not a file of its own, because two WAL databases do not commit atomically together: the watcher's ledger and
/// log, and the deduplicator's state, cursor and unique stream, each stand in one file. It does not serve anybody; that
/// is ``LogServer``, on a connection of its own.
package final class ArticleLog {
    /// The version of the tables.
    package static let stateVersion = StateVersion("the log", known: 1, in: .row(table: "meta", key: "log_schema"))

    /// The log's name.
    package let stream: StreamID
    /// The log's current epoch, from 1.
    package let epoch: UInt32
    /// The last sequence number, 0 for an empty log; within a transaction that of the last append.
    package private(set) var head: UInt64

    let connection: Connection
    private var topics: [String: Int64] = [:]
    private var appended: [LogRecord] = []
    private var replaced: [ReplacedRecord] = []
    private var lastTime: Int64

    /// Opens the log on a connection and makes its tables where there are none.
    ///
    /// - Throws: `SQLiteError`; ``NewerState``; ``LogError``.
    package init(connection: Connection) throws {
        self.connection = connection
        try connection.transaction {
            try ArticleLog.stateVersion.check(connection)
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS epoch(epoch INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL);
                CREATE TABLE IF NOT EXISTS topic(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
                CREATE TABLE IF NOT EXISTS log(
                    seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, topic INTEGER NOT NULL, rec BLOB NOT NULL);
                CREATE INDEX IF NOT EXISTS log_topic ON log(topic, seq);
                """)
            if try connection.scalar("SELECT count(*) FROM meta WHERE k='stream'") == 0 {
                try connection.statement("INSERT INTO meta(k, v) VALUES ('stream', ?), ('head', 0)")
                    .bind(1, StreamID.random().description).run()
                try connection.execute("INSERT INTO epoch(epoch, first_seq) VALUES (1, 1)")
            }
            try ArticleLog.stateVersion.note(in: connection)
        }
        let state = try LogState(connection: connection)
        stream = state.stream
        epoch = state.epochs.last?.epoch ?? 1
        head = state.head
        lastTime = try ArticleLog.lastTime(connection)
        try connection.statement("SELECT id, name FROM topic").forEachRow { topics[$0.string(1)] = $0.int64(0) }
    }

    /// Appends a record inside the owner's open transaction; it is visible and durable when that commits.
    ///
    /// Times never go back within a log, whatever the wall clock does, so that a time can be sought.
    package func append(topic: Topic, record: [UInt8]) throws -> Position {
        precondition(connection.isInTransaction, "append needs the owner's transaction")
        let name = topic.description
        let topicID = try topics[name] ?? makeTopic(name)
        let seq = head + 1
        let time = max(Clocks.wallMilliseconds(), lastTime)
        try connection.statement("INSERT INTO log(seq, time_ms, topic, rec) VALUES (?, ?, ?, ?)")
            .bind(1, Int64(seq)).bind(2, time).bind(3, topicID).run(binding: 4, uncopied: record)
        // Only now: an insert that failed may be followed by the rollback of a savepoint, which undoes the topic.
        topics[name] = topicID
        head = seq
        lastTime = time
        let position = Position(stream: stream, epoch: epoch, seq: seq, timeMilliseconds: time)
        appended.append(LogRecord(position: position, topic: name, bytes: record))
        return position
    }

    /// Returns the topics under a prefix, in their order by name: also those whose records were all removed.
    func topicNames(under prefix: some StringProtocol) -> [String] {
        topics.keys.filter { $0.hasPrefix(prefix) }.sorted()
    }

    /// Returns what was appended since the last call, after COMMIT: the owner hands it to its ``LogServer``.
    package func takeAppended() -> [LogRecord] {
        defer { appended.removeAll(keepingCapacity: true) }
        return appended
    }

    /// Notes that a record has other bytes now.
    func noteReplaced(_ record: ReplacedRecord) {
        replaced.append(record)
        if let index = appended.firstIndex(where: { $0.position.seq == record.seq }) {
            appended[index] = appended[index].holding(record.bytes)
        }
    }

    /// Returns what was replaced since the last call, after COMMIT: the owner hands it to its ``LogServer``.
    package func takeReplaced() -> [ReplacedRecord] {
        defer { replaced.removeAll() }
        return replaced
    }

    /// Forgets what was appended in a transaction, or in a savepoint, that was rolled back.
    package func forgetAppended() throws {
        topics.removeAll()
        head = try LogState(connection: connection).head
        appended.removeAll { $0.position.seq > head }
        replaced.removeAll()
        lastTime = try ArticleLog.lastTime(connection)
        try connection.statement("SELECT id, name FROM topic").forEachRow { topics[$0.string(1)] = $0.int64(0) }
    }

    /// Begins a new epoch behind the last record: what an operator does after a restore from a backup, so that consumers
    /// which had read further resume where the restored log ends. The log must have no server.
    ///
    /// - Returns: the new epoch.
    package static func bumpEpoch(connection: Connection) throws -> UInt32 {
        try connection.transaction {
            let state = try LogState(connection: connection)
            let epoch = (state.epochs.last?.epoch ?? 0) + 1
            try connection.statement("INSERT INTO epoch(epoch, first_seq) VALUES (?, ?)").bind(1, Int64(epoch))
                .bind(2, Int64(state.head + 1)).run()
            return epoch
        }
    }

    /// Removes at most `limit` records from the low end that were committed before `time` and stand at or before `hold`.
    ///
    /// The head is written down first: an emptied table would let SQLite start again at 1.
    ///
    /// - Returns: how many were removed.
    package func trim(before time: Int64, notPast hold: UInt64, limit: Int = 1000) throws -> Int {
        try connection.transaction {
            try connection.statement("UPDATE meta SET v=? WHERE k='head'").bind(1, Int64(head)).run()
            try connection.statement(
                "DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE seq<=? AND time_ms<? ORDER BY seq LIMIT ?)"
            ).bind(1, Int64(clamping: hold)).bind(2, time).bind(3, limit).run()
            return connection.changes
        }
    }

    /// Removes records that are older than `retention` and stand at or before `hold`, in small transactions.
    package func trim(keeping retention: Duration, notPast hold: UInt64 = .max) throws {
        let end = Clocks.wallMilliseconds() - retention.wholeMilliseconds
        while try trim(before: end, notPast: hold, limit: 1000) == 1000 {}
    }

    /// The bytes in use in the log's database, without free pages.
    package func usedBytes() throws -> Int { try connection.usedBytes }

    private func makeTopic(_ name: String) throws -> Int64 {
        try connection.statement("INSERT INTO topic(name) VALUES (?)").bind(1, name).run()
        return connection.lastInsertRowID
    }

    private static func lastTime(_ connection: Connection) throws -> Int64 {
        try connection.scalar("SELECT time_ms FROM log ORDER BY seq DESC LIMIT 1") ?? 0
    }
}
