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

    // libzmq learns of what was read only every half of the high-water mark (1000), and up to a millisecond later: what is
    // under way must stay far below it, or something is dropped.
    private static let window = 200
    private static let batch = 50
    private static let count = 50_000

    static func run(in workspace: Workspace) throws -> [Row] {
        let rounds = try measure(.ipc, workspace)
        return Row.paces(name, "\(count) records of 4 KB to one subscriber, ipc", rounds: rounds, bar: .atLeast(0.8))
    }

    /// Measures both sides, round by round.
    static func measure(
        _ line: Line, _ workspace: Workspace
    ) throws -> [(figure: Stopwatch.Pace, baseline: Stopwatch.Pace)] {
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        var rounds: [(figure: Stopwatch.Pace, baseline: Stopwatch.Pace)] = []
        for _ in 0..<workspace.options.rounds {
            let feed = try measureFeed(bodies, line, workspace)
            rounds.append((feed, try measureBare(line, bodies, workspace)))
        }
        return rounds
    }

    private static func measureFeed(_ bodies: [[UInt8]], _ line: Line, _ workspace: Workspace) throws
        -> Stopwatch.Pace
    {
        let served = try ServedLog(workspace, records: 0, of: bodies, line: line)
        defer { served.end() }
        let (stream, server) = (served.stream, served.server)
        return try receive(from: served.feed, line) { received in
            // The feed drops what is published before somebody has subscribed, whom it greets with HEAD.
            received.waitForGreeting()
            var next = 0
            while next < count {
                received.wait(for: next + batch - window)
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

    static func measureBare(_ line: Line, _ bodies: [[UInt8]], _ workspace: Workspace) throws
        -> Stopwatch.Pace
    {
        let folder = try workspace.folder("xpub")
        defer { workspace.remove(folder) }
        let endpoint = try line.endpoint("feed", in: folder)
        let position = [UInt8](repeating: 1, count: 40)
        let topic = Array("art/bench/en/".utf8)
        return try receive(from: endpoint, line) { received in
            let socket = try BareSocket(ZMQ_XPUB)
            try socket.bind(endpoint, line)
            try socket.receive()  // the subscription
            // A greeting, as the feed has one.
            for frame in ["!head", "", "{}"] { try socket.send(Array(frame.utf8), more: frame != "{}") }
            received.waitForGreeting()
            var next = 0
            while next < count {
                received.wait(for: next + batch - window)
                for number in next..<min(next + batch, count) {
                    try socket.send(topic, more: true)
                    try socket.send(position, more: true)
                    try socket.send(bodies[number % bodies.count], more: false)
                }
                next += batch
            }
            // The socket must live until all has arrived.
            received.wait(for: count)
        }
    }

    /// Receives `count` records that `send`, on a thread of its own, sends after a greeting; returns the pace from the
    /// greeting on.
    private static func receive(
        from endpoint: String, _ line: Line, send: @escaping @Sendable (Progress) throws -> Void
    ) throws -> Stopwatch.Pace {
        let received = try Progress(total: count)
        let failure = Failure()
        let sender = try SystemThread(name: "sender") {
            do { try send(received) } catch { failure.set("\(error)") }
        }
        defer {
            received.giveUp()
            sender.join()
        }
        let socket = try BareSocket(ZMQ_SUB)
        try socket.connect(endpoint, line)
        try socket.receive()
        received.greet()
        let end = ContinuousClock.now + .seconds(60)
        return try Stopwatch.pace(count) {
            var have = 0
            while have < count {
                guard end > .now else { throw BenchmarkFailure("\(count - have) records were dropped") }
                var isRecord = false
                do {
                    try socket.receive { index, bytes in if index == 0 { isRecord = bytes.first != UInt8(ascii: "!") } }
                } catch {
                    throw BenchmarkFailure("\(error) after \(have) of \(count) records; \(failure.text ?? "")")
                }
                if isRecord {
                    have += 1
                    received.advance()
                }
            }
        }
    }
}
