import Articles
import FoundationEssentials
import Messaging
import SQLite

/// Articles and kills as they come in: which version of an article is shown.
extension ResultStore {
    /// The members of an `article` or `kill` record that the store looks at.
    private struct ArticleHead: Decodable {
        struct Ingest: Decodable {
            var path: String?
            var received: Timestamp?
        }
        var id: ArticleID?
        var source: String
        var uri: String?
        var version: String?
        var title: String?
        var language: String?
        var published: Timestamp?
        var pub_status: Article.PubStatus?
        var ingest: Ingest?
    }

    /// The newest version of an article.
    private struct Newest {
        let row: Int64
        let position: (stream: Int64, epoch: Int64, seq: Int64, time: Int64)
        let standing: VersionStanding
        let isErased: Bool

        func isAhead(of stream: Int64, _ position: Position) -> Bool {
            if stream == self.position.stream {
                return (Int64(position.epoch), Int64(clamping: position.seq))
                    < (self.position.epoch, self.position.seq)
            }
            return position.timeMilliseconds < self.position.time
        }
    }

    /// How a record stands, what later versions are compared with, and what is doubtful of it.
    private typealias Judgement = (standing: ArticleStanding, version: String?, warning: String?)

    /// The longest title that lists show, in characters; the record has it whole.
    static let longestTitle = 300

    /// Takes in an `article` record.
    func storeArticle(_ position: Position, _ bytes: [UInt8]) throws {
        let article = try JSONDecoder().decode(ArticleHead.self, from: Data(bytes))
        guard let id = article.id else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "an article without an id"))
        }
        let stream = try number(of: position.stream)
        guard try !hasArticle(stream, position) else { return }
        let judgement = try judge(article, id, stream, position)
        try connection.statement(
            """
            INSERT INTO article(stream, epoch, seq, time_ms, id, source, uri, title, language, published_ms,
                received_ms, path, standing, version, warning, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, stream).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, ArticleKey.bytes(id)).bind(6, article.source)
            .bind(7, article.uri).bind(8, article.title.map { String($0.prefix(ResultStore.longestTitle)) })
            .bind(9, article.language ?? "und").bindTime(10, article.published)
            .bindTime(11, article.ingest?.received).bind(12, article.ingest?.path)
            .bind(13, judgement.standing.rawValue).bind(14, judgement.version).bind(15, judgement.warning)
            .bind(16, bytes).run()
        let row = connection.lastInsertRowID
        count("articles")
        arrived("articles")
        arrived(source: article.source, at: position.timeMilliseconds)
        arrived(row: row, at: position.timeMilliseconds)
    }

    /// Takes in a `kill` record: it is for ever, and may precede its article.
    func storeKill(_ position: Position, _ bytes: [UInt8]) throws {
        let kill = try JSONDecoder().decode(KillRecord.self, from: Data(bytes))
        try connection.statement(
            """
            INSERT OR IGNORE INTO kill(stream, epoch, seq, time_ms, source, uri, record) VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, number(of: position.stream)).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, kill.source).bind(6, kill.uri).bind(7, bytes).run()
        guard connection.changes > 0 else { return }
        try connection.statement("INSERT OR IGNORE INTO killed(source, uri) VALUES (?, ?)")
            .bind(1, kill.source).bind(2, kill.uri).run()
        try connection.statement("UPDATE article SET standing=? WHERE uri=? AND source=?")
            .bind(1, ArticleStanding.killed.rawValue).bind(2, kill.uri).bind(3, kill.source).run()
        count("kills")
        arrived("kills")
    }

    /// Finds out how a record stands that comes in; the version that it replaces is no longer the newest.
    private func judge(
        _ article: ArticleHead, _ id: ArticleID, _ stream: Int64, _ position: Position
    ) throws -> Judgement {
        if let uri = article.uri, try isKilled(source: article.source, uri: uri) {
            return (.killed, article.version, nil)
        }
        let standing: ArticleStanding = (article.pub_status ?? .usable) == .usable ? .current : .withheld
        guard let newest = try newest(of: article, id) else { return (standing, article.version, nil) }
        var warning: String?
        let isBehind = newest.isAhead(of: stream, position)
        switch newest.standing.effect(of: article.version, id: id, isBehind: isBehind) {
        case .late: return (.superseded, article.version, nil)
        case .rewrites: warning = VersionStanding.warning(of: article.version)
        case .replaces: break
        }
        try stand(newest.row, newest.isErased ? .erasedVersion : .superseded)
        return (standing, newest.standing.replaced(by: article.version, id: id).version, warning)
    }

    private func newest(of article: ArticleHead, _ id: ArticleID) throws -> Newest? {
        let columns = "row, stream, epoch, seq, time_ms, version, id, standing"
        let standings = [ArticleStanding.current, .withheld, .erased].map { "\($0.rawValue)" }
        let states = "standing IN (\(standings.joined(separator: ", ")))"
        // Without a uri what has the same id is the same article.
        let query =
            if let uri = article.uri {
                try connection.statement("SELECT \(columns) FROM article WHERE uri=? AND source=? AND \(states)")
                    .bind(1, uri).bind(2, article.source)
            } else {
                try connection.statement("SELECT \(columns) FROM article WHERE id=? AND uri IS NULL AND \(states)")
                    .bind(1, ArticleKey.bytes(id))
            }
        defer { query.reset() }
        guard try query.step() else { return nil }
        return Newest(
            row: query.int64(0),
            position: (stream: query.int64(1), epoch: query.int64(2), seq: query.int64(3), time: query.int64(4)),
            standing: VersionStanding(
                version: query.isNull(5) ? nil : query.string(5), id: ArticleID(ArticleKey.text(query.bytes(6))) ?? id),
            isErased: query.int(7) == ArticleStanding.erased.rawValue)
    }

    private func stand(_ row: Int64, _ standing: ArticleStanding) throws {
        try connection.statement("UPDATE article SET standing=? WHERE row=?").bind(1, standing.rawValue).bind(2, row)
            .run()
    }

    func hasArticle(_ stream: Int64, _ position: Position) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM article WHERE stream=? AND epoch=? AND seq=?")
            .bind(1, stream).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
        defer { query.reset() }
        return try query.step()
    }

    private func isKilled(source: String, uri: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM killed WHERE source=? AND uri=?").bind(1, source).bind(
            2, uri)
        defer { query.reset() }
        return try query.step()
    }

    /// Judges all articles anew, in the order of their arrival: an older store did not know versions.
    func judgeVersions() throws {
        let unknown = Int64(ArticleStanding.allCases.count)
        try connection.statement("UPDATE article SET standing=?").bind(1, unknown).run()
        let next = try connection.prepare(
            "SELECT row, name, epoch, seq, time_ms, record FROM article JOIN stream ON stream.id=stream WHERE row>? "
                + "ORDER BY row LIMIT 1")
        let update = try connection.prepare("UPDATE article SET standing=?, version=?, warning=? WHERE row=?")
        var row = Int64.min
        while true {
            try next.bind(1, row)
            guard try next.step() else { break }
            row = next.int64(0)
            let position = StoreReader.position(next, at: 1)
            let bytes = next.bytes(5)
            next.reset()
            // What cannot be read was never stored.
            let article = try JSONDecoder().decode(ArticleHead.self, from: Data(bytes))
            guard let id = article.id else { continue }
            let judgement = try judge(article, id, try number(of: position.stream), position)
            try update.bind(1, judgement.standing.rawValue).bind(2, judgement.version).bind(3, judgement.warning)
                .bind(4, row).run()
        }
        next.reset()
    }
}
