import Articles
import CZeroMQ
import Glibc
import Linux
import Messaging
import ZeroMQ

/// The feed (what is committed goes through the log server to a subscriber) against XPUB and SUB by libzmq alone with the
/// same frames. The receiver is the same; neither side may run so far ahead that the high-water mark drops something.
enum FeedStage: Stage {
    static let name = "feed"

    // libzmq learns of what was read only every half of the high-water mark (1000), and takes that in about once a
    // millisecond: what is under way must stay well below the rest, or records are dropped.
    private static let window = 50
    private static let batch = 50

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = 50_000
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        var rounds: [(figure: Double, baseline: Double)] = []
        for _ in 0..<workspace.options.rounds {
            let feed = try measureFeed(bodies, count, workspace)
            rounds.append((feed, try measureBare(bodies, count, workspace)))
        }
        return [Row(name, "\(count) records of 4 KB to one subscriber, ipc", rounds: rounds, "records/s")]
    }

    private static func measureFeed(_ bodies: [[UInt8]], _ count: Int, _ workspace: Workspace) throws -> Double {
        let served = try ServedLog(workspace, records: 0, of: bodies)
        defer { served.end() }
        let (stream, server) = (served.stream, served.server)
        return try receive(from: served.feed, count) { sendable in
            var next = 0
            while next < count {
                guard next - sendable.value < window else {
                    sched_yield()
                    continue
                }
                let records = (next..<min(next + batch, count)).map { number in
                    LogRecord(
                        position: Position(
                            stream: stream, epoch: 1, seq: UInt64(number + 1), timeMilliseconds: 1_740_540_420_000),
                        topic: "art/bench/en/", bytes: bodies[number % bodies.count])
                }
                next += records.count
                server.publish(records)
            }
        }
    }

    private static func measureBare(_ bodies: [[UInt8]], _ count: Int, _ workspace: Workspace) throws -> Double {
        let folder = try workspace.folder("xpub")
        defer { workspace.remove(folder) }
        let endpoint = "ipc://\(folder)/feed.sock"
        let position = [UInt8](repeating: 1, count: 40)
        let topic = Array("art/bench/en/".utf8)
        return try receive(from: endpoint, count) { received in
            let socket = try BareSocket(ZMQ_XPUB)
            try socket.bind(endpoint)
            try socket.receive()  // the subscription
            var next = 0
            while next < count {
                guard next - received.value < window else {
                    sched_yield()
                    continue
                }
                for number in next..<min(next + batch, count) {
                    try socket.send(topic, more: true)
                    try socket.send(position, more: true)
                    try socket.send(bodies[number % bodies.count], more: false)
                }
                next += batch
            }
            // The socket must live until all has arrived.
            while received.value < count { usleep(1000) }
        }
    }

    /// Receives `count` records while `send` runs on a thread of its own, with the number that has come; returns the rate.
    private static func receive(
        from endpoint: String, _ count: Int, send: @escaping @Sendable (Counter) throws -> Void
    ) throws -> Double {
        let received = Counter()
        let failure = Failure()
        let socket = try BareSocket(ZMQ_SUB)
        try socket.connect(endpoint)
        // The feed greets a new subscriber with HEAD; until then records would be lost. The bare sender waits itself.
        let isGreeting = !endpoint.contains("xpub")
        if isGreeting { try socket.receive() }
        let began = ContinuousClock.now
        let sender = try SystemThread(name: "sender") {
            do { try send(received) } catch { failure.set("\(error)") }
        }
        var have = 0
        while have < count {
            guard began + .seconds(120) > .now else { throw BenchmarkFailure("\(count - have) records were dropped") }
            var isRecord = false
            try socket.receive { index, bytes in if index == 0 { isRecord = bytes.first != UInt8(ascii: "!") } }
            if isRecord {
                have += 1
                received.add(1)
            }
        }
        let rate = Double(count) / ((ContinuousClock.now - began) / .seconds(1))
        sender.join()
        if let text = failure.text { throw BenchmarkFailure("the sender failed: \(text)") }
        return rate
    }
}
