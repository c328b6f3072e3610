import Articles
import FoundationEssentials
import SQLite

/// What a worker itself keeps of the words of articles: those that failed, and results that wait to be reported.
extension WorkerStore {
    private struct Place: Hashable {
        var stream: String
        var seq: UInt64
    }

    /// Removes, inside the transaction, what is kept of erased articles.
    func erase(_ gone: [(record: GoneRecord, position: Position)]) throws {
        let matcher = ErasureMatcher(gone.compactMap(\.record.subject))
        var failures: [Place] = []
        try connection.statement("SELECT stream, seq, rec FROM failure").forEachRow { row in
            guard row.withBytes(2, matcher.subject) != nil else { return }
            failures.append(Place(stream: row.string(0), seq: UInt64(row.int64(1))))
        }
        for place in failures {
            try connection.statement("DELETE FROM failure WHERE stream=? AND seq=?").bind(1, place.stream)
                .bind(2, Int64(place.seq)).run()
        }
        let ids = Set(gone.compactMap(\.record.id))
        let places = Set(
            gone.flatMap { gone in
                (gone.record.seqs + [gone.position.seq]).map {
                    Place(stream: gone.position.stream.description, seq: $0)
                }
            })
        var results: [(id: Int64, bytes: [UInt8])] = []
        // Of the many that are kept, few have to be read.
        let marks = ids.map { "\"id\":\"\($0)\"" } + Set(places.map(\.seq)).map { "\"seq\":\($0)," }
        let isFew = marks.count <= 20
        let condition = isFew ? marks.map { _ in "instr(row, ?)>0" }.joined(separator: " OR ") : "1"
        let query = try connection.prepare("SELECT id, row FROM outbox WHERE \(condition)")
        if isFew { for (index, mark) in marks.enumerated() { try query.bind(index + 1, Array(mark.utf8)) } }
        try query.forEachRow { row in
            guard var result = try? JSONDecoder().decode(ResultRecord.self, from: Data(row.bytes(1))),
                places.contains(Place(stream: result.stream, seq: result.seq))
                    || result.articleID.map(ids.contains) ?? false
            else { return }
            result.removeWords()
            results.append((row.int64(0), result.encodeRow()))
        }
        for result in results {
            try connection.statement("UPDATE outbox SET row=? WHERE id=?").bind(1, result.bytes).bind(2, result.id)
                .run()
        }
    }
}
