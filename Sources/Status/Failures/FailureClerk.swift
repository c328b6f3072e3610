import Articles
import Linux
import Messaging
import SQLite
import Telemetry
import ZeroMQ

/// Sees to what operators want done with failures: notes it, tells it to whoever can do it, and ends it when it is done.
///
/// Who has the record of a failure can try it again: a worker with state has it in its own database and is told in the
/// answer to its HEARTBEAT; for workers without state their log has it among a group's dead letters, and is asked by
/// GROUP. What is discarded is settled in the store at once; they are then told to forget it. It belongs to the service's
/// thread.
final class FailureClerk {
    /// Who can do something about failures of a kind.
    private enum Keeper {
        case worker
        case group(endpoints: [String], low: UInt64)
        /// Such workers are there, and have nothing to try again.
        case nobody
        /// No such worker has been heard of.
        case unknown
    }

    private let store: ResultStore
    private let board: StatusBoard
    private let desk: FailureDesk
    private let lines: GroupLines
    private var tickets: [FailureDesk.Ticket] = []
    private var ended: [(ticket: FailureDesk.Ticket, outcome: Result<FailureOutcome, WireError>)] = []
    private var answers: [GroupLines.Answer] = []
    private var nextLook = ContinuousClock.now
    private var nextSweep = ContinuousClock.now
    private let logger = Logger(label: "failures")
    private static let interval = Duration.seconds(1)
    private static let sweepInterval = Duration.seconds(60)
    /// Failures of one change of all; between two the service takes what else has come.
    private static let portion = 1000

    init(context: Context, store: ResultStore, board: StatusBoard, desk: FailureDesk) {
        self.store = store
        self.board = board
        self.desk = desk
        lines = GroupLines(context: context)
    }

    // MARK: A turn

    /// To wait for the answers of logs.
    var readable: [PollEntry] { lines.readable }

    /// Takes in what has come, and asks logs; returns whether there is something to do in a transaction.
    ///
    /// - Parameter isStoreWell: false lets the store alone.
    func turn(isStoreWell: Bool) throws -> Bool {
        tickets += desk.take()
        answers += try lines.answered()
        guard isStoreWell else { return false }
        guard nextLook <= .now else { return !tickets.isEmpty || !answers.isEmpty }
        nextLook = .now + FailureClerk.interval
        // What logs have answered is taken in before more is asked of them.
        guard try store.openWishes() > 0, answers.isEmpty else { return !tickets.isEmpty || !answers.isEmpty }
        for place in try store.untoldPlaces() {
            guard case .group(let endpoints, _) = keeper(of: place.kind, place.stream), !endpoints.isEmpty else {
                continue
            }
            lines.ask(
                try store.untoldWishes(kind: place.kind, stream: place.stream, limit: GroupLines.portion),
                at: endpoints)
        }
        return true
    }

    /// Does what is to be done within the store's transaction.
    func work() throws {
        ended = try tickets.map { ($0, try outcome(of: $0.change)) }
        for answer in answers { try take(answer) }
        guard try store.openWishes() > 0 else { return }
        for log in logs() {
            for group in log.standing.groups {
                let lost = try store.lost(
                    kind: group.name, stream: log.standing.stream, before: log.standing.low,
                    limit: FailureClerk.portion)
                for key in lost { try endLost(key) }
            }
        }
        guard nextSweep <= .now else { return }
        nextSweep = .now + FailureClerk.sweepInterval
        try store.removeOldWishes(now: Clocks.wallMilliseconds())
    }

    /// The transaction is committed: tells who waits.
    func committed() {
        for (ticket, outcome) in ended { ticket.end(outcome) }
        tickets = []
        ended = []
        answers = []
    }

    /// The transaction failed for want of room: tells who waits. What logs have answered is taken in when there is room.
    func failed(_ error: WireError) {
        for ticket in tickets { ticket.end(.failure(error)) }
        tickets = []
        ended = []
    }

    // MARK: Changes

    private struct ListBody: Decodable {
        var action: String?
        var kind: String?
        var dead: Bool?
        var after: String?
        var max: Int?
    }

    /// The most failures of one answer.
    private static let page = 500

    /// Answers FAILURES, within the store's transaction.
    func answer(_ request: Request) throws -> Result<Reply, WireError> {
        do throws(WireError) {
            let body = try request.decode(ListBody.self)
            guard body.action != nil, body.action != "list" else { return .success(try list(body)) }
        } catch { return .failure(error) }
        return try change(request)
    }

    private func list(_ body: ListBody) throws(WireError) -> Reply {
        let limit = body.max ?? FailureClerk.page
        guard (1...FailureClerk.page).contains(limit) else {
            throw .badRequest("FAILURES: 'max' is 1 to \(FailureClerk.page)")
        }
        let place = body.after.flatMap { FailurePlace($0) }
        guard (body.after == nil) == (place == nil) else {
            throw .badRequest("FAILURES: 'after' is the 'next' of an answer")
        }
        let page: StoreReader.FailurePage
        do {
            page = try StoreReader(connection: store.connection)
                .failures(FailureFilter(kind: body.kind, isDead: body.dead), after: place, limit: limit)
        } catch { throw WireError(.internal, "INTERNAL", "FAILURES: the store could not be read: \(error)") }
        return Reply { writer in
            writer.array("failures", page.failures) { $1.write(to: &$0) }
            writer.field("next", page.next?.text)
        }
    }

    private func change(_ request: Request) throws -> Result<Reply, WireError> {
        let change: FailureChange
        do { change = try request.decode(FailureChange.self) } catch { return .failure(error) }
        return try outcome(of: change).map { Reply(json: $0.json) }
    }

    private func outcome(of change: FailureChange) throws -> Result<FailureOutcome, WireError> {
        struct Place: Hashable {
            var kind: String
            var stream: StreamID
        }
        var outcome = FailureOutcome()
        var keepers: [Place: Keeper] = [:]
        let keys: [FailureKey]
        switch change.scope {
        case .these(let these): keys = these
        case .all(let kind):
            var all: [FailureKey] = []
            for kind in try kind.map({ [$0] }) ?? store.knownKinds() where all.count <= FailureClerk.portion {
                all += try store.givenUp(kind: kind, limit: FailureClerk.portion + 1 - all.count)
            }
            outcome.hasMore = all.count > FailureClerk.portion
            keys = Array(all.prefix(FailureClerk.portion))
        }
        for key in keys {
            guard try store.hasFailed(key) else {
                outcome.missing.append(key)
                continue
            }
            let place = Place(kind: key.kind, stream: key.stream)
            let keeper = keepers[place] ?? keeper(of: key.kind, key.stream)
            keepers[place] = keeper
            if case .discard = change.action {
                try store.settle(key, .discarded(by: change.by))
                // Whoever keeps the record is to forget it; if nobody can be told, that takes nothing from the result.
                if case .nobody = keeper {
                } else if try store.openWishes() < ResultStore.maximumWishes {
                    try store.wish(.discard, for: key, by: change.by)
                }
            } else if case .nobody = keeper {
                outcome.refused.append(.init(key: key, reason: "workers of the kind \(key.kind) try nothing again"))
                continue
            } else if try store.openWishes() >= ResultStore.maximumWishes {
                outcome.hasMore = false
                outcome.refused.append(
                    .init(key: key, reason: "\(ResultStore.maximumWishes) failures wait for another try already"))
                continue
            } else {
                try store.wish(.retry, for: key, by: change.by)
            }
            outcome.count += 1
        }
        // All that is left may be what was refused, which would be found again and again.
        if outcome.count == 0 { outcome.hasMore = false }
        outcome.refused = Array(outcome.refused.prefix(FailureOutcome.mostRefusals))
        if outcome.count > 0 {
            logger.notice(
                "Failures are to be tried again, or are discarded.",
                [.action: change.action.rawValue, .count: "\(outcome.count)", .by: change.by ?? "-"])
        }
        return .success(outcome)
    }

    // MARK: Keepers

    /// What of a process is wanted, for the answer to its heartbeat.
    func wishes(for heartbeat: Heartbeat) throws -> [Wish] {
        guard let grants = heartbeat.grants, !board.isStoreTroubled else { return [] }
        return try store.wishes(
            kind: heartbeat.kind, streams: heartbeat.streams.map(\.stream), limit: Wish.limit
        ).filter { grants.contains($0.action.rawValue) }
    }

    private typealias Log = (standing: LogStanding, endpoints: [String])

    /// The logs of live processes, with the addresses that can be reached from here.
    private func logs() -> [Log] {
        board.processes().filter(\.isAlive).flatMap { process in
            let endpoints = ServedStreams.Entry(process.heartbeat)
                .addresses(of: "log", from: ProcessInformation.hostName)
            return (process.heartbeat.logs ?? []).map { ($0, endpoints) }
        }
    }

    private func keeper(of kind: String, _ stream: StreamID) -> Keeper {
        let log = logs().first { log in
            log.standing.stream == stream && log.standing.groups.contains { $0.name == kind }
        }
        if let log { return .group(endpoints: log.endpoints, low: log.standing.low) }
        let workers = board.processes().filter { $0.heartbeat.kind == kind }
        if workers.contains(where: { $0.heartbeat.grants != nil }) { return .worker }
        return workers.contains(where: \.isAlive) ? .nobody : .unknown
    }

    private func take(_ answer: GroupLines.Answer) throws {
        switch answer.outcome {
        case .success(let reply):
            let missing = Set((reply["missing"]?.arrayValue ?? []).compactMap(\.integerValue))
            let low = reply["low"]?.integerValue ?? 0
            for wish in answer.wishes {
                let seq = Int64(clamping: wish.key.seq)
                switch wish.action {
                case .discard: try store.endWish(wish.key)
                case .retry where seq < low: try endLost(wish.key)
                case .retry where missing.contains(seq):
                    // It is given out to somebody at this moment, and then its result replaces this one.
                    try end(wish.key, "the group \(wish.key.kind) has no such dead letter", code: "GONE")
                case .retry: try store.noteTold(wish.key)
                }
            }
        case .failure(let error):
            // What the log does not do now it will not do later, but for want of time or room.
            guard (400..<500).contains(error.code), error.code != WireError.Code.busy.rawValue else { return }
            for wish in answer.wishes {
                switch wish.action {
                case .discard: try store.endWish(wish.key)
                case .retry: try end(wish.key, "the log refuses another try: \(error.message)", code: error.name)
                }
            }
        }
    }

    private func endLost(_ key: FailureKey) throws {
        try end(key, "retention has removed the record from its log: there is nothing to try again", code: "RETENTION")
    }

    private func end(_ key: FailureKey, _ reason: String, code: String) throws {
        try store.settle(key, .failed(reason, code: code, isDead: true))
        try store.endWish(key)
    }
}
