import Linux
package import SQLite

/// The dead letters of a stateful worker, in its database: for tools, also while the worker runs or is down.
///
/// The worker sees within some seconds that somebody else has written (``WorkBench``).
package final class DeadLetters {
    /// An article that a worker gave up.
    package struct Letter: Sendable {
        package let position: Position
        package let attempts: Int
        package let reason: String
        package let record: [UInt8]
    }

    private let connection: Connection

    /// Opens the database of a worker; nil where there is none, or it has not worked yet.
    ///
    /// - Parameter mode: reading alone needs no right to write.
    package init?(path: String, mode: Connection.Mode) throws {
        // SQLite would make an empty one.
        guard try Directory.status(path: path) != nil else { return nil }
        connection = try Connection(path: path, mode: mode)
        try WorkerStore.stateVersion.check(connection)
        guard try connection.scalar("SELECT count(*) FROM sqlite_master WHERE name='failure'") == 1 else { return nil }
    }

    /// Returns dead letters in the order of their places.
    ///
    /// - Parameter position: only those behind it.
    package func letters(after position: Position? = nil, limit: Int) throws -> [Letter] {
        var letters: [Letter] = []
        try connection.statement(
            """
            SELECT stream, epoch, seq, time_ms, attempts, reason, rec FROM failure
            WHERE is_dead=1 AND (stream, epoch, seq) > (?, ?, ?) ORDER BY stream, epoch, seq LIMIT ?
            """
        ).bind(1, position?.stream.description ?? "").bind(2, Int64(position?.epoch ?? 0))
            .bind(3, Int64(clamping: position?.seq ?? 0)).bind(4, limit).forEachRow { row in
                guard let stream = StreamID(row.string(0)) else { return }
                let position = Position(
                    stream: stream, epoch: UInt32(clamping: row.int64(1)), seq: UInt64(clamping: row.int64(2)),
                    timeMilliseconds: row.int64(3))
                letters.append(
                    Letter(position: position, attempts: row.int(4), reason: row.string(5), record: row.bytes(6)))
            }
        return letters
    }

    /// The number of dead letters.
    package func count() throws -> Int {
        Int(try connection.scalar("SELECT count(*) FROM failure WHERE is_dead=1") ?? 0)
    }

    /// Gives dead letters another round of attempts, as if they had never failed.
    ///
    /// - Parameter seqs: which, by sequence number; nil for all.
    /// - Returns: the sequence numbers of those that were dead.
    package func retry(_ seqs: [UInt64]?) throws -> [UInt64] {
        try change(seqs, "UPDATE failure SET is_dead=0, attempts=0, due_ms=\(Clocks.wallMilliseconds())")
    }

    /// Gives dead letters up. The worker forgets them when it has put that among its results, at its next start at last.
    ///
    /// - Parameter seqs: which, by sequence number; nil for all.
    /// - Returns: the sequence numbers of those that were dead.
    package func discard(_ seqs: [UInt64]?) throws -> [UInt64] {
        try change(seqs, "UPDATE failure SET is_dead=\(WorkerStore.FailureState.discarded.rawValue)")
    }

    private func change(_ seqs: [UInt64]?, _ statement: String) throws -> [UInt64] {
        try connection.transaction {
            var dead: [UInt64] = []
            try connection.statement("SELECT seq FROM failure WHERE is_dead=1 ORDER BY seq").forEachRow {
                dead.append(UInt64(clamping: $0.int64(0)))
            }
            guard let seqs else {
                try connection.execute("\(statement) WHERE is_dead=1")
                return dead
            }
            let chosen = Set(seqs).intersection(dead).sorted()
            for seq in chosen {
                try connection.statement("\(statement) WHERE is_dead=1 AND seq=?").bind(1, Int64(clamping: seq)).run()
            }
            return chosen
        }
    }
}
