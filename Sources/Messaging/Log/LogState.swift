import SQLite

/// What a log's tables say of the log as a whole.
struct LogState {
    let stream: StreamID
    /// All epochs with their first sequence number, ascending.
    let epochs: [(epoch: UInt32, firstSeq: UInt64)]
    /// The last sequence number that was ever given, 0 for none.
    let head: UInt64

    /// The epoch in which a record was written.
    func epoch(of seq: UInt64) -> UInt32 { epochs.last { $0.firstSeq <= seq }?.epoch ?? 1 }

    init(connection: Connection) throws {
        func text(_ key: String) throws -> String? {
            let query = try connection.statement("SELECT v FROM meta WHERE k=?").bind(1, key)
            defer { query.reset() }
            return try query.step() ? query.string(0) : nil
        }
        try ArticleLog.stateVersion.refuse(text("log_schema").flatMap { Int64($0) }, path: connection.path)
        guard let name = try text("stream"), let stream = StreamID(name) else {
            throw LogError.damaged(path: connection.path, "the stream's name is missing")
        }
        self.stream = stream
        var epochs: [(UInt32, UInt64)] = []
        try connection.statement("SELECT epoch, first_seq FROM epoch ORDER BY epoch").forEachRow {
            epochs.append((UInt32(clamping: $0.int64(0)), UInt64(clamping: $0.int64(1))))
        }
        self.epochs = epochs
        // The row in `meta` counts only once retention may have emptied the table.
        let stored = try text("head").flatMap { UInt64($0) } ?? 0
        head = max(stored, UInt64(try connection.scalar("SELECT max(seq) FROM log") ?? 0))
    }
}

/// What is wrong with a log as a whole.
package enum LogError: Error, CustomStringConvertible {
    case damaged(path: String, String)

    package var description: String {
        switch self {
        case .damaged(let path, let what): "the log in '\(path)' is damaged: \(what)"
        }
    }
}
