import Articles
import Linux
import Telemetry
import ZeroMQ

/// One of the logs that a ``StatelessWorker`` shares with others: HELLO, CLAIM, and what keeps and ends its leases,
/// without blocking.
///
/// Nothing is claimed while leases of it are in hand, or on their way back.
final class LeasedLog {
    /// How records are claimed.
    struct Terms {
        var group: String
        var owner: String
        var topics: [String]
        var lease: Duration
        var maximumAttempts: Int
    }

    /// A record that failed.
    struct Failure {
        var seq: UInt64
        var reason: String
        var delayMilliseconds: Int64
    }

    private enum Phase {
        case waiting(until: ContinuousClock.Instant)
        case greeting(request: UInt64, deadline: ContinuousClock.Instant)
        case ready
        case claiming(request: UInt64, deadline: ContinuousClock.Instant)
        case holding
        case settling(requests: Set<UInt64>, deadline: ContinuousClock.Instant)
    }

    /// What it is a line to.
    let source: LogSource
    /// The place up to which everything was given out or passed over, as it was last seen.
    private(set) var place: Heartbeat.StreamPosition?
    /// Why nothing comes, in a sentence.
    private(set) var trouble: String?
    /// Another line works on the stream.
    private(set) var isStandby = false
    /// What was claimed and is not settled.
    private(set) var batch: FetchReply?

    private let terms: Terms
    private let client: CommandClient
    private let holders: StreamHolders
    private var phase = Phase.waiting(until: .now)
    /// The last CLAIM brought nothing: the next one waits for something.
    private var isRested = false
    /// When the leases in hand were made or lengthened.
    private var leased = ContinuousClock.now
    private var failures = 0
    /// How often in a row another server had the same stream.
    private var copies = 0
    private let logger: Logger
    private static let waitMilliseconds: Int64 = 2500
    private static let patience = Duration.seconds(5)

    init(context: Context, source: LogSource, holders: StreamHolders, terms: Terms, logger: Logger) {
        self.source = source
        self.holders = holders
        self.terms = terms
        self.logger = logger
        client = CommandClient(context: context, endpoints: source.endpoints)
    }

    /// To wait for answers.
    var readable: [PollEntry] { client.readable }

    /// It waits for records, and has no others.
    var isAtRest: Bool { if case .claiming = phase { isRested } else { false } }

    /// Answers to what ends its leases are on their way.
    var isSettling: Bool { if case .settling = phase { true } else { false } }

    /// How long until there is something to do beside receiving.
    var untilDue: Duration {
        switch phase {
        case .waiting(let until): max(.zero, until - .now)
        case .greeting(_, let deadline), .claiming(_, let deadline), .settling(_, let deadline):
            max(.zero, deadline - .now)
        case .ready: .zero
        case .holding: max(.zero, leased + terms.lease / 3 - .now)
        }
    }

    /// Sends what is due.
    ///
    /// - Parameter maximum: how many records to claim.
    func turn(claiming maximum: Int) {
        switch phase {
        case .waiting(let until) where until <= .now:
            guard let request = send("HELLO", LogGreeting.request) else { return }
            phase = .greeting(request: request, deadline: .now + LogGreeting.deadline)
        case .ready: claim(maximum)
        case .greeting(_, let deadline) where deadline <= .now || client.isRefused,
            .claiming(_, let deadline) where deadline <= .now || client.isRefused,
            .settling(_, let deadline) where deadline <= .now || client.isRefused:
            let reason = client.refusal ?? "the log does not answer at '\(client.endpoint)'"
            client.reset()
            fail(reason)
        case .holding: extendIfDue()
        default: break
        }
    }

    /// Takes in what was answered.
    func receive() {
        do {
            while let answer = try client.receive() {
                switch phase {
                case .greeting(let request, _) where request == answer.id: greeted(answer.outcome)
                case .claiming(let request, _) where request == answer.id: claimed(answer.outcome)
                case .settling(let requests, let deadline) where requests.contains(answer.id):
                    // What is stale by now belongs to another worker, whose result is the same one.
                    let left = requests.subtracting([answer.id])
                    phase = left.isEmpty ? .ready : .settling(requests: left, deadline: deadline)
                // An EXTEND that fails lets the leases run out: the work is done twice and stored once.
                default: continue
                }
            }
        } catch {
            client.reset()
            fail("\(error)")
        }
    }

    /// Keeps the leases in hand alive while work, or the status service, takes long.
    func extendIfDue() {
        guard let batch, ContinuousClock.now - leased > terms.lease / 3 else { return }
        leased = .now
        let json = LogRequests.settle(
            group: terms.group, owner: terms.owner, seqs: batch.records.map(\.position.seq),
            leaseMilliseconds: terms.lease.wholeMilliseconds)
        _ = try? client.send("EXTEND", json: json)
    }

    /// Ends leases: what is done is done, what failed comes again later. What else is in hand stays leased.
    func settle(done: [UInt64], failed: [Failure]) {
        batch = nil
        var requests: Set<UInt64> = []
        if !done.isEmpty {
            let json = LogRequests.settle(group: terms.group, owner: terms.owner, seqs: done)
            guard let request = send("DONE", json) else { return }
            requests.insert(request)
        }
        for failure in failed {
            let json = LogRequests.settle(
                group: terms.group, owner: terms.owner, seqs: [failure.seq],
                delayMilliseconds: failure.delayMilliseconds, reason: failure.reason)
            guard let request = send("NACK", json) else { return }
            requests.insert(request)
        }
        phase = requests.isEmpty ? .ready : .settling(requests: requests, deadline: .now + LeasedLog.patience)
    }

    /// Gives back whatever is still leased; returns whether an answer is on its way.
    ///
    /// On a new connection: a CLAIM that still waits on the old one finds nobody and keeps nothing.
    func release() -> Bool {
        guard place != nil, trouble == nil else { return false }
        batch = nil
        client.reset()
        let json = LogRequests.release(group: terms.group, owner: terms.owner)
        guard let request = send("RELEASE", json) else { return false }
        phase = .settling(requests: [request], deadline: .now + .seconds(1))
        return true
    }

    /// Lets another line have the stream.
    func letGo() { holders.release(by: self) }

    private func claim(_ maximum: Int) {
        // Without a wait first, so that coming to rest is told at once.
        let wait = isRested ? LeasedLog.waitMilliseconds : 0
        let json = LogRequests.claim(
            group: terms.group, owner: terms.owner, maximum: maximum,
            leaseMilliseconds: terms.lease.wholeMilliseconds, waitMilliseconds: wait, topics: terms.topics,
            maximumAttempts: terms.maximumAttempts)
        guard let request = send("CLAIM", json) else { return }
        phase = .claiming(request: request, deadline: .now + .milliseconds(wait) + LogRequests.grace)
    }

    private func greeted(_ outcome: Result<Reply, WireError>) {
        switch outcome {
        case .success(let reply):
            guard let greeting = try? reply.decode(LogGreeting.self) else { return fail(LogGreeting.malformed) }
            if case .held(let isSameServer) = holders.claim(greeting.stream, boot: greeting.boot, by: self) {
                return standBy(greeting.stream, isSameServer: isSameServer)
            }
            isStandby = false
            copies = 0
            isRested = false
            phase = .ready
        case .failure(let error): fail("\(error)")
        }
    }

    private func claimed(_ outcome: Result<Reply, WireError>) {
        let reply: FetchReply
        do { reply = try FetchReply(outcome.get()) } catch { return fail("\(error)") }
        failures = 0
        trouble = nil
        leased = .now
        place = .init(
            stream: reply.next.stream, epoch: reply.next.epoch, seq: reply.next.seq,
            head: max(reply.head, reply.next.seq))
        isRested = reply.records.isEmpty
        batch = isRested ? nil : reply
        phase = isRested ? .ready : .holding
    }

    private func standBy(_ stream: StreamID, isSameServer: Bool) {
        isStandby = true
        place = nil
        copies = isSameServer ? 0 : copies + 1
        trouble = copies < LogGreeting.copiesUntilTold ? nil : LogGreeting.copied(stream, at: client.endpoint)
        failures = 0
        client.reset()
        phase = .waiting(until: .now + LogGreeting.standbyInterval)
    }

    /// Sends a request; nil where that cannot be, which ends what is under way.
    private func send(_ command: String, _ json: [UInt8]) -> UInt64? {
        do {
            if let request = try client.send(command, json: json) { return request }
            fail(client.refusal ?? "\(command) could not be sent")
        } catch {
            fail("\(error)")
            client.reset()
        }
        return nil
    }

    private func fail(_ reason: String) {
        letGo()
        // What is leased comes again by the next CLAIM, or to another worker when its time is over.
        batch = nil
        failures += 1
        if failures == 3 {
            logger.warning(
                "The log cannot be worked on; it is tried again.", [.name: source.name, .error: reason])
        }
        trouble = reason
        phase = .waiting(until: .now + Backoff.delay(failures: failures))
    }
}
