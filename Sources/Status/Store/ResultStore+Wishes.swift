import Articles
import FoundationEssentials
import Linux
import Messaging
import SQLite

/// What operators want done with failures: kept until a result says what came of it.
extension ResultStore {
    /// A wish that a log has to be asked for.
    struct GroupWish {
        var key: FailureKey
        var action: Wish.Action
    }

    /// The most wishes that are open at a time.
    static let maximumWishes = 10_000
    /// What nobody has granted for so long is forgotten.
    static let wishLifetime = Duration.seconds(30 * 86_400)

    /// How many wishes are open.
    func openWishes() throws -> Int {
        if let wishCount { return wishCount }
        let count = Int(try connection.scalar("SELECT count(*) FROM wish") ?? 0)
        wishCount = count
        return count
    }

    /// The row of a failure, in `result` and in `wish`.
    private static let atKey = """
        kind=(SELECT id FROM kind WHERE name=?1) AND stream=(SELECT id FROM stream WHERE name=?2) AND epoch=?3 AND seq=?4
        """

    // MARK: Wishing

    /// Notes a wish, in place of an earlier one for the same failure.
    func wish(_ action: Wish.Action, for key: FailureKey, by operator: String?) throws {
        try connection.statement(
            "INSERT OR REPLACE INTO wish(kind, stream, epoch, seq, action, time_ms, operator) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).bind(1, number(ofKind: key.kind)).bind(2, number(of: key.stream)).bind(3, Int64(key.epoch))
            .bind(4, Int64(clamping: key.seq)).bind(5, action.rawValue).bind(6, Clocks.wallMilliseconds())
            .bind(7, `operator`).run()
        wishCount = nil
    }

    /// The last attempt at a record has failed, and nothing came of it since.
    func hasFailed(_ key: FailureKey) throws -> Bool { try standing(of: key)?.status == .failed }

    /// The first failures of a kind that were given up and for which nothing is wished, in the order of their places.
    func givenUp(kind: String, limit: Int) throws -> [FailureKey] {
        var keys: [FailureKey] = []
        try connection.statement(
            """
            SELECT name, epoch, seq FROM result JOIN stream ON stream.id=stream
            WHERE dead=1 AND kind=(SELECT id FROM kind WHERE name=?) AND NOT EXISTS (SELECT 1 FROM wish
                WHERE wish.kind=result.kind AND wish.stream=result.stream AND wish.epoch=result.epoch
                AND wish.seq=result.seq)
            ORDER BY stream, epoch, seq LIMIT ?
            """
        ).bind(1, kind).bind(2, limit).forEachRow { row in
            guard let stream = StreamID(row.string(0)) else { return }
            keys.append(
                FailureKey(
                    kind: kind, stream: stream, epoch: UInt32(clamping: row.int64(1)),
                    seq: UInt64(clamping: row.int64(2))))
        }
        return keys
    }

    /// The kinds of which there are results.
    func knownKinds() throws -> [String] {
        var kinds: [String] = []
        try connection.statement("SELECT name FROM kind ORDER BY name").forEachRow { kinds.append($0.string(0)) }
        return kinds
    }

    // MARK: Granting

    /// The wishes of failures of a kind in some streams, for the process that has those.
    func wishes(kind: String, streams: [StreamID], limit: Int) throws -> [Wish] {
        guard try openWishes() > 0 else { return [] }
        var wishes: [Wish] = []
        for stream in streams where wishes.count < limit {
            try connection.statement(
                """
                SELECT action, wish.epoch, wish.seq, operator, article.id FROM wish LEFT JOIN article
                    ON article.stream=wish.stream AND article.epoch=wish.epoch AND article.seq=wish.seq
                WHERE kind=(SELECT id FROM kind WHERE name=?) AND wish.stream=(SELECT id FROM stream WHERE name=?)
                LIMIT ?
                """
            ).bind(1, kind).bind(2, stream.description).bind(3, limit - wishes.count).forEachRow { row in
                guard let action = Wish.Action(rawValue: row.string(0)) else { return }
                wishes.append(
                    Wish(
                        action, stream: stream, epoch: UInt32(clamping: row.int64(1)),
                        seq: UInt64(clamping: row.int64(2)),
                        articleID: row.isNull(4) ? nil : ArticleID(ArticleKey.text(row.bytes(4))),
                        by: row.isNull(3) ? nil : row.string(3)))
            }
        }
        return wishes
    }

    /// The kinds and streams for which something is wished that no log was asked for yet.
    func untoldPlaces() throws -> [(kind: String, stream: StreamID)] {
        guard try openWishes() > 0 else { return [] }
        var places: [(kind: String, stream: StreamID)] = []
        try connection.statement(
            """
            SELECT DISTINCT kind.name, stream.name FROM wish JOIN kind ON kind.id=kind JOIN stream ON stream.id=stream
            WHERE told_ms IS NULL
            """
        ).forEachRow { row in
            guard let stream = StreamID(row.string(1)) else { return }
            places.append((row.string(0), stream))
        }
        return places
    }

    /// The first wishes for failures of a kind in a stream that its log was not asked for yet, all of one action.
    func untoldWishes(kind: String, stream: StreamID, limit: Int) throws -> [GroupWish] {
        var wishes: [GroupWish] = []
        try connection.statement(
            """
            SELECT action, epoch, seq FROM wish WHERE told_ms IS NULL AND kind=(SELECT id FROM kind WHERE name=?)
                AND stream=(SELECT id FROM stream WHERE name=?) LIMIT ?
            """
        ).bind(1, kind).bind(2, stream.description).bind(3, limit).forEachRow { row in
            guard let action = Wish.Action(rawValue: row.string(0)), wishes.first.map({ $0.action == action }) ?? true
            else { return }
            let key = FailureKey(
                kind: kind, stream: stream, epoch: UInt32(clamping: row.int64(1)), seq: UInt64(clamping: row.int64(2)))
            wishes.append(GroupWish(key: key, action: action))
        }
        return wishes
    }

    /// Notes that a log gives a record out again: a result is to come.
    func noteTold(_ key: FailureKey) throws {
        try bindKey(
            key,
            connection.statement(
                "UPDATE wish SET told_ms=\(Clocks.wallMilliseconds()) WHERE \(ResultStore.atKey)")
        ).run()
    }

    /// Those of the records that are to be given out again that stand before the log's beginning now.
    func lost(kind: String, stream: StreamID, before low: UInt64, limit: Int) throws -> [FailureKey] {
        guard try openWishes() > 0 else { return [] }
        var keys: [FailureKey] = []
        try connection.statement(
            """
            SELECT epoch, seq FROM wish WHERE told_ms IS NOT NULL AND kind=(SELECT id FROM kind WHERE name=?)
                AND stream=(SELECT id FROM stream WHERE name=?) AND seq<? LIMIT ?
            """
        ).bind(1, kind).bind(2, stream.description).bind(3, Int64(clamping: low)).bind(4, limit).forEachRow { row in
            keys.append(
                FailureKey(
                    kind: kind, stream: stream, epoch: UInt32(clamping: row.int64(0)),
                    seq: UInt64(clamping: row.int64(1))))
        }
        return keys
    }

    // MARK: Ending

    /// Ends the wish that a reported result grants.
    ///
    /// What was reported before the wish, and comes once more, does not.
    func grant(_ result: ReportedResult, _ storing: Storing) throws {
        guard storing == .stored || result.status != .failed, try openWishes() > 0 else { return }
        try endWish(
            FailureKey(kind: result.kind, stream: result.stream, epoch: result.epoch, seq: result.seq))
    }

    /// Forgets a wish.
    func endWish(_ key: FailureKey) throws {
        try bindKey(
            key, connection.statement("DELETE FROM wish WHERE \(ResultStore.atKey)")
        ).run()
        if connection.changes > 0 { wishCount = nil }
    }

    /// Stores a result of the service's own in place of a failure, of the same generation and attempt.
    ///
    /// - Returns: whether there was a failure.
    @discardableResult
    func settle(_ key: FailureKey, _ work: WorkResult) throws -> Bool {
        guard let standing = try standing(of: key), standing.status == .failed else { return false }
        // A worker's clock may be ahead of this one: what comes later is to be seen to.
        let time = max(Clocks.wallMilliseconds(), standing.timeMilliseconds + 1)
        let record = ResultRecord(
            stream: key.stream.description, epoch: key.epoch, seq: key.seq, kind: key.kind,
            generation: Int(standing.generation), attempt: Int(standing.attempt), status: work.status,
            timeMilliseconds: time, articleID: standing.articleID, data: work.data)
        return try store(ReportedResult(record.encodeRecord(), kind: key.kind)) == .stored
    }

    /// Forgets what nobody has granted for long, and what is wished for results that retention has removed.
    func removeOldWishes(now: Int64) throws {
        guard try openWishes() > 0 else { return }
        try connection.statement("DELETE FROM wish WHERE time_ms<?")
            .bind(1, now - ResultStore.wishLifetime.wholeMilliseconds).run()
        try connection.execute(
            """
            DELETE FROM wish WHERE NOT EXISTS (SELECT 1 FROM result WHERE result.stream=wish.stream AND
                result.epoch=wish.epoch AND result.seq=wish.seq AND result.kind=wish.kind)
            """)
        wishCount = nil
    }

    // MARK: Looking

    /// What of a stored result decides.
    private struct Standing {
        var generation: Int64
        var attempt: Int64
        var status: ResultRecord.Outcome
        var timeMilliseconds: Int64
        var articleID: ArticleID?
    }

    private func standing(of key: FailureKey) throws -> Standing? {
        struct Head: Decodable { var id: ArticleID? }
        let query = try connection.statement(
            "SELECT gen, attempt, status, time_ms, record FROM result WHERE \(ResultStore.atKey)")
        try bindKey(key, query)
        defer { query.reset() }
        guard try query.step(), let status = ResultRecord.Outcome(rawValue: query.string(2)) else { return nil }
        return Standing(
            generation: query.int64(0), attempt: query.int64(1), status: status, timeMilliseconds: query.int64(3),
            articleID: (try? JSONDecoder().decode(Head.self, from: Data(query.bytes(4))))?.id)
    }

    @discardableResult
    private func bindKey(_ key: FailureKey, _ statement: Statement) throws -> Statement {
        try statement.bind(1, key.kind).bind(2, key.stream.description).bind(3, Int64(key.epoch))
            .bind(4, Int64(clamping: key.seq))
    }
}
