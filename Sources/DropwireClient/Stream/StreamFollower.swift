import Articles
import Messaging
import ZeroMQ

/// Follows a log by FETCH for a stream, without blocking: what a worker's follower passes with a line in its log is an error here.
final class StreamFollower {
    private enum Phase {
        case waiting(until: ContinuousClock.Instant)
        case starting(request: UInt64, deadline: ContinuousClock.Instant)
        case ready
        case fetching(request: UInt64, deadline: ContinuousClock.Instant)
    }

    private struct Greeting: Decodable {
        var stream: StreamID
        var epoch: UInt32
    }

    /// Why nothing comes, in a sentence.
    private(set) var trouble: String?
    /// The end of the stream as it was last seen.
    private(set) var head: UInt64 = 0

    private let stream: ArticleStream
    private let client: CommandClient
    private var phase = Phase.waiting(until: .now)
    /// After which the next FETCH reads; nil is the oldest record.
    private var next: Messaging.Cursor?
    private var hasStarted: Bool
    private var failures = 0
    private var lastAnswer = ContinuousClock.now
    private var lastCommit: (seq: UInt64, at: ContinuousClock.Instant) = (0, .now - .seconds(1))
    private let waitMilliseconds: Int64
    private static let spacing = Duration.milliseconds(500)

    init(_ stream: ArticleStream, context: Context) {
        self.stream = stream
        client = CommandClient(context: context, endpoints: stream.connection.log)
        switch stream.start {
        case .beginning: hasStarted = true
        case .cursor(let cursor):
            next = cursor.wire
            hasStarted = true
        case .end, .time, .seq: hasStarted = false
        }
        // Who has little patience must hear from a server that has nothing new in time.
        waitMilliseconds = min(5000, stream.patience.map { max(1, Int64($0 / .milliseconds(2))) } ?? 5000)
    }

    /// To wait for replies.
    var readable: [PollEntry] { client.readable }

    /// How long until there is something to do beside receiving.
    var untilDue: Duration {
        var due: Duration =
            switch phase {
            case .waiting(let until): until - .now
            case .starting(_, let deadline), .fetching(_, let deadline): deadline - .now
            case .ready: .seconds(1)
            }
        if let patience = stream.patience { due = min(due, lastAnswer + patience - .now) }
        if isCommitOpen { due = min(due, lastCommit.at + StreamFollower.spacing - .now) }
        return max(.zero, due)
    }

    /// Sends what is to be sent.
    ///
    /// - Parameter isWanted: false leaves FETCH out: there is no room for what it would bring.
    func requestIfPossible(isWanted: Bool) throws {
        switch phase {
        case .waiting(let until) where until <= .now:
            if hasStarted { phase = .ready } else { return try start() }
            if isWanted { try fetch() }
        case .ready where isWanted: try fetch()
        case .ready:
            // A consumer that takes its time is no silence of the server.
            lastAnswer = .now
        case .starting(_, let deadline) where deadline <= .now, .fetching(_, let deadline) where deadline <= .now:
            let silent = client.endpoint
            client.reset()
            fail("the log does not answer at '\(silent)'")
        default: break
        }
        if let patience = stream.patience, .now - lastAnswer >= patience {
            throw StreamError.unreachable(trouble ?? "the log does not answer at '\(client.endpoint)'")
        }
    }

    /// Returns the next batch without waiting; nil where there is none yet.
    func receive() throws -> FetchReply? {
        while let answer = try client.receive() {
            switch phase {
            case .starting(let request, _) where request == answer.id: try started(answer.outcome)
            case .fetching(let request, _) where request == answer.id:
                if let batch = try fetched(answer.outcome) { return batch }
            default: continue
            }
        }
        return nil
    }

    /// Tells the log which place is committed, at most twice a second.
    func commit(_ seq: UInt64) throws {
        wanted = seq
        guard isCommitOpen, .now - lastCommit.at >= StreamFollower.spacing, let consumer = stream.consumer else {
            return
        }
        lastCommit = (seq, .now)
        _ = try client.send("COMMIT", json: LogRequests.commit(consumer: consumer, after: seq))
    }

    private var wanted: UInt64 = 0
    private var isCommitOpen: Bool { wanted > lastCommit.seq }

    // MARK: Requests

    private func start() throws {
        let request =
            switch stream.start {
            case .end: try client.send("SEEK", json: LogRequests.seek(.end))
            case .time(let time):
                try client.send("SEEK", json: LogRequests.seek(.time(milliseconds: time.milliseconds)))
            default: try client.send("HELLO", json: Array("{}".utf8))
            }
        guard let request else { return fail("the log's socket has no room at '\(client.endpoint)'") }
        phase = .starting(request: request, deadline: .now + LogRequests.grace)
    }

    private func fetch() throws {
        let json = LogRequests.fetch(
            after: next, topics: stream.topics, maximum: stream.maximumRecords, maximumBytes: stream.maximumBytes,
            waitMilliseconds: waitMilliseconds)
        guard let request = try client.send("FETCH", json: json) else {
            return fail("the log's socket has no room at '\(client.endpoint)'")
        }
        phase = .fetching(request: request, deadline: .now + .milliseconds(waitMilliseconds) + LogRequests.grace)
    }

    // MARK: Replies

    private func started(_ outcome: Result<Reply, WireError>) throws {
        switch outcome {
        case .failure(let error): try refuse(error)
        case .success(let reply):
            if case .seq(let seq) = stream.start {
                guard let greeting = try? reply.decode(Greeting.self) else { return fail("HELLO was answered wrongly") }
                next = Messaging.Cursor(
                    stream: greeting.stream, epoch: greeting.epoch, seq: max(seq, 1) - 1, timeMilliseconds: 0)
            } else {
                guard let cursor = try? reply.decode(Messaging.Cursor.self) else {
                    return fail("SEEK was answered wrongly")
                }
                next = cursor
            }
            hasStarted = true
            succeed()
        }
    }

    private func fetched(_ outcome: Result<Reply, WireError>) throws -> FetchReply? {
        switch outcome {
        case .failure(let error):
            try refuse(error)
            return nil
        case .success(let reply):
            let batch: FetchReply
            do { batch = try FetchReply(reply) } catch {
                fail("\(error)")
                return nil
            }
            succeed()
            head = batch.head
            // A time-out without news: nothing for the consumer.
            if batch.records.isEmpty, batch.next == next { return nil }
            next = batch.next
            return batch
        }
    }

    /// Decides what an ERR means: to try again, to go on at another place of which nothing is lost, or an end.
    private func refuse(_ error: WireError) throws {
        switch error.code {
        // Of its own making, and not for ever.
        case WireError.Code.busy.rawValue, 500..<WireError.Code.version.rawValue:
            fail("\(error)", atLeast: .milliseconds(error.retryMilliseconds ?? 0))
        case WireError.Code.epoch.rawValue: try resume(after: error)
        case WireError.Code.expired.rawValue:
            guard let cursor = next, let low = error.fields["low"]?.integerValue, low > 1,
                UInt64(low) > cursor.seq + 1
            else { throw StreamError.refused(code: error.code, reason: error.message) }
            let resume = Messaging.Cursor(
                stream: cursor.stream, epoch: cursor.epoch, seq: UInt64(low) - 1, timeMilliseconds: 0)
            throw StreamError.gap(
                .init(firstLost: cursor.seq + 1, lastLost: UInt64(low) - 1, resume: Cursor(resume)))
        case WireError.Code.ahead.rawValue:
            throw StreamError.diverged("\(error.message): the log has lost its end, or this is another one's cursor")
        default:
            if error.name == "UNKNOWN_STREAM" {
                throw StreamError.otherStream(error.fields["stream"]?.stringValue ?? "")
            }
            throw StreamError.refused(code: error.code, reason: error.message)
        }
    }

    /// Goes on where another epoch begins behind the cursor, and tells where it began before it.
    private func resume(after error: WireError) throws {
        var table: [(epoch: UInt32, firstSeq: UInt64)] = []
        for entry in error.fields["epochs"]?.arrayValue ?? [] {
            guard let pair = entry.arrayValue?.compactMap(\.integerValue), pair.count == 2 else { continue }
            table.append((UInt32(clamping: pair[0]), UInt64(clamping: pair[1])))
        }
        guard let cursor = next, let later = table.first(where: { $0.epoch > cursor.epoch }), let last = table.last
        else {
            throw StreamError.diverged(
                "\(error.message); after a restore, `dropwire log bump-epoch` says where the log went on")
        }
        let seq = min(cursor.seq, max(later.firstSeq, 1) - 1)
        let resume = Messaging.Cursor(stream: cursor.stream, epoch: last.epoch, seq: seq, timeMilliseconds: 0)
        guard seq == cursor.seq else {
            throw StreamError.restored(.init(cursor: Cursor(cursor), resume: Cursor(resume)))
        }
        next = resume
        succeed()
    }

    private func succeed() {
        failures = 0
        trouble = nil
        lastAnswer = .now
        phase = .ready
    }

    private func fail(_ reason: String, atLeast least: Duration = .zero) {
        failures += 1
        trouble = reason
        phase = .waiting(until: .now + max(least, Backoff.delay(failures: failures)))
    }
}
