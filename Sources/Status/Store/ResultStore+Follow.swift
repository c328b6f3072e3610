import Articles
import FoundationEssentials
package import Messaging
import SQLite

extension ResultStore {
    /// Takes in a batch of the watcher's log within ``transaction(_:)``, and the cursor with it.
    ///
    /// - Returns: how many records could not be read; they are passed over.
    package func apply(_ batch: FetchReply) throws -> Int {
        var unreadable = 0
        for (position, bytes) in batch.records {
            do {
                switch RecordType.of(bytes) {
                case .article: try storeArticle(position, bytes)
                case .kill: try storeKill(position, bytes)
                case .file: try storeFile(position, bytes)
                case .gone: try storeGone(position, bytes)
                default: continue
                }
            } catch is DecodingError {
                unreadable += 1
            }
        }
        let next = batch.next
        try connection.statement("INSERT OR REPLACE INTO cursor(stream, epoch, seq, time_ms) VALUES (?, ?, ?, ?)")
            .bind(1, number(of: next.stream)).bind(2, Int64(next.epoch)).bind(3, Int64(clamping: next.seq))
            .bind(4, next.timeMilliseconds).run()
        return unreadable
    }

    /// The committed place in a stream; nil where nothing of it was read.
    package func cursor(of stream: StreamID) throws -> Cursor? {
        let query = try connection.statement(
            "SELECT epoch, seq, time_ms FROM cursor JOIN stream ON stream.id=cursor.stream WHERE name=?"
        ).bind(1, stream.description)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Cursor(
            stream: stream, epoch: UInt32(clamping: query.int64(0)), seq: UInt64(clamping: query.int64(1)),
            timeMilliseconds: query.int64(2))
    }

    func storeFile(_ position: Position, _ bytes: [UInt8]) throws {
        let file = try JSONDecoder().decode(FileRecord.self, from: Data(bytes))
        try connection.statement(
            """
            INSERT OR IGNORE INTO file(stream, epoch, seq, time_ms, directory, path, outcome, first_seq, last_seq, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, number(of: position.stream)).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, file.directory).bind(6, file.path)
            .bind(7, file.outcome.rawValue).bindCount(8, file.firstSeq).bindCount(9, file.lastSeq)
            .bind(10, bytes).run()
        guard connection.changes > 0 else { return }
        count("files/\(file.outcome.rawValue)")
        // A file of which articles were held has two records, and is one file.
        if file.heldSeq == nil { arrived("files") } else { count("files/\(FileOutcome.held.rawValue)", by: -1) }
        if try isKnownOrder(position) || !hasLaterOutcome(file, position) {
            try noteQuarantine(file, of: position.stream, time: position.timeMilliseconds, bytes)
        }
    }

    /// What became of a file later is known already.
    private func hasLaterOutcome(_ file: FileRecord, _ position: Position) throws -> Bool {
        let query = try connection.statement(
            "SELECT 1 FROM file WHERE path=? AND directory=? AND stream=? AND (epoch, seq)>(?, ?)"
        ).bind(1, file.path).bind(2, file.directory).bind(3, number(of: position.stream))
            .bind(4, Int64(position.epoch)).bind(5, Int64(clamping: position.seq))
        defer { query.reset() }
        return try query.step()
    }
}
