import Articles
import Glibc
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// From the end of a commit to its consumer, 200 commits a second: by a FETCH that waits and by the feed, alone, and while
/// two others read the log from disk without a pause.
enum CommitLatencyStage: Stage {
    static let name = "commit-latency"

    private static let interval = Duration.milliseconds(5)

    static func run(in workspace: Workspace) throws -> [Row] {
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        let served = try ServedLog(workspace, records: 20_000, of: bodies)
        defer { served.end() }
        let count = workspace.options.latencySeconds * 50
        var rows: [Row] = []
        for readers in [0, 2] {
            let others = try Readers(readers, of: served)
            defer { others.end() }
            for way in Way.allCases {
                let times = try measure(count, served, bodies, by: way)
                let beside = readers == 0 ? "alone" : "beside \(readers) who read from disk"
                let what = "commit to \(way.rawValue), \(beside)"
                rows += [
                    Row(name, "\(what), p50 of \(count)", Row.quantile(0.5, of: times), "ms", bar: .under(2)),
                    Row(name, "\(what), p99", Row.quantile(0.99, of: times), "ms"),
                ]
            }
        }
        return rows
    }

    /// How a consumer hears of a record.
    private enum Way: String, CaseIterable {
        case fetch = "a FETCH that waits"
        case feed = "the feed"
    }

    /// Commits records, one a transaction; returns how long each took to its consumer, in milliseconds.
    private static func measure(
        _ count: Int, _ served: ServedLog, _ bodies: [[UInt8]], by way: Way
    ) throws -> [Double] {
        let arrivals = Mutex<[UInt64: Int64]>([:])
        let failure = Failure()
        let ready = try WakeUp()
        let (endpoints, first) = ((feed: served.feed, log: served.log), served.last)
        let start = Cursor(stream: served.stream, epoch: 1, seq: first, timeMilliseconds: 0)
        let note: @Sendable (UInt64) -> Bool = { seq in
            let now = Clocks.monotonicNanoseconds()
            return arrivals.withLock {
                $0[seq] = now
                return $0.count < count
            }
        }
        let consumer = try SystemThread(name: "consumer") {
            do {
                switch way {
                case .fetch: try fetch(from: endpoints.log, after: start, ready, note)
                case .feed: try subscribe(to: endpoints.feed, ready, note)
                }
            } catch {
                failure.set("\(error)")
                ready.ring()
            }
        }
        defer { consumer.join() }
        _ = Poll.readable([ready.descriptor], timeout: .seconds(20))
        var commits: [UInt64: Int64] = [:]
        let began = ContinuousClock.now
        for number in 0..<count {
            let pause = began + interval * number - .now
            if pause > .zero { usleep(useconds_t(pause / .microseconds(1))) }
            let (seq, moment) = try served.commit(bodies[number % bodies.count])
            commits[seq] = moment
        }
        consumer.join()
        if let text = failure.text { throw BenchmarkFailure(text) }
        return arrivals.withLock { arrivals in
            commits.compactMap { seq, moment in arrivals[seq].map { Double($0 - moment) / 1e6 } }
        }
    }

    /// Reads by FETCH that waits until `note` has enough.
    private static func fetch(
        from endpoint: String, after start: Cursor, _ ready: WakeUp, _ note: (UInt64) -> Bool
    ) throws {
        let client = CommandClient(context: try Context(), endpoints: [endpoint])
        _ = try client.request("PING")
        ready.ring()
        var cursor = start
        while true {
            let json = LogRequests.fetch(after: cursor, waitMilliseconds: 10_000)
            let reply = try FetchReply(client.request("FETCH", json: json, deadline: .seconds(20)))
            guard !reply.records.isEmpty else { throw BenchmarkFailure("nothing came within ten seconds") }
            for record in reply.records where !note(record.position.seq) { return }
            cursor = reply.next
        }
    }

    /// Reads from the feed until `note` has enough.
    private static func subscribe(to endpoint: String, _ ready: WakeUp, _ note: (UInt64) -> Bool) throws {
        let subscriber = try FeedSubscriber(context: Context(), endpoint: endpoint)
        var silence = ContinuousClock.now + .seconds(10)
        while silence > .now {
            _ = try Poller.poll([subscriber.readable], timeout: .seconds(1))
            while let message = try subscriber.receive() {
                // HEAD says that the subscription has arrived.
                if message.topic == "!head" { ready.ring() }
                guard message.frame.kind == .record else { continue }
                silence = .now + .seconds(10)
                if !note(message.frame.position.seq) { return }
            }
        }
        throw BenchmarkFailure("nothing came within ten seconds")
    }

    /// Consumers that read a log from its beginning, again and again.
    private final class Readers {
        private let isOver: Gate
        private var threads: [SystemThread] = []

        private final class Gate: Sendable {
            private let isOpen = Atomic<Bool>(false)
            var isOver: Bool { isOpen.load(ordering: .relaxed) }
            func open() { isOpen.store(true, ordering: .relaxed) }
        }

        init(_ count: Int, of served: ServedLog) throws {
            let gate = Gate()
            isOver = gate
            let (endpoint, stream, end) = (served.log, served.stream, served.head - 3000)
            threads = try (0..<count).map { _ in
                try SystemThread(name: "reader") {
                    guard let context = try? Context() else { return }
                    let client = CommandClient(context: context, endpoints: [endpoint])
                    var seq: UInt64 = 0
                    while !gate.isOver {
                        let cursor = Cursor(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 0)
                        let json = LogRequests.fetch(after: cursor, maximum: 100, waitMilliseconds: 0)
                        guard let reply = try? FetchReply(client.request("FETCH", json: json)) else { return }
                        seq = reply.next.seq > end ? 0 : reply.next.seq
                    }
                }
            }
        }

        func end() {
            isOver.open()
            for thread in threads { thread.join() }
        }
    }
}
