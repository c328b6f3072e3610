import Glibc
import Linux
import Messaging
import SQLite
import Synchronization
import ZeroMQ

/// From the rename into the drop directory to the record at a subscriber of the feed, at 50 files a second: alone, and
/// while another drop directory of the same priority has a backlog.
enum LatencyStage: Stage {
    static let name = "latency"

    private static let interval = Duration.milliseconds(20)

    static func run(in workspace: Workspace) throws -> [Row] {
        let alone = try measure(workspace, backlog: 0)
        let loaded = try measure(workspace, backlog: workspace.options.files ?? 40_000)
        return [
            Row(name, "drop to feed, p50 of \(alone.count)", Row.quantile(0.5, of: alone), "ms", bar: .under(10)),
            Row(name, "drop to feed, p99", Row.quantile(0.99, of: alone), "ms", bar: .under(100)),
            Row(name, "drop to feed, longest", alone.max() ?? 0, "ms"),
            Row(name, "beside a backlog, p50 of \(loaded.count)", Row.quantile(0.5, of: loaded), "ms"),
            Row(name, "beside a backlog, p99", Row.quantile(0.99, of: loaded), "ms"),
            Row(name, "beside a backlog, longest", loaded.max() ?? 0, "ms"),
        ]
    }

    /// When a file was dropped, by either clock.
    private struct Moment {
        let nanoseconds = Clocks.monotonicNanoseconds()
        let wallMilliseconds = Clocks.wallMilliseconds()
    }

    /// Returns how long each file took, in milliseconds.
    ///
    /// - Parameter backlog: so many files are dropped elsewhere at the start; only what is dropped before the last of them
    ///   is committed is counted then.
    private static func measure(_ workspace: Workspace, backlog: Int) throws -> [Double] {
        let count = workspace.options.latencySeconds * 50
        let installation = try Installation(workspace, dropDirectories: 2)
        defer { workspace.remove(installation.folder) }
        let staging = try stage(count, "Number", workspace)
        defer { workspace.remove(staging.folder) }
        let others = try stage(backlog, "Other", workspace)
        defer { workspace.remove(others.folder) }
        let child = try installation.start()
        let subscriber = try FeedSubscriber(
            context: Context(), endpoint: installation.feed, topics: ["art/bench-0/"])
        // HEAD says that the subscription has arrived.
        try wait(subscriber, until: .now + .seconds(30)) { topic, _ in topic == "!head" }
        _ = try Installation.roles(of: child)
        // The page of start-up is turned: every worker has said hello.
        sleep(2)
        let drops = installation.drops
        let moments = Mutex<[Moment]>([])
        let writer = try SystemThread(name: "dropper") {
            for name in others.names { rename("\(others.folder)/\(name)", "\(drops[1])/\(name)") }
            let start = ContinuousClock.now
            for (number, name) in staging.names.enumerated() {
                let pause = start + interval * number - ContinuousClock.now
                if pause > .zero { usleep(useconds_t(pause / .microseconds(1))) }
                moments.withLock { $0.append(Moment()) }
                rename("\(staging.folder)/\(name)", "\(drops[0])/\(name)")
            }
        }
        var arrivals: [Int: Int64] = [:]
        let end = ContinuousClock.now + interval * count + .seconds(10 + backlog / 1000)
        let marker = Array("\"path\":\"article-".utf8)
        try wait(subscriber, until: end) { topic, body in
            let now = Clocks.monotonicNanoseconds()
            if topic.hasPrefix("art/"), let number = number(in: body, behind: marker) { arrivals[number] = now }
            return arrivals.count == count
        }
        writer.join()
        let over = backlog == 0 ? nil : try lastCommit(in: installation)
        try Installation.end(child)
        let starts = moments.withLock { $0 }
        let counted = arrivals.filter { number, _ in over.map { starts[number].wallMilliseconds < $0 } ?? true }
        let times = counted.map { Double($1 - starts[$0].nanoseconds) / 1e6 }
        guard !times.isEmpty else {
            throw BenchmarkFailure("the backlog of \(backlog) files was over before anything was measured: take more")
        }
        return times
    }

    /// Writes articles where they can be renamed from, each with a headline of its own: the same content again would be a
    /// duplicate, which is not published.
    private static func stage(_ count: Int, _ word: String, _ workspace: Workspace) throws -> (
        folder: String, names: [String]
    ) {
        let folder = try workspace.folder("staging")
        let articles = workspace.corpus.files
        let files = Corpus.named((0..<count).map { Array("\(word) \($0): ".utf8) + articles[$0 % articles.count] })
        try workspace.write(files, to: folder)
        return (folder, files.map(\.name))
    }

    /// When the last article of the backlog was committed, in milliseconds since 1970.
    private static func lastCommit(in installation: Installation) throws -> Int64 {
        let connection = try Connection(path: "\(installation.folder)/state/watch/log.sqlite", mode: .readOnly)
        let sql = """
            SELECT max(time_ms) FROM log WHERE topic IN (SELECT id FROM topic WHERE name GLOB 'art/bench-1/*')
            """
        return try connection.scalar(sql) ?? 0
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
