import Articles
import FoundationEssentials
import Messaging
import SQLite

/// What stands at a place or has come in behind one.
extension StoreReader {
    /// The last place in everything that events come from.
    func eventPosition() throws -> EventPosition {
        let stream = try connection.statement("SELECT v FROM meta WHERE k='stream'")
        defer { stream.reset() }
        let name = try stream.step() ? stream.string(0).prefix(8) : ""
        let epoch = try connection.scalar("SELECT max(epoch) FROM epoch") ?? 1
        var position = EventPosition(store: "\(name)-\(epoch)")
        position[.kills] = try connection.scalar("SELECT max(row) FROM kill") ?? 0
        position[.articles] = try connection.scalar("SELECT max(row) FROM article") ?? 0
        position[.files] = try connection.scalar("SELECT max(row) FROM file") ?? 0
        let last = try connection.scalar("SELECT max(seq) FROM log")
        // Retention may have emptied it.
        position[.results] = try last ?? connection.scalar("SELECT v FROM meta WHERE k='head'") ?? 0
        return position
    }

    /// The articles behind a row, however they stand, the first arrived first, with their results.
    func articles(behind row: Int64, upTo last: Int64, limit: Int) throws -> [ArticleRow] {
        try rows(
            connection.statement(
                """
                SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream
                WHERE article.row>? AND article.row<=? ORDER BY article.row LIMIT ?
                """
            ).bind(1, row).bind(2, last).bind(3, limit))
    }

    /// The article at a place of a stream, with its results; nil where there is none.
    func article(stream: StreamID, epoch: UInt32, seq: UInt64) throws -> ArticleRow? {
        try rows(
            connection.statement(
                """
                SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream
                WHERE stream=(SELECT id FROM stream WHERE name=?) AND epoch=? AND seq=?
                """
            ).bind(1, stream.description).bind(2, Int64(epoch)).bind(3, Int64(clamping: seq))
        ).first
    }

    /// The file whose record stands at a place of a stream; nil where there is none.
    func file(stream: StreamID, epoch: UInt32, seq: UInt64) throws -> FileRow? {
        let query = try connection.statement(
            "SELECT row FROM file WHERE stream=(SELECT id FROM stream WHERE name=?) AND epoch=? AND seq=?"
        ).bind(1, stream.description).bind(2, Int64(epoch)).bind(3, Int64(clamping: seq))
        let row = try query.step() ? query.int64(0) : nil
        query.reset()
        return try row.flatMap { try files(rows: [$0]).first }
    }

    /// The kills behind a row, the first that came in first.
    func kills(behind row: Int64, upTo last: Int64, limit: Int) throws -> [(row: Int64, kill: KillRow)] {
        var kills: [(Int64, KillRow)] = []
        try connection.statement(
            """
            SELECT name, epoch, seq, time_ms, record, row FROM kill JOIN stream ON stream.id=stream
            WHERE row>? AND row<=? ORDER BY row LIMIT ?
            """
        ).bind(1, row).bind(2, last).bind(3, limit).forEachRow { row in
            let kill = try JSONDecoder().decode(KillRecord.self, from: Data(row.bytes(4)))
            kills.append((row.int64(5), KillRow(position: StoreReader.position(row, at: 0), kill: kill)))
        }
        return kills
    }

    /// The outcomes of files behind a row, the first that came in first.
    func files(behind row: Int64, upTo last: Int64, limit: Int) throws -> [(row: Int64, time: Int64, file: FileRecord)]
    {
        var files: [(Int64, Int64, FileRecord)] = []
        try connection.statement("SELECT row, time_ms, record FROM file WHERE row>? AND row<=? ORDER BY row LIMIT ?")
            .bind(1, row).bind(2, last).bind(3, limit).forEachRow { row in
                let file = try JSONDecoder().decode(FileRecord.self, from: Data(row.bytes(2)))
                files.append((row.int64(0), row.int64(1), file))
            }
        return files
    }

    /// The results behind a place of the results log, in its order; nil stands for what is another record now, since it was
    /// erased.
    func results(behind seq: Int64, upTo last: Int64, limit: Int) throws -> [(seq: Int64, result: ResultRecord?)] {
        var results: [(Int64, ResultRecord?)] = []
        try connection.statement("SELECT seq, rec FROM log WHERE seq>? AND seq<=? ORDER BY seq LIMIT ?")
            .bind(1, seq).bind(2, last).bind(3, limit).forEachRow { row in
                results.append((row.int64(0), try? JSONDecoder().decode(ResultRecord.self, from: Data(row.bytes(1)))))
            }
        return results
    }
}
