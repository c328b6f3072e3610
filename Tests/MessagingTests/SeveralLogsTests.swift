import Articles
import Linux
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// Workers on several logs at once.
@Suite struct SeveralLogsTests {
    let context: Context
    let first: LogHouse
    let second: LogHouse
    let script = Script()
    let stub: StatusStub
    let statusEndpoint: String
    let scratch: ScratchDirectory

    init() throws {
        context = try Context()
        scratch = try ScratchDirectory()
        first = try LogHouse(context: context)
        second = try LogHouse(context: context)
        statusEndpoint = "ipc://\(scratch.path("report"))"
        stub = try StatusStub(context: context, endpoint: statusEndpoint)
    }

    private func configuration(_ change: (inout WorkerConfiguration) -> Void) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            name: "worker", logEndpoints: [], reportEndpoints: [statusEndpoint], statePath: scratch.path("state"))
        configuration.logs = [
            LogSource(name: "first", endpoints: [first.endpoint]),
            LogSource(name: "second", endpoints: [second.endpoint]),
        ]
        configuration.retryDelay = .milliseconds(5)
        change(&configuration)
        return configuration
    }

    private func stateful(_ change: (inout WorkerConfiguration) -> Void = { _ in }) throws -> RunningService {
        try RunningService(
            StatefulWorker(context: context, configuration: configuration(change)) { [script] in
                CountingProcessor(script)
            })
    }

    private func stateless(
        _ name: String = "worker", _ change: (inout WorkerConfiguration) -> Void = { _ in }
    ) throws -> RunningService {
        try RunningService(
            StatelessWorker(
                context: context,
                configuration: configuration {
                    $0.statePath = scratch.path(name)
                    change(&$0)
                }
            ) { [script] in PlainProcessor(script) })
    }

    private func scalar(_ sql: String) throws -> Int64 {
        try Connection(path: scratch.path("state"), mode: .readOnly).scalar(sql) ?? 0
    }

    private func titles(_ prefix: String, _ range: Range<Int>) -> [String] {
        range.map { articleRecord("\(prefix)\($0)") }
    }

    private func worked(_ prefix: String) -> [String] { script.value.worked.filter { $0.hasPrefix(prefix) } }

    private func titles(_ prefix: String, upTo count: Int) -> [String] { (0..<count).map { "\(prefix)\($0)" } }

    private func watcher(_ name: String, _ house: LogHouse) -> ServedStreams.Entry {
        ServedStreams.Entry(
            name: name, kind: "watch", host: ProcessInformation.hostName, endpoints: ["log": [house.endpoint]])
    }

    // MARK: Stateful

    @Test func `each stream has its own place, and the same number in two streams is two records`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<200))
        try second.append(titles("b", 0..<120))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 320 })
        #expect(
            eventually {
                guard let last = stub.state.heartbeats.last else { return false }
                let places = last.streams.map { ($0.stream, $0.seq, $0.head) }
                return last.lag == 0 && last.trouble == nil && places.count == 2
                    && places[0] == (first.log.stream, 200, 200) && places[1] == (second.log.stream, 120, 120)
            })
        worker.stop()
        #expect(worked("a") == titles("a", upTo: 200))
        #expect(worked("b") == titles("b", upTo: 120))
        #expect(try scalar("SELECT count(*) FROM worker_cursor") == 2)
        try first.append(titles("a", 200..<210))
        try second.append(titles("b", 120..<130))
        let again = try stateful()
        #expect(eventually { stub.state.stored.count == 340 })
        again.stop()
        status.stop()
        #expect(script.value.worked.count == 340)
        #expect(stub.state.duplicates == 0)
    }

    @Test func `a log that goes away stops no other, is told of by name, and is caught up with`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<10))
        try second.append(titles("b", 0..<10))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 20 })
        second.stop()
        try first.append(titles("a", 10..<30))
        #expect(eventually { stub.state.stored.count == 40 })
        #expect(eventually { stub.state.heartbeats.last?.trouble?.hasPrefix("second: ") == true })
        // It is listed with the place that was reached.
        #expect(stub.state.heartbeats.last?.streams.map(\.seq) == [30, 10])
        try second.append(titles("b", 10..<20))
        try second.restart()
        #expect(eventually { stub.state.stored.count == 50 })
        #expect(eventually { stub.state.heartbeats.last.map { $0.trouble == nil && $0.lag == 0 } == true })
        worker.stop()
        status.stop()
        #expect(worked("a") == titles("a", upTo: 30))
        #expect(worked("b") == titles("b", upTo: 20))
    }

    @Test func `a log with much does not keep another waiting`() throws {
        try first.append(titles("a", 0..<3000))
        try second.append(titles("b", 0..<3))
        let worker = try stateful()
        #expect(eventually { script.value.worked.contains("b2") })
        worker.stop()
        let place = try #require(script.value.worked.firstIndex(of: "b2"))
        // Two batches of the first log at most: one in hand and one on its way.
        #expect(place <= 3 * 256)
    }

    @Test func `a stream that is reached at two addresses is read once`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<300))
        let worker = try stateful {
            $0.logs = [
                LogSource(name: "here", endpoints: [first.endpoint]),
                LogSource(name: "there", endpoints: [first.tcpEndpoint]),
            ]
        }
        #expect(eventually { stub.state.stored.count == 300 })
        #expect(eventually { stub.state.heartbeats.last.map { $0.lag == 0 && $0.streams.count == 1 } == true })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(script.value.worked == titles("a", upTo: 300))
        #expect(stub.state.heartbeats.allSatisfy { $0.trouble == nil })
    }

    @Test func `where one address of a stream falls silent the other one takes over at the same place`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<10))
        let elsewhere = scratch.path("elsewhere")
        let worker = try stateful {
            $0.logs = [
                LogSource(name: "here", endpoints: [first.endpoint]),
                LogSource(name: "there", endpoints: ["ipc://\(elsewhere)"]),
            ]
        }
        #expect(eventually { stub.state.stored.count == 10 })
        first.stop()
        try first.append(titles("a", 10..<20))
        let server = try RunningService(
            LogServer(
                context: context,
                configuration: StreamConfiguration(
                    name: "articles", feed: [Endpoint(binding: "ipc://\(scratch.path("feed"))")],
                    log: [Endpoint(binding: "ipc://\(elsewhere)")]),
                databasePath: first.directory.path("log.sqlite")))
        #expect(eventually { stub.state.stored.count == 20 })
        worker.stop()
        server.stop()
        status.stop()
        #expect(script.value.worked == titles("a", upTo: 20))
    }

    @Test func `a watcher that the status service hears of is worked on, also one that comes later`() throws {
        let status = try RunningService(stub)
        stub.setStreams([watcher("first", first)])
        try first.append(titles("a", 0..<5))
        try second.append(titles("b", 0..<5))
        let worker = try stateful {
            $0.logs = []
            $0.discoversLogs = true
        }
        #expect(eventually { stub.state.stored.count == 5 })
        stub.setStreams([watcher("first", first), watcher("second", second)])
        #expect(eventually { stub.state.stored.count == 10 })
        // A status service that was just started knows nobody yet: what was found is kept.
        stub.setStreams([])
        try second.append(titles("b", 5..<10))
        #expect(eventually { stub.state.stored.count == 15 })
        worker.stop()
        status.stop()
        #expect(stub.state.duplicates == 0)
    }

    @Test func `an address that nobody can connect to is a trouble of its log alone`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<5))
        let worker = try stateful {
            $0.logs.append(LogSource(name: "third", endpoints: ["tcp://no host:1"]))
            $0.logs.remove(at: 1)
        }
        #expect(eventually { stub.state.stored.count == 5 })
        #expect(eventually { stub.state.heartbeats.last?.trouble?.hasPrefix("third: ") == true })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
    }

    // MARK: Stateless

    @Test func `workers share several streams: each article is done once`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<150))
        try second.append(titles("b", 0..<150))
        let workers = try (0..<3).map { try stateless("w\($0)") }
        #expect(eventually { stub.state.stored.count == 300 })
        #expect(
            eventually {
                stub.state.heartbeats.contains { beat in
                    beat.lag == 0 && beat.streams.count == 2 && beat.streams.allSatisfy { $0.seq == 150 }
                }
            })
        for worker in workers { worker.stop() }
        status.stop()
        #expect(stub.state.rows.count == 300)
        #expect(Set(script.value.worked).count == 300 && script.value.worked.count == 300)
        for house in [first, second] {
            let group = try house.dealer().ask("GROUP", #"{"group":"plain"}"#)
            #expect(group["inflight"] == .integer(0) && group["floor"] == .integer(150))
        }
    }

    @Test func `shared work goes on where one log is away, and takes it up again`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<5))
        try second.append(titles("b", 0..<5))
        let worker = try stateless()
        #expect(eventually { stub.state.stored.count == 10 })
        second.stop()
        try first.append(titles("a", 5..<20))
        #expect(eventually { stub.state.stored.count == 25 })
        try second.append(titles("b", 5..<10))
        try second.restart()
        #expect(eventually { stub.state.stored.count == 30 })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(Set(script.value.worked).count == 30)
    }

    @Test func `a stream that is reached at two addresses is claimed once`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<100))
        let worker = try stateless {
            $0.logs = [
                LogSource(name: "here", endpoints: [first.endpoint]),
                LogSource(name: "there", endpoints: [first.tcpEndpoint]),
            ]
        }
        #expect(eventually { stub.state.stored.count == 100 })
        worker.stop()
        status.stop()
        #expect(script.value.worked == titles("a", upTo: 100))
    }

    @Test func `a record that its worker died of is not that of the same number in another stream`() throws {
        let status = try RunningService(stub)
        try first.append(titles("a", 0..<3))
        try second.append(titles("b", 0..<3))
        try writeInHand(second.log.stream, 2, crashes: 4, scratch.path("state-in-hand"))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 6 })
        worker.stop()
        try writeInHand(second.log.stream, 2, crashes: 0, scratch.path("w-in-hand"))
        let sharing = try stateless("w")
        #expect(eventually { stub.state.stored.count == 12 && worked("b1").count == 1 })
        sharing.stop()
        status.stop()
        let failed = stub.state.rows.filter { $0.status == .failed }
        #expect(Set(failed.map(\.stream)) == [second.log.stream.description])
        #expect(Set(failed.map(\.kind)) == ["count", "plain"] && failed.allSatisfy { $0.seq == 2 })
        #expect(worked("a1").count == 2)
    }

    // MARK: Which logs there are

    @Test func `of another host only what can be reached from here is taken`() {
        let entry = ServedStreams.Entry(
            name: "watch", kind: "watch", host: "paris",
            endpoints: [
                "log": [
                    "ipc:///run/log.sock", "tcp://127.0.0.1:1", "tcp://[::1]:2", "tcp://0.0.0.0:3", "tcp://10.0.0.7:4",
                    "tcp://news.example:5",
                ]
            ])
        let reached = ["tcp://paris:3", "tcp://10.0.0.7:4", "tcp://news.example:5"]
        #expect(entry.addresses(of: "log", from: "london") == reached)
        #expect(
            entry.addresses(of: "log", from: "paris") == [
                "ipc:///run/log.sock", "tcp://127.0.0.1:1", "tcp://[::1]:2", "tcp://127.0.0.1:3", "tcp://10.0.0.7:4",
                "tcp://news.example:5",
            ])
        #expect(entry.addresses(of: "admin", from: "paris").isEmpty)
        let logs = ServedStreams([
            entry, .init(name: "index", kind: "index", host: "paris", endpoints: entry.endpoints),
            .init(name: "deaf", kind: "watch", host: "paris", endpoints: ["log": ["ipc:///run/log.sock"]]),
        ]).articleLogs(from: "london")
        #expect(logs == [LogSource(name: "watch on paris", endpoints: reached)])
    }

    @Test func `what is configured is listed once, and what is listed no more is kept for a minute`() {
        let configured = LogSource(name: "here", endpoints: ["ipc:///a", "tcp://127.0.0.1:1"])
        let roster = LogRoster(context: context, configured: [configured], statusEndpoints: nil)
        let other = LogSource(name: "watch on paris", endpoints: ["tcp://paris:1"])
        let now = ContinuousClock.now
        #expect(!roster.take([LogSource(name: "watch", endpoints: ["tcp://127.0.0.1:1"])], at: now))
        #expect(roster.take([other], at: now))
        #expect(roster.sources == [configured, other])
        #expect(!roster.take([], at: now + .seconds(60)))
        #expect(roster.take([], at: now + .seconds(61)))
        #expect(roster.sources == [configured])
    }

    @Test func `a stream has one holder, until that lets it go`() {
        final class Line {}
        let holders = StreamHolders()
        let (one, two) = (Line(), Line())
        let stream = StreamID.random()
        func isGranted(_ line: Line, boot: String = "x") -> Bool {
            if case .granted = holders.claim(stream, boot: boot, by: line) { true } else { false }
        }
        #expect(isGranted(one) && isGranted(one) && !isGranted(two))
        if case .held(let isSameServer) = holders.claim(stream, boot: "y", by: two) { #expect(!isSameServer) }
        // Its server serves another stream now.
        _ = holders.claim(StreamID.random(), boot: "x", by: one)
        #expect(isGranted(two))
        holders.release(by: two)
        #expect(isGranted(one))
    }
}
