import Articles
import CZeroMQ
import Linux
import Messaging
import ZeroMQ

/// FETCH of 100 records a request, one request at a time, against DEALER and ROUTER by libzmq alone with the same frames.
enum FetchStage: Stage {
    static let name = "fetch"

    private static let batch = 100
    private static let count = 20_000

    static func run(in workspace: Workspace) throws -> [Row] {
        let (ring, disk) = try measure(.ipc, workspace)
        return Row.paces(name, "\(batch) records a request, from memory, ipc", rounds: ring, bar: .atLeast(0.8))
            + Row.paces(name, "\(batch) records a request, from disk, ipc", rounds: disk, bar: .atLeast(0.5))
    }

    /// Pairs of ours and libzmq alone.
    typealias Rounds = [(figure: Stopwatch.Pace, baseline: Stopwatch.Pace)]

    /// Measures both sides, round by round.
    static func measure(_ line: Line, _ workspace: Workspace) throws -> (ring: Rounds, disk: Rounds) {
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        let served = try ServedLog(workspace, records: count, of: bodies, line: line)
        defer { served.end() }
        var ring: Rounds = []
        var disk: Rounds = []
        for _ in 0..<workspace.options.rounds {
            let bare = try measureBare(line, bodies, workspace)
            // The ring holds 8 MiB: the last 1,800 records are surely in it, those before the last 3,000 are not.
            ring.append((try measureFetch(served, from: served.head - 1800, to: served.head), bare))
            disk.append((try measureFetch(served, from: 0, to: served.head - 3000), bare))
        }
        return (ring, disk)
    }

    private static func measureFetch(_ served: ServedLog, from start: UInt64, to end: UInt64) throws
        -> Stopwatch.Pace
    {
        let client = CommandClient(context: try served.makeClientContext(), endpoints: [served.log])
        func fetch(after seq: UInt64) throws -> FetchReply {
            let cursor = Cursor(stream: served.stream, epoch: 1, seq: seq, timeMilliseconds: 0)
            let json = LogRequests.fetch(after: cursor, maximum: batch, waitMilliseconds: 0)
            return try FetchReply(try client.request("FETCH", json: json))
        }
        _ = try fetch(after: start)
        return try Stopwatch.pace(count) {
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

    /// Measures libzmq alone.
    static func measureBare(_ line: Line, _ bodies: [[UInt8]], _ workspace: Workspace) throws
        -> Stopwatch.Pace
    {
        let folder = try workspace.folder("router")
        defer { workspace.remove(folder) }
        let endpoint = try line.endpoint("log", in: folder)
        let failure = Failure()
        let requests = count / batch
        let json = [UInt8](repeating: UInt8(ascii: " "), count: 180)
        let position = [UInt8](repeating: 1, count: 40)
        let ready = try WakeUp()
        let server = try SystemThread(name: "router") {
            do {
                let socket = try BareSocket(ZMQ_ROUTER, sendHighWaterMark: 4)
                try socket.bind(endpoint, line)
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
        try socket.connect(endpoint, line)
        let pace = try Stopwatch.pace(count) {
            for _ in 0..<requests {
                for frame in ["DW1", "FETCH", "12345678"] { try socket.send(Array(frame.utf8), more: true) }
                try socket.send(json, more: false)
                guard try socket.receive() == 4 + batch * 2 else { throw BenchmarkFailure("frames are missing") }
            }
        }
        try socket.send(json, more: false)
        server.join()
        if let text = failure.text { throw BenchmarkFailure("the bare server failed: \(text)") }
        return pace
    }
}
