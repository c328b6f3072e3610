import Articles
import FoundationEssentials
import Glibc
import Messaging
import TestSupport
import Testing
import ZeroMQ

/// Two watchers, the workers and the status service on four hosts, over CURVE; meanwhile the network and the hosts fail.
///
/// For longer runs: DROPWIRE_NETWORK_ROUNDS (1). What heals has to be made up for within ``NetworkTests/recovery``.
@Suite struct NetworkTests {
    private struct Place: Hashable {
        let stream: String
        let seq: UInt64
        let kind: String
    }

    private static let kinds = ["deduplicate", "index", "summarize"]
    /// A dead connection is noticed within 6 s (ZMQ_HEARTBEAT_TIMEOUT) or 10 s (a request's deadline), and asked anew at
    /// most 5 s later; the rest is for machines that do something else beside.
    private static let recovery = Duration.seconds(45)

    private let network: NetworkSwitch
    private let north: NetworkHost
    private let south: NetworkHost
    private let desk: NetworkHost
    private let board: NetworkHost
    private let context: Context

    init() throws {
        network = try NetworkSwitch(hosts: ["north", "south", "desk", "board"])
        (north, south) = (try NetworkHost("north", on: network), try NetworkHost("south", on: network))
        (desk, board) = (try NetworkHost("desk", on: network), try NetworkHost("board", on: network))
        context = try Context()
        let known = [north, south, desk, board].map { "\($0.address) \($0.publicKey)\n" }.joined()
        let workers = "curve \(desk.publicKey) desk log,claim,report\ncurve \(board.publicKey) board log,admin\n"
        for host in [north, south] {
            try host.configure(
                """
                [watch]
                name = "\(host.name)"
                [watch.stream]
                feed = "tcp://\(host.address):8471"
                log = "tcp://\(host.address):8472"
                [[watch.drop]]
                path = "\(host.scratch.path("drop"))"
                source = "\(host.name)"
                language = "en"
                poll_interval = "50ms"
                quiet_time = "50ms"
                settle_time = "50ms"
                [status]
                report = "tcp://\(board.address):8473"
                """, authorized: workers, known: known)
        }
        try desk.configure(
            """
            [status]
            report = "tcp://\(board.address):8473"
            """, authorized: workers, known: known)
        try board.configure(
            """
            [status]
            http = "127.0.0.1:0"
            report = ["tcp://\(board.address):8473", "ipc://\(board.scratch.path("run/report.sock"))"]
            [status.stream]
            log = ["ipc://\(board.scratch.path("run/results.sock"))"]
            """,
            authorized: [north, south, desk].map { "curve \($0.publicKey) \($0.name) report\n" }.joined(), known: known)
    }

    @Test(.enabled(if: NetworkSwitch.isPossible, "network namespaces need root"))
    func `hosts that are cut off, frozen, far and wrong in time lose nothing and do nothing twice`() throws {
        try board.start("status", clock: .seconds(-600))
        try north.start("watch")
        try south.start("watch", clock: .seconds(3600))
        for kind in NetworkTests.kinds { try desk.start(kind) }
        var flow = Flow(north: north, south: south)
        let rounds = getenv("DROPWIRE_NETWORK_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1
        do {
            try flow.run(.seconds(2))
            try recover(flow, from: "the start")
            for _ in 0..<rounds { try disturb(&flow) }
        } catch {
            throw Trouble("\(error)\n" + [board, desk, north, south].map(\.report).joined(separator: "\n"))
        }
        try check(flow)
        #expect(try [north, south, desk, board].flatMap { try $0.stopAll() } == [])
    }

    private func disturb(_ flow: inout Flow) throws {
        try network.delay(milliseconds: 40)
        try network.lose(0.03)
        try flow.run(.seconds(6))
        try recover(flow, from: "40 ms and 3 % lost")
        try network.lose(0)
        try network.delay(milliseconds: 0)

        // Longer than heartbeats are waited for; one of the workers dies behind the cut, and its server is not told.
        try network.cut("desk")
        try flow.run(.seconds(4))
        try desk.kill("index")
        try flow.run(.seconds(4))
        try network.heal("desk")
        try desk.start("index")
        try recover(flow, from: "a cut of 8 s and a half-open connection")

        north.send(SIGSTOP, to: "watch")
        try flow.run(.seconds(8))
        north.send(SIGCONT, to: "watch")
        try recover(flow, from: "a host frozen for 8 s")

        try network.cut("board")
        try flow.run(.seconds(8))
        try network.heal("board")
        try recover(flow, from: "the status service cut off for 8 s")

        try network.cut("north")
        try north.kill("watch")
        try north.start("watch")
        try flow.run(.seconds(3))
        // The other host goes on meanwhile.
        try waitUntil("what the other host has goes through", within: NetworkTests.recovery) {
            try missing(of: [south]).isEmpty
        }
        try network.heal("north")
        try recover(flow, from: "a watcher killed behind a cut")
    }

    /// Waits until all that was dropped went through everything, and tells how long it took.
    private func recover(_ flow: Flow, from what: String) throws {
        let start = ContinuousClock.now
        try waitUntil("\(what): all articles went through", within: NetworkTests.recovery) {
            guard
                try [(north, flow.north), (south, flow.south)].allSatisfy({ host, count in
                    try host.log().count { $0.file != nil } >= count
                })
            else { return false }
            return try missing(of: [north, south]).isEmpty
        }
        print("network: all went through \((ContinuousClock.now - start) / .seconds(1)) s after \(what)")
    }

    /// The places of articles that have no result of some worker yet.
    private func missing(of hosts: [NetworkHost]) throws -> Set<Place> {
        let results = try Set(results().filter { $0.status == .ok }.map(NetworkTests.place))
        return try places(of: hosts).subtracting(results)
    }

    private func places(of hosts: [NetworkHost]) throws -> Set<Place> {
        var places: Set<Place> = []
        for entry in try hosts.flatMap({ try $0.log() }) where entry.article != nil {
            for kind in NetworkTests.kinds {
                let position = entry.position
                places.insert(Place(stream: position.stream.description, seq: position.seq, kind: kind))
            }
        }
        return places
    }

    private static func place(_ result: ResultRecord) -> Place {
        Place(stream: result.stream, seq: result.seq, kind: result.kind)
    }

    private func results() throws -> [ResultRecord] {
        let client = CommandClient(
            context: context, endpoints: ["ipc://\(board.scratch.path("run/results.sock"))"])
        return try Installation.records(client).compactMap(\.result)
    }

    private func check(_ flow: Flow) throws {
        for (host, count) in [(north, flow.north), (south, flow.south)] {
            let entries = try host.log()
            #expect(entries.map(\.position.seq) == Array(1...UInt64(entries.count)))
            let titles = entries.compactMap(\.article?.title)
            #expect(titles.count == count && Set(titles).count == count)
            #expect(entries.compactMap { $0.file?.outcome } == Array(repeating: .published, count: count))
        }
        let results = try results()
        #expect(results.allSatisfy { $0.status == .ok })
        #expect(results.count == 3 * (flow.north + flow.south))
        #expect(try Set(results.map(NetworkTests.place)) == places(of: [north, south]))
        print("network: \(flow.north + flow.south) articles, \(results.count) results, each once")
    }

    /// Ten articles a second, on both hosts in turn.
    private struct Flow {
        let hosts: [NetworkHost]
        private(set) var count = 0

        init(north: NetworkHost, south: NetworkHost) { hosts = [north, south] }

        /// How many were dropped on the first host, and on the second.
        var north: Int { (count + 1) / 2 }
        var south: Int { count / 2 }

        mutating func run(_ time: Duration) throws {
            let end = ContinuousClock.now + time
            while ContinuousClock.now < end {
                try hosts[count % 2].drop(Sample.article(count), as: "\(count).txt")
                count += 1
                usleep(100_000)
            }
        }
    }
}
