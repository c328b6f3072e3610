import Articles
import Linux
import Telemetry
package import ZeroMQ

/// Follows a log by HELLO and FETCH from a committed cursor, without blocking; commits its place now and then.
///
/// The next FETCH is sent as soon as a batch has come, before it is applied: what it brings is applied after it.
package final class LogFollower {
    private enum Phase {
        case waiting(until: ContinuousClock.Instant)
        case greeting(request: UInt64, deadline: ContinuousClock.Instant)
        case ready
        case fetching(request: UInt64, deadline: ContinuousClock.Instant)
    }

    private struct EpochFields: Decodable {
        var epochs: [[UInt64]]
    }

    /// What it follows.
    let source: LogSource
    /// The stream that it reads; nil before its server has told, and while another follower reads that.
    package private(set) var stream: StreamID?
    /// The end of the stream as it was last seen.
    package private(set) var head: UInt64 = 0
    /// The place from which reading went on at the last greeting.
    package private(set) var start: Cursor?
    /// Why nothing comes, in a sentence.
    package private(set) var trouble: String?

    /// Another follower reads the stream; now and then this one asks whether it still does.
    private(set) var isStandby = false

    private let client: CommandClient
    private let holders: StreamHolders
    /// How often in a row another server had the same stream.
    private var copies = 0
    private let topics: [String]
    private let consumer: String
    private let committedCursor: (StreamID) throws -> Cursor?
    private var phase = Phase.waiting(until: .now)
    /// After which the next FETCH reads; ahead of the committed cursor by one batch.
    private var next: Cursor?
    private var failures = 0
    private var lastCommit: (seq: UInt64, at: ContinuousClock.Instant) = (0, .now - .seconds(1))
    private static let waitMilliseconds: Int64 = 5000
    private let logger: Logger

    /// Makes a follower.
    ///
    /// - Parameters:
    ///   - consumer: the name under which its place is committed.
    ///   - committedCursor: returns the place in a stream from which to go on; nil for its beginning.
    package convenience init(
        context: Context, endpoints: [String], topics: [String], consumer: String,
        committedCursor: @escaping (StreamID) throws -> Cursor?
    ) {
        self.init(
            context: context, source: LogSource(name: "the log", endpoints: endpoints), holders: StreamHolders(),
            topics: topics, consumer: consumer, committedCursor: committedCursor)
    }

    /// Makes one of several followers, which do not read a stream twice.
    init(
        context: Context, source: LogSource, holders: StreamHolders, topics: [String], consumer: String,
        committedCursor: @escaping (StreamID) throws -> Cursor?
    ) {
        self.source = source
        self.holders = holders
        client = CommandClient(context: context, endpoints: source.endpoints)
        self.topics = topics
        self.consumer = consumer
        self.committedCursor = committedCursor
        logger = Logger(label: consumer)
    }

    /// To wait for replies.
    package var readable: [PollEntry] { client.readable }

    /// Everything that the log has was handed over, and a FETCH waits for more.
    package var isAtEnd: Bool {
        if case .fetching = phase { (next?.seq ?? 0) >= head } else { false }
    }

    /// How long until there is something to do beside receiving.
    package var untilDue: Duration {
        switch phase {
        case .waiting(let until): max(.zero, until - .now)
        case .greeting(_, let deadline), .fetching(_, let deadline): max(.zero, deadline - .now)
        case .ready: .seconds(1)
        }
    }

    /// Sends HELLO or FETCH where it is time.
    ///
    /// - Parameter isWanted: false leaves FETCH out (the outbox is full).
    package func requestIfPossible(isWanted: Bool) throws {
        switch phase {
        case .waiting(let until) where until <= .now:
            guard let request = send("HELLO", LogGreeting.request) else { return }
            phase = .greeting(request: request, deadline: .now + LogGreeting.deadline)
        case .ready where isWanted: fetch()
        case .greeting(_, let deadline) where deadline <= .now || client.isRefused,
            .fetching(_, let deadline) where deadline <= .now || client.isRefused:
            let reason = client.refusal ?? "the log does not answer at '\(client.endpoint)'"
            client.reset()
            fail(reason)
        default: break
        }
    }

    /// Returns the next batch without waiting; nil where there is none yet.
    package func receive() throws -> FetchReply? {
        while let answer = try client.receive() {
            switch phase {
            case .greeting(let request, _) where request == answer.id: try greeted(answer.outcome)
            case .fetching(let request, _) where request == answer.id:
                if let batch = try fetched(answer.outcome) { return batch }
            default: continue
            }
        }
        return nil
    }

    private func greeted(_ outcome: Result<Reply, WireError>) throws {
        switch outcome {
        case .success(let reply):
            guard let greeting = try? reply.decode(LogGreeting.self) else { return fail(LogGreeting.malformed) }
            if case .held(let isSameServer) = holders.claim(greeting.stream, boot: greeting.boot, by: self) {
                return standBy(greeting.stream, isSameServer: isSameServer)
            }
            isStandby = false
            copies = 0
            stream = greeting.stream
            head = greeting.head
            lastCommit.seq = 0
            next =
                try committedCursor(greeting.stream)
                ?? Cursor(
                    stream: greeting.stream, epoch: greeting.epoch, seq: max(greeting.low, 1) - 1, timeMilliseconds: 0)
            start = next
            failures = 0
            trouble = nil
            phase = .ready
        case .failure(let error): fail("\(error)")
        }
    }

    private func fetched(_ outcome: Result<Reply, WireError>) throws -> FetchReply? {
        switch outcome {
        case .success(let reply):
            let batch: FetchReply
            do { batch = try FetchReply(reply) } catch {
                fail("\(error)")
                return nil
            }
            failures = 0
            trouble = nil
            head = batch.head
            commit(upTo: next?.seq ?? 0)
            next = batch.next
            phase = .ready
            return batch
        case .failure(let error):
            resume(after: error)
            return nil
        }
    }

    /// Goes on after an ERR as the specification says: nothing is skipped in silence.
    private func resume(after error: WireError) {
        switch (error.code, next) {
        case (409, let cursor?):
            // The epoch after the cursor's began where the log was restored: what follows may be other records.
            guard
                let table = error.fields["epochs"]?.arrayValue?.compactMap({ $0.arrayValue?.compactMap(\.integerValue) }
                )
            else { return fail("\(error)") }
            guard let later = table.first(where: { $0.count == 2 && $0[0] > Int64(cursor.epoch) }) else {
                // Reading on would take other records for those that were read: only the operator can say.
                return fail("\(error.message); run `dropwire log bump-epoch` on the restored log")
            }
            let current = table.last { $0.count == 2 }
            let seq = min(cursor.seq, UInt64(max(0, later[1] - 1)))
            logger.warning(
                .logRestored,
                [.from: "\(cursor)", .seq: "\(seq)"])
            next = Cursor(
                stream: cursor.stream, epoch: UInt32(clamping: current?[0] ?? 1), seq: seq, timeMilliseconds: 0)
            lastCommit.seq = 0
            phase = .ready
        case (410, let cursor?):
            guard let low = error.fields["low"]?.integerValue.map({ UInt64(clamping: $0) }), low > cursor.seq + 1 else {
                return fail("\(error)")
            }
            logger.error(
                .recordsLost,
                [.firstLost: "\(cursor.seq + 1)", .lastLost: "\(low - 1)"])
            next = Cursor(stream: cursor.stream, epoch: cursor.epoch, seq: low - 1, timeMilliseconds: 0)
            phase = .ready
        default: fail("\(error)")
        }
    }

    private func fetch() {
        let json = LogRequests.fetch(after: next, topics: topics, waitMilliseconds: LogFollower.waitMilliseconds)
        guard let request = send("FETCH", json) else { return }
        phase = .fetching(
            request: request, deadline: .now + .milliseconds(LogFollower.waitMilliseconds) + LogRequests.grace)
    }

    /// Tells the log which place is committed: for the display of lag and for retention; at most twice a second.
    private func commit(upTo seq: UInt64) {
        guard seq != lastCommit.seq, ContinuousClock.now - lastCommit.at > .milliseconds(500) else { return }
        lastCommit = (seq, .now)
        _ = try? client.send("COMMIT", json: LogRequests.commit(consumer: consumer, after: seq))
    }

    /// Sends a request; nil where that cannot be, which ends what is under way.
    private func send(_ command: String, _ json: [UInt8]) -> UInt64? {
        do {
            if let request = try client.send(command, json: json) { return request }
            fail(client.refusal ?? "\(command) could not be sent")
        } catch {
            // An address that nobody can connect to is the trouble of this log, not of the process.
            fail("\(error)")
            client.reset()
        }
        return nil
    }

    private func standBy(_ stream: StreamID, isSameServer: Bool) {
        isStandby = true
        self.stream = nil
        copies = isSameServer ? 0 : copies + 1
        trouble = copies < LogGreeting.copiesUntilTold ? nil : LogGreeting.copied(stream, at: client.endpoint)
        failures = 0
        client.reset()
        phase = .waiting(until: .now + LogGreeting.standbyInterval)
    }

    /// Lets another follower have the stream.
    func letGo() { holders.release(by: self) }

    private func fail(_ reason: String) {
        letGo()
        failures += 1
        if failures == 3 {
            logger.warning(
                .logUnreachable, [.name: source.name, .reason: reason])
        }
        trouble = reason
        phase = .waiting(until: .now + Backoff.delay(failures: failures))
    }
}
