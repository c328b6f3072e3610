import Linux
import SQLite

/// Reads a log from a connection of its own. No read transaction outlives a call.
package final class LogReader {
    /// How much one read may return and look at.
    struct Bounds {
        var records: Int
        var bytes: Int
        /// Rows that a filter may skip in one turn, so that one peer's rare topic does not hold up the others.
        var rows = 10_000
        /// The time of one turn.
        var time = Duration.milliseconds(5)
    }

    /// What a read gave.
    struct Slice {
        var records: [LogRecord] = []
        /// The last sequence number that was looked at.
        var next: UInt64
    }

    let state: LogState
    private let connection: Connection
    private var topics: [Int64: String] = [:]

    /// Opens the log in the database at `path`, whose owner has made its tables.
    package init(path: String) throws {
        connection = try Connection(path: path, mode: .readOnly)
        try connection.execute("PRAGMA cache_size=-4096")
        // One snapshot: retention may empty the table between two looks.
        state = try connection.snapshot { [connection] in try LogState(connection: connection) }
        try loadTopics()
    }

    /// The log that it is.
    package var stream: StreamID { state.stream }

    /// The last sequence number that is committed now, 0 for none.
    package func head() throws -> UInt64 { try LogState(connection: connection).head }

    /// The epoch that it is in.
    package var epoch: UInt32 { state.epochs.last?.epoch ?? 1 }

    /// The oldest retained sequence number; head + 1 for an empty log.
    package func low(head: UInt64) throws -> UInt64 {
        try connection.scalar("SELECT min(seq) FROM log").map(UInt64.init) ?? head + 1
    }

    /// The bytes in use in the log's database, without free pages.
    func usedBytes() throws -> Int { try connection.usedBytes }

    /// The file system that the database lies on; nil where it does not say.
    var space: FileSystemSpace? {
        let folder = connection.path.lastIndex(of: "/").map { connection.path[..<$0] } ?? "."
        return try? FileSystemSpace(path: folder.isEmpty ? "/" : String(folder))
    }

    /// Returns the commit time of a record, nil where there is no such record.
    func time(of seq: UInt64) throws -> Int64? {
        let query = try connection.statement("SELECT time_ms FROM log WHERE seq=?").bind(1, Int64(clamping: seq))
        defer { query.reset() }
        return try query.step() ? query.int64(0) : nil
    }

    /// Returns one record, nil where there is no such record.
    func record(_ seq: UInt64) throws -> LogRecord? {
        let query = try connection.statement("SELECT seq, time_ms, topic, rec FROM log WHERE seq=?")
            .bind(1, Int64(clamping: seq))
        defer { query.reset() }
        return try query.step() ? makeRecord(query) : nil
    }

    /// Returns the first sequence number that was committed at or after `time`, nil where all are older.
    func firstSeq(at time: Int64) throws -> UInt64? {
        try LogScan.firstSeq(at: time, in: connection)
    }

    /// Reads ascending records after `seq` up to `head` of the topics that begin so, all where none is named.
    ///
    /// - Returns: at most `limit` records, and the last sequence number that was looked at.
    package func records(
        after seq: UInt64, upTo head: UInt64, topics: [String], limit: Int
    ) throws -> (records: [LogRecord], next: UInt64) {
        let bounds = Bounds(records: limit, bytes: 4 << 20)
        let slice = try read(after: seq, head: head, filter: TopicFilter(topics), bounds: bounds)
        return (slice.records, slice.next)
    }

    /// Reads ascending records after `seq` up to `head` whose topic passes `filter`.
    ///
    /// At least one record comes back even if it exceeds the bytes. Where the turn ends before a match was found, the
    /// index is asked for the next one, so that a rare topic costs a look-up and not a scan.
    func read(after seq: UInt64, head: UInt64, filter: TopicFilter, bounds: Bounds) throws -> Slice {
        var slice = Slice(next: seq)
        guard seq < head, bounds.records > 0 else { return slice }
        let wanted = try filter.isEmpty ? nil : topicIDs(filter)
        if let wanted, wanted.isEmpty {
            slice.next = head
            return slice
        }
        var bytes = 0
        var rows = 0
        let clock = ContinuousClock()
        let end = clock.now + bounds.time
        let query = try connection.statement(
            "SELECT seq, time_ms, topic, rec FROM log WHERE seq>? AND seq<=? ORDER BY seq")
        try query.bind(1, Int64(clamping: seq)).bind(2, Int64(clamping: head))
        defer { query.reset() }
        while true {
            guard try query.step() else {
                slice.next = head
                return slice
            }
            rows += 1
            if let wanted, !wanted.contains(query.int64(2)) {
                slice.next = UInt64(query.int64(0))
                if rows >= bounds.rows || rows & 255 == 0 && clock.now > end { break }
                continue
            }
            let size = query.byteCount(3)
            if !slice.records.isEmpty, bytes + size > bounds.bytes { return slice }
            bytes += size
            slice.records.append(try makeRecord(query))
            slice.next = UInt64(query.int64(0))
            if slice.records.count == bounds.records { return slice }
            if rows & 63 == 0, clock.now > end { return slice }
        }
        if slice.records.isEmpty, let wanted, wanted.count <= 64 {
            // The table may be ahead of `head`: what is committed and not yet published is not to be seen.
            slice.next = max(slice.next, min(head, try nextMatch(after: slice.next, in: wanted).map { $0 - 1 } ?? head))
        }
        return slice
    }

    private func nextMatch(after seq: UInt64, in wanted: Set<Int64>) throws -> UInt64? {
        var first: Int64?
        for topic in wanted {
            let query = try connection.statement("SELECT min(seq) FROM log WHERE topic=? AND seq>?")
                .bind(1, topic).bind(2, Int64(clamping: seq))
            defer { query.reset() }
            if try query.step(), !query.isNull(0) { first = min(first ?? .max, query.int64(0)) }
        }
        return first.map(UInt64.init)
    }

    private func topicIDs(_ filter: TopicFilter) throws -> Set<Int64> {
        try loadTopics()
        var filter = filter
        return Set(topics.filter { filter.matches($0.value) }.keys)
    }

    private func loadTopics() throws {
        try connection.statement("SELECT id, name FROM topic WHERE id>?").bind(1, topics.keys.max() ?? 0)
            .forEachRow { topics[$0.int64(0)] = $0.string(1) }
    }

    private func makeRecord(_ row: Statement) throws -> LogRecord {
        let topic = row.int64(2)
        if topics[topic] == nil { try loadTopics() }
        let seq = UInt64(row.int64(0))
        return LogRecord(
            position: Position(
                stream: state.stream, epoch: state.epoch(of: seq), seq: seq, timeMilliseconds: row.int64(1)),
            topic: topics[topic] ?? "", bytes: row.bytes(3))
    }
}
