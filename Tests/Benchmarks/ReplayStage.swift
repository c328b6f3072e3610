import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import SQLite
import ZeroMQ

/// A log of a million records of 1 KB, read from its beginning to its end from a running watcher by FETCH of a thousand, of
/// which the next is on its way while one is taken in: the pace, and the memory of both sides.
enum ReplayStage: Stage {
    static let name = "replay"
    static let isLong = true

    private static let batch = 1000

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 1_000_000
        let watcher = try Watcher(workspace)
        defer { workspace.remove(watcher.folder) }
        let drop = "\(watcher.folder)/drop"
        for folder in [drop, "\(watcher.folder)/state/watch"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let bodies = workspace.corpus.blocks(1000, of: 1024)
        let stream = try fill("\(watcher.folder)/state/watch/log.sqlite", count, bodies)
        try watcher.start([.init(path: drop)])
        var memory: [(server: Double, client: Double)] = []
        let rate = try Stopwatch.rate(count) {
            try read(stream, count, from: "ipc://\(watcher.folder)/run/watch/log.sock") { part in
                guard let own = ProcessTree.member(getpid()) else { return }
                memory.append((Double(try watcher.member().resident) / 1e6, Double(own.resident) / 1e6))
                Benchmark.say("\(part) %: the watcher has \(memory.last!.server) MB, the reader \(memory.last!.client)")
            }
        }
        try watcher.end()
        return [
            Row(name, "\(count) records of 1 KB, \(batch) a FETCH", rate, "records/s"),
            Row(
                name, "resident of the watcher, end (bare: a tenth)",
                rounds: [(figure: memory[2].server, baseline: memory[0].server)], "MB", bar: .under(1.1)),
            Row(
                name, "resident of the watcher, middle (bare: a tenth)",
                rounds: [(figure: memory[1].server, baseline: memory[0].server)], "MB", bar: .under(1.1)),
            Row(
                name, "resident of the reader, end (bare: a tenth)",
                rounds: [(figure: memory[2].client, baseline: memory[0].client)], "MB", bar: .under(1.1)),
            Row(
                name, "resident of the reader, middle (bare: a tenth)",
                rounds: [(figure: memory[1].client, baseline: memory[0].client)], "MB", bar: .under(1.1)),
        ]
    }

    /// Makes the watcher's log before it is started.
    private static func fill(_ path: String, _ count: Int, _ bodies: [[UInt8]]) throws -> StreamID {
        let connection = try Connection(path: path)
        try connection.configure(durability: .full)
        let log = try ArticleLog(connection: connection)
        let topic = Topic.article(source: "bench", language: "en")
        for start in stride(from: 0, to: count, by: 5000) {
            try connection.transaction {
                for number in start..<min(start + 5000, count) {
                    _ = try log.append(topic: topic, record: bodies[number % bodies.count])
                }
            }
            _ = log.takeAppended()
        }
        return log.stream
    }

    /// Reads everything and calls `look` after a tenth, in the middle and at the end.
    private static func read(
        _ stream: StreamID, _ count: Int, from endpoint: String, _ look: (Int) throws -> Void
    ) throws {
        let client = CommandClient(context: try Context(), endpoints: [endpoint])
        func ask(after seq: UInt64) throws -> UInt64? {
            let cursor = Cursor(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 0)
            return try client.send(
                "FETCH", json: LogRequests.fetch(after: cursor, maximum: batch, waitMilliseconds: 0))
        }
        var looks = [(10, count / 10), (50, count / 2), (100, count)]
        var expected: UInt64 = 1
        _ = try ask(after: 0)
        while expected <= UInt64(count) {
            guard try Poller.poll(client.readable, timeout: .seconds(20))[0] else {
                throw BenchmarkFailure("no answer after record \(expected - 1)")
            }
            while let answer = try client.receive() {
                let reply = try FetchReply(answer.outcome.get())
                if reply.next.seq < UInt64(count) { _ = try ask(after: reply.next.seq) }
                for record in reply.records {
                    guard record.position.seq == expected else {
                        throw BenchmarkFailure("\(record.position.seq) came after \(expected - 1)")
                    }
                    expected += 1
                }
                while let (part, place) = looks.first, expected > UInt64(place) {
                    looks.removeFirst()
                    try look(part)
                }
            }
        }
    }
}
