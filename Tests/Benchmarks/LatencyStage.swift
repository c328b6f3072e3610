import Glibc
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// From the rename into the drop directory to the record at a subscriber of the feed, at 50 files a second.
enum LatencyStage: Stage {
    static let name = "latency"

    private static let interval = Duration.milliseconds(20)

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.latencySeconds * 50
        let installation = try Installation(workspace)
        defer { workspace.remove(installation.folder) }
        let files = Corpus.named((0..<count).map { workspace.corpus.files[$0 % workspace.corpus.files.count] })
        let staging = try workspace.folder("staging")
        // Each with a headline of its own: the same content again would be a duplicate, which is not published.
        try workspace.write(
            files.enumerated().map { ($1.name, Array("Number \($0): ".utf8) + $1.bytes) }, to: staging)
        let child = try installation.start()
        let subscriber = try FeedSubscriber(context: Context(), endpoint: installation.feed, topics: ["art/"])
        // HEAD says that the subscription has arrived.
        try wait(subscriber, until: .now + .seconds(30)) { topic, _ in topic == "!head" }
        _ = try Installation.roles(of: child)
        // The page of start-up is turned: every worker has said hello.
        sleep(2)
        let drop = installation.drops[0]
        let moments = Mutex<[Int64]>([])
        let writer = try SystemThread(name: "dropper") {
            let start = ContinuousClock.now
            for (number, file) in files.enumerated() {
                let pause = start + interval * number - ContinuousClock.now
                if pause > .zero { usleep(useconds_t(pause / .microseconds(1))) }
                moments.withLock { $0.append(Clocks.monotonicNanoseconds()) }
                rename("\(staging)/\(file.name)", "\(drop)/\(file.name)")
            }
        }
        var arrivals: [Int: Int64] = [:]
        let end = ContinuousClock.now + interval * count + .seconds(10)
        let marker = Array("\"path\":\"article-".utf8)
        try wait(subscriber, until: end) { topic, body in
            let now = Clocks.monotonicNanoseconds()
            if topic.hasPrefix("art/"), let number = number(in: body, behind: marker) { arrivals[number] = now }
            return arrivals.count == count
        }
        writer.join()
        try Installation.end(child)
        let starts = moments.withLock { $0 }
        let times = arrivals.map { Double($1 - starts[$0]) / 1e6 }
        return [
            Row(name, "drop to feed, p50 of \(times.count)", Row.quantile(0.5, of: times), "ms", bar: .under(10)),
            Row(name, "drop to feed, p99", Row.quantile(0.99, of: times), "ms", bar: .under(100)),
            Row(name, "drop to feed, longest", times.max() ?? 0, "ms"),
        ]
    }

    /// Reads messages until `isEnough` says so.
    private static func wait(
        _ subscriber: FeedSubscriber, until end: ContinuousClock.Instant, _ isEnough: (String, [UInt8]) -> Bool
    ) throws {
        while ContinuousClock.now < end {
            _ = try Poller.poll([subscriber.readable], timeout: .milliseconds(500))
            while let message = try subscriber.receive() {
                if isEnough(message.topic, message.body) { return }
            }
        }
        throw BenchmarkFailure("not everything came over the feed in time")
    }

    private static func number(in body: [UInt8], behind marker: [UInt8]) -> Int? {
        // `ingest` stands at the end of a record.
        let tail = body.suffix(400)
        guard let range = tail.firstRange(of: marker) else { return nil }
        return Int(String(decoding: tail[range.upperBound...].prefix(6), as: UTF8.self))
    }
}
