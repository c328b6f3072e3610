import Articles
import FoundationEssentials
import Messaging
import SQLite

/// Failures, read. An index has them by the time when they failed, with what they are filtered by; of results that are well
/// it has nothing.
extension StoreReader {
    /// A page of failures.
    package struct FailurePage: Sendable {
        package var failures: [FailureRow] = []
        /// Where the next page begins; nil at the end. A page may have fewer failures than its limit, or none, and a next
        /// one: no more are looked at for a page than ``ExaminedRows`` allows.
        package var next: FailurePlace?
    }

    /// What failures are counted up to.
    package static let maximumFailures = 100_000
    private static let longestReason = 500

    /// The numbers of results whose last attempt failed, and of those of them that were given up; at most
    /// ``maximumFailures``.
    package func failureCounts() throws -> (all: Int64, dead: Int64) {
        let query = try connection.statement(
            """
            SELECT count(*), coalesce(sum(dead), 0) FROM (SELECT dead FROM result WHERE status='failed'
                ORDER BY time_ms DESC LIMIT ?)
            """
        ).bind(1, StoreReader.maximumFailures)
        defer { query.reset() }
        _ = try query.step()
        return (query.int64(0), query.int64(1))
    }

    /// A page of failures, the last one first.
    ///
    /// - Parameter place: the `next` of the page before.
    package func failures(
        _ filter: FailureFilter = .init(), after place: FailurePlace? = nil, limit: Int
    ) throws -> FailurePage {
        var page = FailurePage()
        let kinds = try kindNames()
        // Without a join, so that only the index is read.
        let query = try connection.statement(
            """
            SELECT time_ms, stream, epoch, seq, kind, dead FROM result
            WHERE status='failed' AND (time_ms, stream, epoch, seq, kind)<(?, ?, ?, ?, ?)
            ORDER BY time_ms DESC, stream DESC, epoch DESC, seq DESC, kind DESC LIMIT ?
            """
        ).bind(1, place?.time ?? .max).bind(2, place?.stream ?? .max).bind(3, place?.epoch ?? .max)
            .bind(4, place?.seq ?? .max).bind(5, place?.kind ?? .max).bind(6, examined.count)
        defer { query.reset() }
        var rows = ExaminedRows(limit: examined)
        while try query.step() {
            rows.add()
            let place = FailurePlace(
                time: query.int64(0), stream: query.int64(1), epoch: query.int64(2), seq: query.int64(3),
                kind: query.int64(4))
            let kind = kinds[place.kind] ?? ""
            let isWanted =
                filter.kind.map { $0 == kind } != false && filter.isDead.map { $0 == (query.int(5) != 0) } != false
            if isWanted, let row = try failure(at: place, kind, of: filter.source) { page.failures.append(row) }
            if page.failures.count == limit || rows.isEnough {
                page.next = place
                break
            }
        }
        if page.next != nil, try !query.step(), rows.count < examined.count { page.next = nil }
        return page
    }

    private func kindNames() throws -> [Int64: String] {
        var names: [Int64: String] = [:]
        try connection.statement("SELECT id, name FROM kind").forEachRow { names[$0.int64(0)] = $0.string(1) }
        return names
    }

    private struct Body: Decodable {
        struct Data: Decodable {
            var reason: String?
            var code: String?

            enum CodingKeys: CodingKey { case reason, code }

            init(from decoder: any Decoder) throws {
                // A worker's own members may have any type.
                let members = try? decoder.container(keyedBy: CodingKeys.self)
                reason = try? members?.decode(String.self, forKey: .reason)
                code = try? members?.decode(String.self, forKey: .code)
            }
        }
        var data: Data
        var id: ArticleID?
    }

    /// Returns a failure; nil where its article is of another source.
    private func failure(at place: FailurePlace, _ kind: String, of source: String?) throws -> FailureRow? {
        let article = try connection.statement(
            """
            SELECT id, source, title, standing, (SELECT name FROM stream WHERE id=?1) FROM (SELECT 1)
            LEFT JOIN article ON stream=?1 AND epoch=?2 AND seq=?3
            """
        ).bind(1, place.stream).bind(2, place.epoch).bind(3, place.seq)
        defer { article.reset() }
        guard try article.step() else { return nil }
        if let source, article.isNull(1) || article.string(1) != source { return nil }
        let result = try connection.statement(
            """
            SELECT attempt, dead, record, wish.action, wish.time_ms FROM result LEFT JOIN wish ON wish.kind=result.kind
                AND wish.stream=result.stream AND wish.epoch=result.epoch AND wish.seq=result.seq
            WHERE result.stream=? AND result.epoch=? AND result.seq=? AND result.kind=?
            """
        ).bind(1, place.stream).bind(2, place.epoch).bind(3, place.seq).bind(4, place.kind)
        defer { result.reset() }
        guard try result.step() else { return nil }
        let body = try? JSONDecoder().decode(Body.self, from: Data(result.bytes(2)))
        // Of a version that was replaced it would have to be asked whether the newest one is withheld.
        let isShown = article.int(3) == ArticleStanding.current.rawValue
        return FailureRow(
            place: place,
            position: Position(
                stream: StreamID(article.string(4)) ?? StreamID(bytes: [UInt8](repeating: 0, count: 16))!,
                epoch: UInt32(clamping: place.epoch), seq: UInt64(clamping: place.seq),
                timeMilliseconds: place.time),
            kind: kind, id: article.isNull(0) ? body?.id?.description : ArticleKey.text(article.bytes(0)),
            source: article.isNull(1) ? nil : article.string(1),
            title: isShown && !article.isNull(2) ? article.string(2) : nil,
            code: body?.data.code.map { String($0.prefix(80)) },
            reason: String((body?.data.reason ?? "no reason was told").prefix(StoreReader.longestReason)),
            attempt: result.int64(0), isDead: result.int(1) != 0,
            wish: Wish.Action(rawValue: result.isNull(3) ? "" : result.string(3))
                .map { ($0, Timestamp(milliseconds: result.int64(4))) })
    }
}
