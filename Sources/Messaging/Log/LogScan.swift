package import Articles
package import SQLite

/// Goes through a log for the records of articles that are to be erased, on any connection to its database.
package enum LogScan {
    /// A record that was found.
    package struct Hit: Sendable {
        package let seq: UInt64
        package let topic: String
        /// What takes it.
        package let subject: ErasureSubject
        package let record: [UInt8]
        /// The article's id.
        package var id: ArticleID? { ErasureMatcher.id(of: record) }
    }

    /// Returns the records between two places, in their order.
    ///
    /// - Parameters:
    ///   - first: the first place that is looked at.
    ///   - last: the last one.
    ///   - limit: after so many no more are looked for.
    package static func hits(
        of matcher: ErasureMatcher, in connection: Connection, from first: UInt64 = 1, through last: UInt64 = .max,
        limit: Int = .max
    ) throws -> [Hit] {
        guard !matcher.isEmpty, first <= last else { return [] }
        let query = try connection.statement(
            "SELECT seq, name, rec FROM log JOIN topic ON topic.id=topic WHERE seq BETWEEN ? AND ? ORDER BY seq")
        try query.bind(1, Int64(clamping: first)).bind(2, Int64(clamping: last))
        defer { query.reset() }
        var hits: [Hit] = []
        while hits.count < limit, try query.step() {
            guard let subject = query.withBytes(2, matcher.subject) else { continue }
            hits.append(
                Hit(seq: UInt64(query.int64(0)), topic: query.string(1), subject: subject, record: query.bytes(2)))
        }
        return hits
    }

    /// Returns the records at some places, in the order of these.
    package static func hits(of matcher: ErasureMatcher, in connection: Connection, at seqs: [UInt64]) throws -> [Hit] {
        try seqs.flatMap { try hits(of: matcher, in: connection, from: $0, through: $0) }
    }

    /// The last place of a log; 0 where it is empty.
    package static func end(_ connection: Connection) throws -> UInt64 {
        UInt64(try connection.scalar("SELECT max(seq) FROM log") ?? 0)
    }

    /// Returns the first place of a log whose record was committed at or after a time, in milliseconds since 1970; nil where
    /// all are older. Times never go back within a log: it is a binary search over the places.
    package static func firstSeq(at time: Int64, in connection: Connection) throws -> UInt64? {
        guard var lower = try connection.scalar("SELECT min(seq) FROM log"),
            var upper = try connection.scalar("SELECT max(seq) FROM log")
        else { return nil }
        upper += 1
        let end = upper
        while lower < upper {
            let middle = lower + (upper - lower) / 2
            let query = try connection.statement("SELECT seq, time_ms FROM log WHERE seq>=? ORDER BY seq LIMIT 1")
                .bind(1, middle)
            defer { query.reset() }
            guard try query.step() else { break }
            if query.int64(1) < time { lower = query.int64(0) + 1 } else { upper = middle }
        }
        return lower < end ? UInt64(lower) : nil
    }
}
