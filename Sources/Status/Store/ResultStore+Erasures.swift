import Articles
import FoundationEssentials
import Messaging
import SQLite

/// Erased articles: their words go, that they were there and what became of them stays.
extension ResultStore {
    private struct Place: Hashable {
        var stream: Int64
        var epoch: Int64
        var seq: Int64
    }

    /// Takes in a `gone` record: it may come several times, and before its article.
    func storeGone(_ position: Position, _ bytes: [UInt8]) throws {
        var gone = try JSONDecoder().decode(GoneRecord.self, from: Data(bytes))
        guard let subject = gone.subject else { return }
        let stream = try number(of: position.stream)
        var places = Set(
            (gone.seqs + [position.seq]).map {
                Place(stream: stream, epoch: Int64(position.epoch), seq: Int64(clamping: $0))
            })
        let isAtPlace = gone.seqs.isEmpty
        gone.seqs = []
        let record = gone.encodeRecord()
        var rows: [(row: Int64, place: Place, standing: ArticleStanding)] = []
        try articles(of: subject).forEachRow { row in
            rows.append(
                (
                    row.int64(0), Place(stream: row.int64(1), epoch: row.int64(2), seq: row.int64(3)),
                    ArticleStanding(rawValue: row.int(4)) ?? .superseded
                ))
        }
        for (row, place, standing) in rows {
            places.insert(place)
            try connection.statement("UPDATE article SET title=NULL, warning=NULL, record=?, standing=? WHERE row=?")
                .bind(1, record).bind(2, standing.whenErased.rawValue).bind(3, row).run()
        }
        if case .versions(let source, let uri) = subject, gone.cause == .operator {
            try connection.statement("INSERT OR IGNORE INTO killed(source, uri) VALUES (?, ?)")
                .bind(1, source).bind(2, uri).run()
        }
        // Its article was never seen here: whoever asks for it is told, and results that come of it have no words.
        if isAtPlace, let id = gone.id, try !hasArticle(stream, position) {
            try storeErased(
                position, record,
                ErasedRow(
                    id: ArticleKey.bytes(id), source: gone.source ?? "-", uri: gone.uri, path: nil,
                    standing: .erasedVersion))
        }
        for place in places { try removeWords(of: place) }
        needsScrub = true
    }

    /// Puts back an erased article as it stood.
    func storeErased(_ position: Position, _ record: [UInt8], _ row: ErasedRow) throws {
        let stream = try number(of: position.stream)
        guard try !hasArticle(stream, position) else { return }
        try connection.statement(
            """
            INSERT INTO article(stream, epoch, seq, time_ms, id, source, uri, language, path, standing, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, 'und', ?, ?, ?)
            """
        ).bind(1, stream).bind(2, Int64(position.epoch)).bind(3, Int64(clamping: position.seq))
            .bind(4, position.timeMilliseconds).bind(5, row.id).bind(6, row.source).bind(7, row.uri)
            .bind(8, row.path).bind(9, row.standing.rawValue).bind(10, record).run()
        arrived(row: connection.lastInsertRowID, at: position.timeMilliseconds)
    }

    private func articles(of subject: ErasureSubject) throws -> Statement {
        let columns = "row, stream, epoch, seq, standing"
        switch subject {
        case .article(let id):
            return try connection.statement("SELECT \(columns) FROM article WHERE id=?").bind(1, ArticleKey.bytes(id))
        case .versions(let source, let uri):
            return try connection.statement("SELECT \(columns) FROM article WHERE uri=? AND source=?").bind(1, uri)
                .bind(2, source)
        }
    }

    /// Removes an article's words from its results, here and on the log of results.
    private func removeWords(of place: Place) throws {
        var results: [(kind: Int64, record: [UInt8], places: String?)] = []
        try connection.statement("SELECT kind, record, places FROM result WHERE stream=? AND epoch=? AND seq=?")
            .bind(1, place.stream).bind(2, place.epoch).bind(3, place.seq).forEachRow {
                results.append(($0.int64(0), $0.bytes(1), $0.isNull(2) ? nil : $0.string(2)))
            }
        for result in results {
            try connection.statement("UPDATE result SET record=? WHERE stream=? AND epoch=? AND seq=? AND kind=?")
                .bind(1, ResultRecord.withoutWords(result.record)).bind(2, place.stream).bind(3, place.epoch)
                .bind(4, place.seq).bind(5, result.kind).run()
            if let places = result.places {
                try removeWords(at: places.split(separator: ",").compactMap { Int64($0) })
            } else {
                // It was stored by an older version: all of the log is gone through.
                try removeWords(at: loggedResults(like: result.record))
            }
        }
    }

    private func loggedResults(like record: [UInt8]) throws -> [Int64] {
        guard let result = try? JSONDecoder().decode(ResultRecord.self, from: Data(record)),
            let id = result.articleID
        else { return [] }
        var places: [Int64] = []
        try connection.statement("SELECT seq FROM log WHERE instr(rec, ?)>0")
            .bind(1, Array("\"id\":\"\(id)\"".utf8)).forEachRow { places.append($0.int64(0)) }
        return places
    }

    private func removeWords(at places: [Int64]) throws {
        for place in places {
            let query = try connection.statement("SELECT rec FROM log WHERE seq=?").bind(1, place)
            defer { query.reset() }
            guard try query.step() else { continue }
            try log.replace(UInt64(place), by: ResultRecord.withoutWords(query.bytes(0)))
        }
    }

    /// Lets no older state of what was erased stay on the disk, where something was.
    package func scrubIfDue() throws { if needsScrub { needsScrub = try !connection.emptyLog() } }
}
