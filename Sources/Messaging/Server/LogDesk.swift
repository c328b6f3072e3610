import Articles
import Linux
import SQLite
import Telemetry

/// Answers the commands of a log: HELLO, PING, SEEK, FETCH, COMMIT, and the shared work of groups.
///
/// It does no networking: a request goes in, its answer comes out, at once or (FETCH and CLAIM with `wait_ms`) later.
/// Here is who waits and who is woken; the commands themselves stand in the extensions beside.
final class LogDesk {
    /// Limits, most of which HELLO announces.
    enum Limit {
        static let records = 1000
        static let defaultBytes = 1 << 20
        static let bytes = 8 << 20
        static let waitMilliseconds: Int64 = 60_000
        /// Requests that one peer may have waiting.
        static let outstanding = 4
        /// Requests that may wait in all: peers that went away leave theirs behind until their deadline.
        static let waiting = 1024
    }

    /// What is sent to a peer.
    struct Answer {
        let request: Request
        let outcome: Result<Reply, WireError>
        /// Records whose lease began with this answer: they go back where it cannot be delivered.
        var given: (group: String, owner: String, seqs: [UInt64])?
    }

    /// A request that waits for records, already read.
    enum Question {
        /// The second value is the record up to which everything was looked at.
        case fetch(FetchBody, after: UInt64)
        case claim(ClaimBody)
    }

    private struct Waiting {
        let request: Request
        let deadline: ContinuousClock.Instant
        var filter: TopicFilter
        let question: Question

        var group: String? { if case .claim(let body) = question { body.group } else { nil } }
    }

    let reader: LogReader
    let groups: GroupStore
    let configuration: StreamConfiguration
    let feedAddresses: [String]
    let logAddresses: [String]
    let boot = StreamID.random().description
    private(set) var ring: LogRing
    private(set) var head: UInt64
    private(set) var headTime: Int64
    /// What ``low()`` found for the request in hand.
    private var knownLow: UInt64?
    private var waiting: [Waiting] = []
    /// Groups in which something may be had for another reason than a lease that ended.
    private var stirred: Set<String> = []
    let logger: Logger

    init(
        reader: LogReader, groups: GroupStore, configuration: StreamConfiguration, feedAddresses: [String],
        logAddresses: [String]
    ) throws {
        self.reader = reader
        self.groups = groups
        self.configuration = configuration
        self.feedAddresses = feedAddresses
        self.logAddresses = logAddresses
        logger = Logger(label: "stream \(configuration.name)")
        ring = LogRing(capacity: configuration.ringBytes)
        head = reader.state.head
        headTime = try reader.time(of: head) ?? 0
        try groups.follow(reader.state)
    }

    /// Where the stream ends, with the present time.
    var headPosition: Position {
        Position(
            stream: reader.state.stream, epoch: reader.epoch, seq: head, timeMilliseconds: Clocks.wallMilliseconds())
    }

    /// The json of HEAD.
    var headMessage: [UInt8] {
        Reply { writer in
            writer.field("boot", boot)
            writer.field("low", (try? reader.low(head: head)) ?? 0)
            writer.field("interval_ms", Feed.intervalMilliseconds)
            writer.array("log", logAddresses)
            writer.field("name", configuration.name)
        }.json
    }

    // MARK: What wakes

    /// How long until somebody who waits must be answered; nil where nobody waits.
    var untilDue: Duration? {
        guard let first = waiting.map(\.deadline).min() else { return nil }
        var due = first - .now
        for group in Set(waiting.compactMap(\.group)) {
            if stirred.contains(group) { return .zero }
            guard let lease = groups.groups[group]?.nextDue else { continue }
            due = min(due, .milliseconds(lease - Clocks.bootMilliseconds()))
        }
        return max(.zero, due)
    }

    /// Takes in what was committed; returns the answers for those who waited for it.
    ///
    /// - Parameter hasSkipped: records before these were committed too and are to be read from disk.
    func committed(_ records: [LogRecord], hasSkipped: Bool) -> [Answer] {
        for record in records { ring.append(record) }
        guard let last = records.last else { return [] }
        // At the start the reader may have seen more than has been handed over yet.
        if last.position.seq >= head {
            head = last.position.seq
            headTime = last.position.timeMilliseconds
        }
        guard !waiting.isEmpty else { return [] }
        // Commits that match nobody wake nobody.
        let topics = Set(records.map(\.topic))
        return answer { entry in hasSkipped || topics.contains { entry.filter.matches($0) } }
    }

    /// Takes in that records have other bytes now.
    func replaced(_ records: [ReplacedRecord]) { for record in records { ring.replace(record) } }

    /// Returns the answers for those whose time is over or for whom work came free.
    func answerDue() -> [Answer] {
        defer { stirred.removeAll() }
        guard !waiting.isEmpty else { return [] }
        let now = ContinuousClock.now
        let boot = Clocks.bootMilliseconds()
        return answer { entry in
            if entry.deadline <= now { return true }
            guard let group = entry.group else { return false }
            return stirred.contains(group) || (groups.groups[group]?.nextDue ?? .max) <= boot
        }
    }

    /// Gives up all who wait.
    func abandonWaiting() -> [Request] {
        defer { waiting.removeAll() }
        return waiting.map(\.request)
    }

    /// Something may be had in a group: whoever waits there is asked again in this turn.
    func stir(_ group: String) { stirred.insert(group) }

    /// Asks again for those who wait and to whom `applies`; they are answered, or go on waiting.
    private func answer(where applies: (inout Waiting) -> Bool) -> [Answer] {
        var asked: [Waiting] = []
        var others: [Waiting] = []
        for var entry in waiting {
            if applies(&entry) { asked.append(entry) } else { others.append(entry) }
        }
        waiting = others
        return asked.compactMap { entry in
            attempt(entry.request) {
                switch entry.question {
                case .fetch(let body, let after):
                    try fetch(entry.request, body, after: after, deadline: entry.deadline)
                case .claim(let body): try claim(entry.request, body, deadline: entry.deadline)
                }
            }
        }
    }

    /// Lets a request wait: without what it carried, which may be large and is not needed again.
    func wait(_ request: Request, _ question: Question, filter: TopicFilter, until deadline: ContinuousClock.Instant) {
        waiting.append(
            Waiting(
                request: Request(
                    address: request.address, id: request.id, command: request.command, json: [], payload: []),
                deadline: deadline, filter: filter, question: question))
    }

    // MARK: Commands

    /// Handles a request; nil where it waits.
    func handle(_ request: Request) -> Answer? {
        attempt(request) {
            guard waiting.count(where: { $0.request.peer == request.peer }) < Limit.outstanding else {
                throw WireError(
                    .busy, "BUSY", "a peer may have \(Limit.outstanding) requests outstanding", retryMilliseconds: 100)
            }
            switch request.command {
            case "HELLO": return try hello(request)
            case "PING": return try ping(request)
            case "SEEK": return try seek(request)
            case "FETCH": return try fetch(request)
            case "COMMIT": return try commit(request)
            case "CLAIM": return try claim(request)
            case "DONE", "EXTEND", "NACK", "RELEASE": return try settle(request)
            case "GROUP": return try administer(request)
            case "CONSUMER": return try consumer(request)
            default:
                throw WireError(
                    .notFound, "UNKNOWN_COMMAND",
                    "'\(request.command)' is not a command here; there are HELLO, PING, SEEK, FETCH, COMMIT, "
                        + "CLAIM, DONE, EXTEND, NACK, RELEASE, GROUP, CONSUMER")
            }
        }
    }

    /// When a request that may wait gives up, and whether there is room for it to wait.
    func deadline(waitMilliseconds: Int64?) throws(WireError) -> ContinuousClock.Instant {
        let wait = min(waitMilliseconds ?? 0, Limit.waitMilliseconds)
        guard wait == 0 || waiting.count < Limit.waiting else {
            throw WireError(
                .busy, "BUSY", "\(Limit.waiting) requests wait already; ask without wait_ms", retryMilliseconds: 1000)
        }
        return .now + .milliseconds(wait)
    }

    /// The oldest retained record, looked up once a request.
    func low() throws -> UInt64 {
        if let knownLow { return knownLow }
        let low = try reader.low(head: head)
        knownLow = low
        return low
    }

    /// Runs a command; what it throws becomes the error of the table.
    private func attempt(_ request: Request, _ body: () throws -> Answer?) -> Answer? {
        knownLow = nil
        let failure: WireError
        do {
            return try body()
        } catch let error as WireError {
            failure = error
        } catch let error as SQLiteError where error.isDiskFull {
            logger.error(.logDiskFull, [.command: request.command, .error: "\(error)"])
            failure = WireError(.unavailable, "DISK_FULL", "\(error)", retryMilliseconds: 5000)
        } catch {
            logger.error("A command failed.", [.command: request.command, .error: "\(error)"])
            failure = WireError(.internal, "INTERNAL", "\(request.command) failed: \(error)")
        }
        return Answer(request: request, outcome: .failure(failure))
    }
}
