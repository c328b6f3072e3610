import Articles
import CZeroMQ
import Linux
import Messaging
import ZeroMQ

/// FETCH of 100 records a request, one request at a time, against DEALER and ROUTER by libzmq alone with the same frames.
enum FetchStage: Stage {
    static let name = "fetch"

    private static let batch = 100

    static func run(in workspace: Workspace) throws -> [Row] {
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        let count = 20_000
        let served = try ServedLog(workspace, records: count, of: bodies)
        defer { served.end() }
        var ring: [(figure: Double, baseline: Double)] = []
        var disk: [(figure: Double, baseline: Double)] = []
        for _ in 0..<workspace.options.rounds {
            let bare = try measureBare(bodies, count, workspace)
            // The ring holds 8 MiB: the last 1,800 records are surely in it, those before the last 3,000 are not.
            ring.append((try measureFetch(served, from: served.head - 1800, to: served.head, count), bare))
            disk.append((try measureFetch(served, from: 0, to: served.head - 3000, count), bare))
        }
        return [
            Row(name, "\(batch) records a request, from memory, ipc", rounds: ring, "records/s"),
            Row(name, "\(batch) records a request, from disk, ipc", rounds: disk, "records/s"),
        ]
    }

    private static func measureFetch(_ served: ServedLog, from start: UInt64, to end: UInt64, _ count: Int) throws
        -> Double
    {
        let client = CommandClient(context: try Context(), endpoints: [served.log])
        func fetch(after seq: UInt64) throws -> FetchReply {
            let cursor = Cursor(stream: served.stream, epoch: 1, seq: seq, timeMilliseconds: 0)
            let json = LogRequests.fetch(after: cursor, maximum: batch, waitMilliseconds: 0)
            return try FetchReply(try client.request("FETCH", json: json))
        }
        _ = try fetch(after: start)
        return try Stopwatch.rate(count) {
            var got = 0
            var seq = start
            while got < count {
                let reply = try fetch(after: seq)
                guard !reply.records.isEmpty else { throw BenchmarkFailure("FETCH after \(seq) brought nothing") }
                got += reply.records.count
                seq = reply.next.seq + UInt64(batch) > end ? start : reply.next.seq
            }
        }
    }

    private static func measureBare(_ bodies: [[UInt8]], _ count: Int, _ workspace: Workspace) throws -> Double {
        let folder = try workspace.folder("router")
        defer { workspace.remove(folder) }
        let endpoint = "ipc://\(folder)/log.sock"
        let failure = Failure()
        let requests = count / batch
        let json = [UInt8](repeating: UInt8(ascii: " "), count: 180)
        let position = [UInt8](repeating: 1, count: 40)
        let ready = try WakeUp()
        let server = try SystemThread(name: "router") {
            do {
                let socket = try BareSocket(ZMQ_ROUTER, sendHighWaterMark: 4)
                try socket.bind(endpoint)
                ready.ring()
                for number in 0..<requests {
                    var head: [[UInt8]] = []
                    try socket.receive { _, bytes in head.append(Array(bytes)) }
                    for frame in head[..<4] { try socket.send(frame, more: true) }
                    try socket.send(json, more: true)
                    for index in 0..<batch {
                        try socket.send(position, more: true)
                        try socket.send(bodies[(number * batch + index) % bodies.count], more: index < batch - 1)
                    }
                }
                try socket.receive()  // the client's farewell: all has arrived
            } catch {
                failure.set("\(error)")
                ready.ring()
            }
        }
        _ = Poll.readable([ready.descriptor], timeout: .seconds(20))
        let socket = try BareSocket(ZMQ_DEALER)
        try socket.connect(endpoint)
        let rate = try Stopwatch.rate(count) {
            for _ in 0..<requests {
                for frame in ["DW1", "FETCH", "12345678"] { try socket.send(Array(frame.utf8), more: true) }
                try socket.send(json, more: false)
                guard try socket.receive() == 4 + batch * 2 else { throw BenchmarkFailure("frames are missing") }
            }
        }
        try socket.send(json, more: false)
        server.join()
        if let text = failure.text { throw BenchmarkFailure("the bare server failed: \(text)") }
        return rate
    }
}
