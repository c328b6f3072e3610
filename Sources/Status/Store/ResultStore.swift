import Articles
import Linux
package import Messaging
package import SQLite

/// Everything that the status service knows for good: results, articles, files, cursors and totals, and the log of
/// results, in one database with one writer.
///
/// Totals are kept as things change, so that no page ever counts rows; they count since the store was made, whatever
/// retention removes. It does not serve anybody; readers have connections of their own (``StoreReader``).
package final class ResultStore {
    /// What became of a reported result.
    package enum Storing: Sendable { case stored, duplicate }

    /// The version of the tables.
    package static var stateVersion: StateVersion { StatusSchema.stateVersion }

    /// The log of results; what a commit appended is taken from it after the commit.
    package let log: ArticleLog

    let connection: Connection
    /// Something was erased, and older states of its pages may stand in the write-ahead log: also that of the last run.
    var needsScrub = true
    /// How many wishes are open; nil where that is to be looked up (``openWishes()``).
    var wishCount: Int?
    private var streams: [StreamID: Int64] = [:]
    private var kinds: [String: Int64] = [:]
    /// What the open transaction adds to totals.
    private var deltas: [String: Int64] = [:]
    /// What arrives in the open transaction, and is added to the history of this minute: no replacements.
    var arrivals = Arrivals()
    /// What the open transaction adds to the history of sources.
    var sourceArrivals: [String: SourceArrivals] = [:]
    /// The rows of articles that came in the open transaction, by the hour of their commit.
    var hourArrivals: [Int64: ClosedRange<Int64>] = [:]
    /// The numbers of sources that have one.
    var sourceNumbers: [String: Int64] = [:]
    /// Up to where the logs had been followed before this store was made of a damaged one.
    private var followedBefore: [Int64: (epoch: Int64, seq: Int64)] = [:]
    /// What comes in is no news.
    var isRebuilding = false
    /// The most kinds of results: a producer that makes names up must not fill the page.
    static let maximumKinds = 64

    /// Opens the store on a connection and makes its tables where there are none.
    package init(connection: Connection) throws {
        self.connection = connection
        log = try ArticleLog(connection: connection)
        try StatusSchema.prepare(connection) { try judgeVersions() }
        try connection.statement("SELECT stream, epoch, seq FROM followed_before").forEachRow {
            followedBefore[$0.int64(0)] = ($0.int64(1), $0.int64(2))
        }
    }

    /// Opens the store at `path`, committing with FULL durability.
    ///
    /// - Throws: ``StoreDamage`` where it is found to be damaged.
    package convenience init(path: String) throws {
        do {
            let connection = try ResultStore.open(path)
            try self.init(connection: connection)
            try ResultStore.look(at: connection)
            try noteOpen(true)
        } catch { throw StoreDamage(error, path: path) ?? error }
    }

    /// A record was followed before this store was made of a damaged one: those that come behind it may be known.
    func isKnownOrder(_ position: Position) throws -> Bool {
        guard !followedBefore.isEmpty, let end = try followedBefore[number(of: position.stream)] else { return true }
        return (Int64(position.epoch), Int64(clamping: position.seq)) > end
    }

    /// Runs `body` in one transaction; returns its result and what arrived in it.
    package func transaction<Result>(_ body: () throws -> Result) throws -> (Result, arrivals: Arrivals) {
        deltas.removeAll(keepingCapacity: true)
        sourceArrivals.removeAll(keepingCapacity: true)
        hourArrivals.removeAll(keepingCapacity: true)
        arrivals = Arrivals()
        do {
            let result = try connection.transaction {
                let result = try body()
                try saveCounts()
                try saveSourceArrivals()
                try saveHourArrivals()
                return result
            }
            return (result, arrivals)
        } catch {
            // Rows that gave these names their numbers may be gone.
            streams.removeAll()
            kinds.removeAll()
            sourceNumbers.removeAll()
            wishCount = nil
            try? log.forgetAppended()
            throw error
        }
    }

    /// Stores one result within ``transaction(_:)``.
    ///
    /// A higher generation replaces; within a generation `ok` and `skipped` stand, and `failed` gives way to whatever
    /// came of a later attempt. What an operator has discarded gives way to `ok`: its worker was at it already.
    package func store(_ result: ReportedResult) throws -> Storing {
        let stream = try number(of: result.stream)
        let kind = try number(ofKind: result.kind)
        let query = try connection.statement(
            "SELECT gen, attempt, status, time_ms, verdict, dead, places FROM result WHERE stream=? AND epoch=? AND seq=? AND kind=?"
        )
        try query.bind(1, stream).bind(2, Int64(result.epoch)).bind(3, Int64(result.seq)).bind(4, kind)
        let isKnown = try query.step()
        if isKnown {
            let generation = query.int64(0)
            guard result.generation >= generation else { return finish(query, .duplicate) }
            if result.generation == generation {
                let isLater = result.attempt > query.int64(1) || result.timeMilliseconds > query.int64(3)
                let isDiscarded = !query.isNull(4) && query.string(4) == WorkResult.discardedVerdict
                let isOpen =
                    query.string(2) == ResultRecord.Outcome.failed.rawValue || isDiscarded && result.status == .ok
                guard isOpen, isLater || result.status != .failed else { return finish(query, .duplicate) }
            }
            count(
                result.kind, status: query.string(2), verdict: query.isNull(4) ? nil : query.string(4),
                isDead: query.int64(5) != 0, by: -1)
        }
        let before = isKnown && !query.isNull(6) ? query.string(6) : nil
        query.reset()
        var result = result
        if try isHidden(stream, result) { result.removeWords() }
        let place = try log.append(topic: .result(kind: result.kind), record: result.record).seq
        // Where it stands on the log is known, and where those stand that it replaces: they may have to be erased.
        let places = isKnown ? before.map { "\($0),\(place)" } : "\(place)"
        try connection.statement(
            """
            INSERT OR REPLACE INTO result(stream, epoch, seq, kind, gen, attempt, status, time_ms, verdict, dead, record,
                places) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, stream).bind(2, Int64(result.epoch)).bind(3, Int64(result.seq)).bind(4, kind)
            .bind(5, result.generation).bind(6, result.attempt).bind(7, result.status.rawValue)
            .bind(8, result.timeMilliseconds).bind(9, result.verdict).bind(10, result.isDead ? 1 : 0)
            .bind(11, result.record).bind(12, places).run()
        count(
            result.kind, status: result.status.rawValue, verdict: result.verdict, isDead: result.isDead, by: 1)
        if !isKnown { arrived(result.kind) }
        return .stored
    }

    /// The article that a result is of is known, and not to be shown: what was made of its words is not published either.
    private func isHidden(_ stream: Int64, _ result: ReportedResult) throws -> Bool {
        let query = try connection.statement(
            "SELECT standing, uri, source FROM article WHERE stream=? AND epoch=? AND seq=?"
        )
        .bind(1, stream).bind(2, Int64(result.epoch)).bind(3, Int64(result.seq))
        defer { query.reset() }
        guard try query.step() else { return false }
        switch ArticleStanding(rawValue: query.int(0)) {
        case .withheld, .killed, .erased, .erasedVersion: return true
        case .superseded where !query.isNull(1):
            let newest = try connection.statement(
                "SELECT 1 FROM article WHERE uri=? AND source=? AND standing IN (?, ?)"
            ).bind(1, query.string(1)).bind(2, query.string(2)).bind(3, ArticleStanding.withheld.rawValue)
                .bind(4, ArticleStanding.erased.rawValue)
            defer { newest.reset() }
            return try newest.step()
        default: return false
        }
    }

    private func finish(_ query: Statement, _ storing: Storing) -> Storing {
        query.reset()
        return storing
    }

    // MARK: Counts

    private func count(_ kind: String, status: String, verdict: String?, isDead: Bool, by amount: Int64) {
        count("result/\(kind)/\(status)", by: amount)
        if let verdict { count("verdict/\(kind)/\(verdict)", by: amount) }
        if isDead { count("result/\(kind)/dead", by: amount) }
    }

    /// Adds to a total when the open transaction commits.
    func count(_ name: String, by amount: Int64 = 1) { deltas[name, default: 0] += amount }

    /// Adds to the history of this minute when the open transaction commits.
    func arrived(_ name: String) { arrivals.names[name, default: 0] += 1 }

    private func saveCounts() throws {
        for (name, amount) in deltas where amount != 0 {
            try connection.statement(
                "INSERT INTO total(name, count) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET count=count+excluded.count"
            ).bind(1, name).bind(2, amount).run()
        }
        guard !isRebuilding else { return }
        let minute = Clocks.wallMilliseconds() / 60_000
        for (name, amount) in arrivals.names {
            try connection.statement(
                """
                INSERT INTO minute(minute, name, count) VALUES (?, ?, ?)
                ON CONFLICT(minute, name) DO UPDATE SET count=count+excluded.count
                """
            ).bind(1, minute).bind(2, name).bind(3, amount).run()
        }
    }

    // MARK: Names with numbers

    /// Returns the number of a stream, and gives it one.
    func number(of stream: StreamID) throws -> Int64 {
        if let known = streams[stream] { return known }
        let number = try self.number(in: "stream", name: stream.description)
        streams[stream] = number
        return number
    }

    /// Returns the number of a kind, and gives it one.
    func number(ofKind kind: String) throws -> Int64 {
        if let known = kinds[kind] { return known }
        let number = try self.number(in: "kind", name: kind)
        kinds[kind] = number
        return number
    }

    private func number(in table: String, name: String) throws -> Int64 {
        let query = try connection.statement("SELECT id FROM \(table) WHERE name=?").bind(1, name)
        defer { query.reset() }
        if try query.step() { return query.int64(0) }
        try connection.statement("INSERT INTO \(table)(name) VALUES (?)").bind(1, name).run()
        return connection.lastInsertRowID
    }

    /// A kind may have results here: it is known, or there is room for one more.
    package func takes(kind: String) throws -> Bool {
        if kinds[kind] != nil { return true }
        let query = try connection.statement("SELECT count(*) FROM kind WHERE name<>?").bind(1, kind)
        defer { query.reset() }
        return try !query.step() || query.int(0) < ResultStore.maximumKinds
    }
}
