package import Articles
import FoundationEssentials
import Messaging
import SQLite

/// Articles and kills, read.
extension StoreReader {
    static let columns = """
        article.row, name, epoch, seq, time_ms, article.id, source, title, language, published_ms, received_ms, path,
        stream, uri, version, standing, warning
        """

    /// The articles that are shown, each in its current version, the last arrived first, with their results.
    package func articles(limit: Int, before row: Int64? = nil, source: String? = nil) throws -> [ArticleRow] {
        var filter = ArticleFilter()
        filter.source = source
        return try articles(filter, at: row.map { .before($0) } ?? .end, limit: limit).rows
    }

    /// The articles of some rows, in their order, with their results.
    func articles(rows numbers: [Int64]) throws -> [ArticleRow] {
        try numbers.flatMap { number in
            try rows(
                connection.statement(
                    """
                    SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream WHERE article.row=?
                    """
                ).bind(1, number))
        }
    }

    /// The articles with an id however they stand, the last arrived first, with their results.
    package func articles(id: ArticleID, limit: Int = 20) throws -> [ArticleRow] {
        try rows(
            connection.statement(
                """
                SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream
                WHERE article.id=? ORDER BY article.row DESC LIMIT ?
                """
            ).bind(1, ArticleKey.bytes(id)).bind(2, limit))
    }

    /// The articles at some places of a stream, in its last epoch that has them, with their results.
    func articles(stream: StreamID, seqs: [UInt64]) throws -> [ArticleRow] {
        try seqs.flatMap { seq in
            try rows(
                connection.statement(
                    """
                    SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream
                    WHERE stream=(SELECT id FROM stream WHERE name=?) AND seq=? ORDER BY epoch DESC LIMIT 1
                    """
                ).bind(1, stream.description).bind(2, Int64(clamping: seq)))
        }
    }

    /// The versions of an article however they stand, the last arrived first, with their results.
    package func articles(source: String, uri: String, limit: Int = 100) throws -> [ArticleRow] {
        try rows(
            connection.statement(
                """
                SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream
                WHERE uri=? AND source=? ORDER BY article.row DESC LIMIT ?
                """
            ).bind(1, uri).bind(2, source).bind(3, limit))
    }

    /// The articles of a path however they stand, the first arrived first, with their results; of one file's range of a
    /// stream, or of any.
    package func articles(path: String, of file: FileRow? = nil, limit: Int = 100) throws -> [ArticleRow] {
        let query = try connection.statement(
            """
            SELECT \(StoreReader.columns) FROM article JOIN stream ON stream.id=stream WHERE path=?
            \(file == nil ? "" : "AND stream=? AND epoch=? AND seq BETWEEN ? AND ?") ORDER BY article.row LIMIT ?
            """
        ).bind(1, path)
        guard let file else { return try rows(query.bind(2, limit)) }
        return try rows(
            query.bind(2, file.streamNumber).bind(3, Int64(file.position.epoch)).bind(4, file.firstSeq ?? 0)
                .bind(5, file.lastSeq ?? 0).bind(6, limit))
    }

    /// Whether one of a file's articles is not to be shown: what was withdrawn, withheld or erased since.
    func hasHidden(in file: FileRow) throws -> Bool {
        func list(_ standings: [ArticleStanding]) -> String {
            standings.map { "\($0.rawValue)" }.joined(separator: ", ")
        }
        let query = try connection.statement(
            """
            SELECT 1 FROM article WHERE path=? AND stream=? AND epoch=? AND seq BETWEEN ? AND ? AND
                (standing IN (\(list([.withheld, .killed, .erased, .erasedVersion])))
                OR EXISTS (SELECT 1 FROM article AS newest WHERE newest.uri=article.uri
                    AND newest.source=article.source AND newest.standing IN (\(list([.withheld, .erased])))))
            LIMIT 1
            """
        ).bind(1, file.path).bind(2, file.streamNumber).bind(3, Int64(file.position.epoch)).bind(4, file.firstSeq ?? 0)
            .bind(5, file.lastSeq ?? 0)
        defer { query.reset() }
        return try query.step()
    }

    /// The record of an article.
    package func record(of article: ArticleRow) throws -> [UInt8]? {
        let query = try connection.statement("SELECT record FROM article WHERE row=?").bind(1, article.row)
        defer { query.reset() }
        return try query.step() ? query.bytes(0) : nil
    }

    // MARK: Kills

    /// The kills of an article, the first that came in first.
    package func kills(source: String, uri: String, limit: Int = 20) throws -> [KillRow] {
        try kills(
            connection.statement(
                """
                SELECT name, epoch, seq, time_ms, record FROM kill JOIN stream ON stream.id=stream
                WHERE uri=? AND source=? ORDER BY row LIMIT ?
                """
            ).bind(1, uri).bind(2, source).bind(3, limit))
    }

    /// The kills that a file brought.
    package func kills(of file: FileRow, limit: Int = 100) throws -> [KillRow] {
        guard let first = file.firstSeq, let last = file.lastSeq else { return [] }
        return try kills(
            connection.statement(
                """
                SELECT name, epoch, seq, time_ms, record FROM kill JOIN stream ON stream.id=stream
                WHERE stream=? AND epoch=? AND seq BETWEEN ? AND ? ORDER BY seq LIMIT ?
                """
            ).bind(1, file.streamNumber).bind(2, Int64(file.position.epoch)).bind(3, first).bind(4, last)
                .bind(5, limit))
    }

    private func kills(_ query: Statement) throws -> [KillRow] {
        var kills: [KillRow] = []
        try query.forEachRow { row in
            kills.append(
                KillRow(
                    position: StoreReader.position(row, at: 0),
                    kill: try JSONDecoder().decode(KillRecord.self, from: Data(row.bytes(4)))))
        }
        return kills
    }

    // MARK: Rows

    func rows(_ query: Statement) throws -> [ArticleRow] {
        var rows: [ArticleRow] = []
        try query.forEachRow { row in
            func time(_ column: Int) -> Timestamp? {
                row.isNull(column) ? nil : Timestamp(milliseconds: row.int64(column))
            }
            func text(_ column: Int) -> String? { row.isNull(column) ? nil : row.string(column) }
            rows.append(
                ArticleRow(
                    row: row.int64(0), position: StoreReader.position(row, at: 1),
                    id: ArticleKey.text(row.bytes(5)), source: row.string(6), uri: text(13), version: text(14),
                    title: text(7), language: row.string(8), published: time(9), received: time(10), path: text(11),
                    standing: ArticleStanding(rawValue: row.int(15)) ?? .superseded, warning: text(16),
                    streamNumber: row.int64(12)))
        }
        for index in rows.indices {
            if rows[index].standing == .superseded { try look(forCurrentOf: &rows[index]) }
            rows[index].results = try results(of: rows[index])
            if rows[index].isHidden { rows[index].title = nil }
        }
        return rows
    }

    /// Finds what is shown in a version's stead; where the newest one is withheld, its article is.
    private func look(forCurrentOf row: inout ArticleRow) throws {
        let states = [ArticleStanding.current, .withheld, .erased].map { "\($0.rawValue)" }.joined(separator: ", ")
        let query =
            if let uri = row.uri {
                try connection.statement(
                    "SELECT id, standing FROM article WHERE uri=? AND source=? AND standing IN (\(states))"
                )
                .bind(1, uri).bind(2, row.source)
            } else {
                try connection.statement(
                    "SELECT id, standing FROM article WHERE id=(SELECT id FROM article WHERE row=?) AND uri IS NULL "
                        + "AND standing IN (\(states))"
                ).bind(1, row.row)
            }
        defer { query.reset() }
        guard try query.step() else { return }
        row.current = ArticleKey.text(query.bytes(0))
        if query.int(1) != ArticleStanding.current.rawValue { row.standing = .withheld }
    }

    private func results(of article: ArticleRow) throws -> [ResultRow] {
        var results: [ResultRow] = []
        // Most of what is read of a list are its results, which go out as they came in: SQLite cuts them out.
        try connection.statement(
            """
            SELECT name, gen, attempt, status, time_ms,
                CASE WHEN json_valid(CAST(record AS TEXT)) THEN CAST(record AS TEXT) -> '$.data' END
            FROM result JOIN kind ON kind.id=kind
            WHERE stream=? AND epoch=? AND seq=? ORDER BY time_ms, name
            """
        ).bind(1, article.streamNumber).bind(2, Int64(article.position.epoch))
            .bind(3, Int64(clamping: article.position.seq)).forEachRow { row in
                var result = ResultRow(
                    kind: row.string(0), generation: row.int64(1), attempt: row.int64(2), status: row.string(3),
                    timeMilliseconds: row.int64(4), json: row.isNull(5) ? Array("null".utf8) : row.bytes(5))
                if article.isHidden {
                    var writer = JSONWriter()
                    ResultRecord.withoutWords(result.data).write(to: &writer)
                    result.json = writer.bytes
                }
                results.append(result)
            }
        return results
    }
}
