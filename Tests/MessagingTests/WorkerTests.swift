import Articles
import Glibc
import Linux
import SQLite
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// What the processors of these tests do and see, shared with the test.
final class Script: Sendable {
    struct State: Sendable {
        /// Titles that fail, and how often still.
        var failing: [String: Int] = [:]
        /// Titles in the order in which they were worked on.
        var worked: [String] = []
        var commits = 0
    }

    private let state = Mutex(State())
    var value: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    struct Refused: Error, CustomStringConvertible { var description: String { "refused by the script" } }

    /// Notes an article and fails it where the script says so.
    func work(_ title: String) throws {
        try state.withLock { state in
            state.worked.append(title)
            if let left = state.failing[title], left > 0 {
                state.failing[title] = left - 1
                throw Refused()
            }
        }
    }
}

/// Counts articles in a table of its own, as a processor with state would.
final class CountingProcessor: StatefulProcessor {
    let kind = "count"
    private let script: Script
    private var connection: Connection?
    init(_ script: Script) { self.script = script }

    func prepare(_ connection: Connection) throws {
        self.connection = connection
        try connection.execute("CREATE TABLE IF NOT EXISTS seen(seq INTEGER NOT NULL, title TEXT NOT NULL)")
    }

    func apply(_ item: WorkItem) throws -> WorkResult {
        let title = item.article.title ?? ""
        try connection!.statement("INSERT INTO seen(seq, title) VALUES (?, ?)").bind(1, Int64(item.position.seq))
            .bind(2, title).run()
        try script.work(title)
        return .ok(["title": .string(title)])
    }

    func kill(_ kill: KillRecord, bytes: [UInt8], at position: Position) throws {
        script.change { $0.worked.append("kill \(kill.uri)") }
    }

    func didCommit() { script.change { $0.commits += 1 } }
}

final class PlainProcessor: StatelessProcessor {
    let kind = "plain"
    private let script: Script
    init(_ script: Script) { self.script = script }
    func work(_ item: WorkItem) throws -> WorkResult {
        try script.work(item.article.title ?? "")
        return .ok(["title": .string(item.article.title ?? "")])
    }
}

/// An article record with a title.
func articleRecord(_ title: String) -> String {
    var article = Article(
        source: "test", language: "en",
        ingest: .init(
            path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
            encoding: "utf-8", received: Timestamp(milliseconds: 0)))
    article.title = title
    article.deriveID()
    return String(decoding: article.encodeRecord(), as: UTF8.self)
}

@Suite struct WorkerTests {
    let house: LogHouse
    let script = Script()
    let stub: StatusStub
    let statusEndpoint: String

    init() throws {
        house = try LogHouse()
        statusEndpoint = "ipc://\(house.directory.path("report"))"
        stub = try StatusStub(context: house.context, endpoint: statusEndpoint)
    }

    func configuration(_ change: (inout WorkerConfiguration) -> Void = { _ in }) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            name: "worker", logEndpoints: [house.endpoint], reportEndpoints: [statusEndpoint],
            statePath: house.directory.path("state"))
        configuration.retryDelay = .milliseconds(5)
        change(&configuration)
        return configuration
    }

    func stateful(_ change: (inout WorkerConfiguration) -> Void = { _ in }) throws -> RunningService {
        try RunningService(
            StatefulWorker(context: house.context, configuration: configuration(change)) { [script] in
                CountingProcessor(script)
            })
    }

    func stateless(
        _ name: String = "worker", lease: Duration = .seconds(60),
        _ change: (inout WorkerConfiguration) -> Void = { _ in }
    ) throws -> RunningService {
        try RunningService(
            StatelessWorker(
                context: house.context,
                configuration: configuration {
                    $0.statePath = house.directory.path(name)
                    change(&$0)
                }, lease: lease
            ) { [script] in PlainProcessor(script) })
    }

    func scalar(_ sql: String) throws -> Int64 {
        try Connection(path: house.directory.path("state"), mode: .readOnly).scalar(sql) ?? 0
    }

    /// The results in the outbox that nobody has stored yet.
    func waiting() throws -> Int64 { try scalar("SELECT count(*) FROM outbox WHERE id>(SELECT id FROM outbox_sent)") }

    func titles(_ range: Range<Int>) -> [String] { range.map { articleRecord("t\($0)") } }

    // MARK: Stateful

    @Test func `every article is applied once, its result is stored and the outbox runs empty`() throws {
        try house.append(titles(0..<300))
        let status = try RunningService(stub)
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 300 })
        try house.append([#"{"v":1,"type":"file"}"#], topic: "file/a/published/")
        try house.append(titles(300..<310))
        #expect(eventually { stub.state.stored.count == 310 })
        #expect(try eventually { try waiting() == 0 })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(try scalar("SELECT count(*) FROM seen") == 310)
        #expect(try scalar("SELECT count(DISTINCT seq) FROM seen") == 310)
        #expect(try scalar("SELECT seq FROM worker_cursor") == 311)
        #expect(stub.state.rows.allSatisfy { $0.attempt == 1 && $0.status == .ok && $0.kind == "count" })
        #expect(stub.state.rows.first?.data == .object(["title": .string("t0")]))
        #expect(script.value.worked == (0..<310).map { "t\($0)" })
    }

    @Test func `a worker that stops goes on at its cursor, and so does one from a copy taken in the middle`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<100))
        let first = try stateful()
        #expect(eventually { stub.state.stored.count == 100 })
        // A copy as a crash would leave it: whatever was committed at one moment, results not yet reported included.
        let copy = house.directory.path("copy")
        try Connection(path: house.directory.path("state")).execute("VACUUM INTO '\(copy)'")
        try house.append(titles(100..<200))
        #expect(eventually { stub.state.stored.count == 200 })
        first.stop()
        let second = try stateful { $0.statePath = copy }
        #expect(
            try eventually {
                try Connection(path: copy, mode: .readOnly).scalar("SELECT count(*) FROM seen") == 200
            })
        second.stop()
        let copied = try Connection(path: copy, mode: .readOnly)
        #expect(try copied.scalar("SELECT count(DISTINCT seq) FROM seen") == 200)
        // The effect is there once: the second report of a result replaced nothing.
        #expect(stub.state.stored.count == 200)
        status.stop()
    }

    @Test func `an article that fails is tried again, and succeeds`() throws {
        let status = try RunningService(stub)
        script.change { $0.failing["t1"] = 2 }
        try house.append(titles(0..<3))
        let worker = try stateful()
        #expect(eventually { stub.statuses(2) == [.failed, .failed, .ok] })
        worker.stop()
        status.stop()
        #expect(try scalar("SELECT count(*) FROM failure") == 0)
        // What the failed attempts had written was rolled back.
        #expect(try scalar("SELECT count(*) FROM seen WHERE seq=2") == 1)
        #expect(stub.statuses(1) == [.ok] && stub.statuses(3) == [.ok])
        let rows = stub.state.rows.filter { $0.seq == 2 }
        #expect(rows.map(\.attempt) == [1, 2, 3])
        #expect(rows[0].data == .object(["reason": .string("refused by the script"), "dead": .boolean(false)]))
        #expect(rows[0].articleID != nil)
    }

    @Test func `an article that always fails is a dead letter after five attempts and stops nobody`() throws {
        let status = try RunningService(stub)
        script.change { $0.failing["t1"] = .max }
        try house.append(titles(0..<3))
        let worker = try stateful()
        #expect(eventually { stub.statuses(2).count == 5 })
        try house.append(titles(3..<4))
        #expect(eventually { stub.statuses(4) == [.ok] })
        #expect(eventually { stub.state.heartbeats.last?.numbers["dead"] == 1 })
        worker.stop()
        status.stop()
        #expect(stub.state.rows.filter { $0.seq == 2 }.map(\.attempt) == [1, 2, 3, 4, 5])
        #expect(stub.state.rows.last { $0.seq == 2 }?.data["dead"] == .boolean(true))
        #expect(try scalar("SELECT is_dead FROM failure") == 1)
        #expect(script.value.worked.count { $0 == "t1" } == 5)
    }

    @Test func `what is no article fails alone`() throws {
        let status = try RunningService(stub)
        try house.append([articleRecord("a"), #"{"v":1,"type":"article","id":7}"#, articleRecord("b"), "no json"])
        let worker = try stateful()
        #expect(eventually { stub.statuses(3) == [.ok] && stub.statuses(2).count == 5 })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(stub.statuses(4).isEmpty)
    }

    @Test func `while the status service is away results wait, at their cap fetching stops, then all drains`() throws {
        try house.append(titles(0..<1000))
        let worker = try stateful { $0.outboxCapacity = 300 }
        #expect(try eventually { try waiting() >= 300 })
        let status = try RunningService(stub)
        #expect(eventually { stub.state.stored.count == 1000 })
        #expect(try eventually { try waiting() == 0 })
        worker.stop()
        status.stop()
        #expect(script.value.worked.count == 1000)
    }

    @Test func `a status service whose store is another one gets the last results again, as they were`() throws {
        stub.setStore("first")
        try house.append(titles(0..<300))
        let status = try RunningService(stub)
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 300 })
        #expect(
            try eventually {
                try waiting() == 0 && scalar("SELECT count(*) FROM outbox_sent WHERE store='first'") == 1
            })
        let before = stub.state.stored
        // The same store once more changes nothing, another one does: it is told by an idle worker's heartbeat.
        stub.forget()
        stub.setStore("second")
        #expect(eventually { stub.state.stored.count == 300 })
        #expect(stub.state.stored == before)
        #expect(script.value.worked.count == 300)
        try house.append(titles(300..<310))
        #expect(eventually { stub.state.stored.count == 310 })
        #expect(stub.state.duplicates == 0)
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
    }

    @Test func `of what is kept for another store the words of erased articles go, too`() throws {
        let connection = try Connection(path: ":memory:")
        let store = try WorkerStore(connection: connection)
        let ids = try ["a", "b"].map { try #require(ArticleID(String(repeating: $0, count: 32))) }
        for (seq, id) in zip(UInt64(1)..., ids) {
            let row = ResultRecord(
                stream: StreamID.random().description, epoch: 1, seq: seq, kind: "count", generation: 1, attempt: 1,
                status: .ok, timeMilliseconds: 1, articleID: id, data: .object(["title": .string("words \(seq)")]))
            try store.append(row.encodeRow())
        }
        #expect(try store.removeOutbox(upTo: 2) == 2)
        #expect(try store.outboxCount() == 0)
        let gone = GoneRecord(.article(ids[0]), cause: .operator, reason: "-", erased: Timestamp(milliseconds: 0))
        let position = Position(stream: StreamID.random(), epoch: 1, seq: 9, timeMilliseconds: 1)
        try connection.transaction { try store.erase([(gone, position)]) }
        #expect(try !store.noteStore("a"))
        #expect(try store.noteStore("b"))
        let rows = try store.outboxBatch().map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(rows.count == 2 && !rows[0].contains("words 1") && rows[1].contains("words 2"))
    }

    @Test func `at its cap a worker fetches no more`() throws {
        try house.append(titles(0..<2000))
        let worker = try stateful { $0.outboxCapacity = 10 }
        #expect(try eventually { try waiting() >= 10 })
        // What would come, comes within a few turns: the server is asked after each of them.
        let peer = try house.dealer()
        for _ in 0..<50 { _ = try peer.ask("PING") }
        worker.stop()
        #expect(script.value.worked.count <= 2 * 256)
    }

    @Test func `a status service that froze is asked again when it is back`() throws {
        stub.setDeaf(true)
        let status = try RunningService(stub)
        try house.append(titles(0..<5))
        let worker = try stateful()
        #expect(try eventually { try waiting() == 5 })
        status.stop()
        let other = try StatusStub(context: house.context, endpoint: statusEndpoint)
        let running = try RunningService(other)
        #expect(eventually { other.state.stored.count == 5 })
        worker.stop()
        running.stop()
    }

    @Test func `a worker comes to rest loudly: its last heartbeat says that nothing is left`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<20))
        let worker = try stateful()
        #expect(
            eventually {
                guard let last = stub.state.heartbeats.last else { return false }
                return last.numbers["done"] == 20 && last.numbers["outbox"] == 0 && last.lag == 0
                    && last.streams.first?.seq == 20
            })
        worker.stop()
        status.stop()
    }

    @Test func `a record that killed its worker as often as allowed is a dead letter untried`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<3))
        // As five deaths in the middle of record 2 leave the file.
        try writeInHand(house.log.stream, 2, crashes: 4, house.directory.path("state-in-hand"))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 3 })
        worker.stop()
        status.stop()
        #expect(stub.statuses(2) == [.failed])
        #expect(stub.state.rows.first { $0.seq == 2 }?.data["dead"] == .boolean(true))
        #expect(!script.value.worked.contains("t1"))
        #expect(try scalar("SELECT is_dead FROM failure") == 1)
    }

    @Test func `a kill is taken in at its place, and one that cannot be read holds nothing up`() throws {
        try house.append(titles(0..<1))
        try house.append([
            #"{"v":1,"type":"kill","source":"bbc","uri":"u1","version":"2"}"#, #"{"v":1,"type":"kill","source":"bbc"}"#,
        ])
        try house.append(titles(1..<2))
        let worker = try stateful()
        #expect(eventually { script.value.worked.count == 3 })
        worker.stop()
        let worked = script.value.worked
        #expect(worked.count == 3 && worked[1] == "kill u1")
    }

    @Test func `a full database costs the article in hand no attempt, and is gone on with when there is room`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<50))
        let pages = Mutex(20)
        let worker = try RunningService(
            StatefulWorker(context: house.context, configuration: configuration()) {
                FillingProcessor(maximumPages: pages.withLock { $0 })
            })
        #expect(eventually { stub.state.heartbeats.last?.trouble?.contains("full") == true })
        let state = house.directory.path("state")
        #expect(try InHandFile(path: state + "-in-hand").suspect == nil)
        #expect(stub.state.heartbeats.last?.streams.first?.head == 50)
        pages.withLock { $0 = 10_000 }
        #expect(eventually { stub.state.stored.count == 50 })
        #expect(eventually { stub.state.heartbeats.last.map { $0.trouble == nil } == true })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(stub.state.rows.allSatisfy { $0.attempt == 1 && $0.status == .ok })
        #expect(try scalar("SELECT count(*) FROM fill") == 50)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "mounts of one's own take root"))
    func `on a disk filled to the last byte a worker waits and says so, and goes on when there is room`() throws {
        try PrivateMounts.run { try WorkerTests().goThroughFullDisk() }
    }

    private func goThroughFullDisk() throws {
        let status = try RunningService(stub)
        let small = house.directory.path("small")
        try house.directory.makeDirectory("small")
        try PrivateMounts.mountSmall(small, bytes: 24 << 20)
        try house.append(titles(0..<3))
        let worker = try stateful { $0.statePath = "\(small)/state" }
        #expect(eventually { stub.state.stored.count == 3 })
        try PrivateMounts.fill(small)
        try house.append(titles(3..<8))
        #expect(eventually { stub.state.heartbeats.last?.trouble?.contains("KiB free") == true })
        #expect(!worker.hasEnded)
        unlink("\(small)/everything")
        #expect(eventually { stub.state.stored.count == 8 })
        worker.stop()
        status.stop()
        #expect(worker.error == nil)
        #expect(Set(script.value.worked) == Set((0..<8).map { "t\($0)" }))
        let seen = try Connection(path: "\(small)/state", mode: .readOnly).scalar("SELECT count(*) FROM seen")
        #expect(seen == 8)
        #expect(stub.state.rows.allSatisfy { $0.attempt == 1 })
    }

    @Test func `a log that restarts is followed on`() throws {
        let status = try RunningService(stub)
        let worker = try stateful()
        try house.append(titles(0..<3))
        #expect(eventually { stub.state.stored.count == 3 })
        try house.restart()
        try house.append(titles(3..<6))
        #expect(eventually { stub.state.stored.count == 6 })
        worker.stop()
        status.stop()
        #expect(script.value.worked == (0..<6).map { "t\($0)" })
    }

    @Test func `after a restored log reading goes on where the new epoch began`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<6))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 6 })
        worker.stop()
        house.stop()
        // The backup held 3 records; 4 to 6 are others now.
        try house.connection.execute("DELETE FROM log WHERE seq>3; INSERT INTO epoch(epoch, first_seq) VALUES (2, 4)")
        let log = try ArticleLog(connection: house.connection)
        try house.connection.transaction {
            for title in ["n4", "n5", "n6", "n7"] {
                _ = try log.append(topic: Topic(stored: "art/a/en/"), record: Array(articleRecord(title).utf8))
            }
        }
        try house.restart()
        let again = try stateful()
        #expect(eventually { script.value.worked.last == "n7" })
        again.stop()
        status.stop()
        #expect(script.value.worked.suffix(4) == ["n4", "n5", "n6", "n7"])
        #expect(script.value.worked.count == 10)
        #expect(try scalar("SELECT epoch FROM worker_cursor") == 2)
    }

    @Test func `records that retention took are passed over and the rest is read`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<3))
        let worker = try stateful()
        #expect(eventually { stub.state.stored.count == 3 })
        worker.stop()
        try house.append(titles(3..<8))
        #expect(try house.log.trim(before: .max, notPast: 6) == 6)
        let again = try stateful()
        #expect(eventually { stub.state.stored.count == 5 })
        again.stop()
        status.stop()
        #expect(script.value.worked.suffix(2) == ["t6", "t7"])
    }

    // MARK: Stateless

    @Test func `workers share a stream: each article is done once`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<200))
        let workers = try (0..<3).map { try stateless("w\($0)") }
        #expect(eventually { stub.state.stored.count == 200 })
        for worker in workers { worker.stop() }
        status.stop()
        #expect(stub.state.rows.count == 200)
        #expect(script.value.worked.count == 200)
        let group = try house.dealer().ask("GROUP", #"{"group":"plain"}"#)
        #expect(group["inflight"] == .integer(0) && group["floor"] == .integer(200))
    }

    @Test func `an article that fails comes to the group again and dies after its attempts`() throws {
        let status = try RunningService(stub)
        script.change { state in
            state.failing["t0"] = 1
            state.failing["t2"] = .max
        }
        try house.append(titles(0..<3))
        let worker = try stateless { $0.maximumAttempts = 3 }
        #expect(eventually { stub.statuses(3).count == 3 && stub.statuses(1) == [.failed, .ok] })
        worker.stop()
        status.stop()
        #expect(stub.state.rows.filter { $0.seq == 3 }.map(\.attempt) == [1, 2, 3])
        #expect(stub.state.rows.last { $0.seq == 3 }?.data["dead"] == .boolean(true))
        let group = try house.dealer().ask("GROUP", #"{"group":"plain"}"#)
        #expect(group["dead"]?.arrayValue?.first?["seq"] == .integer(3))
        #expect(group["dead"]?.arrayValue?.first?["reason"] == .string("refused by the script"))
        #expect(group["inflight"] == .integer(0))
    }

    @Test func `while results cannot be stored the leases are kept and nothing dies`() throws {
        try house.append(titles(0..<4))
        let worker = try stateless(lease: .milliseconds(600)) { $0.maximumAttempts = 1 }
        #expect(eventually { script.value.worked.count == 4 })
        let peer = try house.dealer()
        // Another worker would get what is not held any more; three leases long it gets nothing.
        let stolen = try peer.ask("CLAIM", #"{"group":"plain","owner":"thief","wait_ms":1800}"#)
        #expect(stolen.seqs.isEmpty)
        let status = try RunningService(stub)
        #expect(eventually { stub.state.stored.count == 4 })
        worker.stop()
        status.stop()
        #expect(script.value.worked.count == 4)
        #expect(stub.state.rows.allSatisfy { $0.attempt == 1 })
    }

    @Test func `a worker that drains finishes what it works on and gives the rest back uncharged`() throws {
        let status = try RunningService(stub)
        let gate = Gate()
        let worker = try RunningService(
            StatelessWorker(context: house.context, configuration: configuration()) { GatedProcessor(gate) })
        try house.append(titles(0..<5))
        #expect(eventually { gate.arrivals == 1 })
        // It is in the middle of an article while it is asked to stop.
        worker.askToDrain()
        gate.open()
        worker.stop()
        #expect(worker.error == nil)
        #expect(eventually { !stub.state.rows.isEmpty })
        let done = stub.state.rows.count
        #expect(done < 5)
        let rest = try house.dealer().ask("CLAIM", #"{"group":"gated","owner":"x","max":10}"#)
        #expect(rest.seqs.count == 5 - done)
        #expect(rest["leases"]?.arrayValue?.allSatisfy { $0["attempt"] == .integer(1) } == true)
        status.stop()
    }

    @Test func `an article that killed its worker is charged an attempt and comes again later`() throws {
        let status = try RunningService(stub)
        try house.append(titles(0..<3))
        // The worker that died held all three, with 2 in hand.
        let owner = StreamID.random().description
        let peer = try house.dealer()
        #expect(try eventually { try peer.ask("PING")["head"] == .integer(3) })
        let claim = #"{"group":"plain","owner":"\#(owner)","lease_ms":3600000,"create":{"from":"first"}}"#
        #expect(try peer.ask("CLAIM", claim).seqs == [1, 2, 3])
        try writeText(owner, house.directory.path("worker-owner"))
        try writeInHand(house.log.stream, 2, crashes: 0, house.directory.path("worker-in-hand"))
        let worker = try stateless()
        #expect(eventually { stub.statuses(2) == [.failed, .ok] })
        worker.stop()
        status.stop()
        #expect(stub.state.rows.filter { $0.seq == 2 }.map(\.attempt) == [1, 2])
        #expect(stub.state.rows.first { $0.seq == 2 }?.data["reason"] == .string("the worker died on it"))
        #expect(stub.statuses(1) == [.ok] && stub.statuses(3) == [.ok])
    }

    @Test func `slow work is claimed in small portions, fast work in large ones`() {
        #expect(StatelessWorker.batch(after: 8, taking: .seconds(8)) == 1)
        #expect(StatelessWorker.batch(after: 8, taking: .milliseconds(400)) == 10)
        #expect(StatelessWorker.batch(after: 8, taking: .zero) == 50)
        #expect(StatelessWorker.batch(after: 0, taking: .seconds(1)) == 8)
    }

    @Test func `reports are cut to what a status service takes`() {
        let row = [UInt8](repeating: 0x20, count: 400 << 10)
        #expect(StatelessWorker.batches([row, row, row, [1]]).map(\.count) == [2, 2])
        #expect(StatelessWorker.batches([]).isEmpty)
        var result = ResultRecord(
            stream: "s", epoch: 1, seq: 1, kind: "k", generation: 1, attempt: 1, status: .ok, timeMilliseconds: 0,
            articleID: nil, data: .string(String(repeating: "x", count: 600 << 10)))
        #expect(result.encodeRow().count < 1000)
        result.data = .string("x")
        #expect(result.encodeRow() == result.encodeRecord())
    }
}

/// Fails as SQLite does on a full disk: the database may grow no further.
final class FillingProcessor: StatefulProcessor {
    let kind = "fill"
    private let maximumPages: Int
    private var connection: Connection?
    init(maximumPages: Int) { self.maximumPages = maximumPages }
    func prepare(_ connection: Connection) throws {
        self.connection = connection
        try connection.execute("CREATE TABLE IF NOT EXISTS fill(x BLOB)")
        _ = try connection.scalar("PRAGMA max_page_count=\(maximumPages)")
    }
    func apply(_ item: WorkItem) throws -> WorkResult {
        try connection!.statement("INSERT INTO fill VALUES (zeroblob(60000))").run()
        return .ok([:])
    }
    func didCommit() {}
}

/// A door that opens once.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, arrivals: Int)>((false, 0))
    var arrivals: Int { state.withLock { $0.arrivals } }
    func open() { state.withLock { $0.isOpen = true } }
    func pass() {
        state.withLock { $0.arrivals += 1 }
        _ = eventually { state.withLock { $0.isOpen } }
    }
}

final class GatedProcessor: StatelessProcessor {
    let kind = "gated"
    private let gate: Gate
    init(_ gate: Gate) { self.gate = gate }
    func work(_ item: WorkItem) throws -> WorkResult {
        gate.pass()
        return .ok([:])
    }
}

@Suite struct InHandFileTests {
    let directory: ScratchDirectory
    var path: String { directory.path("in-hand") }

    private let stream = StreamID.random()

    init() throws { directory = try ScratchDirectory() }

    private func place(_ seq: UInt64) -> Position {
        Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 0)
    }

    @Test func `what is in hand at an end is the suspect of the next start, and its deaths are counted`() throws {
        #expect(try InHandFile(path: path).suspect == nil)
        for crashes in 1...3 {
            let file = try InHandFile(path: path)
            file.take(place(6))
            file.take(place(7))
            #expect(try InHandFile(path: path).suspect == .init(stream: stream, seq: 7, crashes: crashes))
        }
        let file = try InHandFile(path: path)
        file.take(place(8))
        #expect(try InHandFile(path: path).suspect == .init(stream: stream, seq: 8, crashes: 1))
        file.putDown()
        #expect(try InHandFile(path: path).suspect == nil)
    }

    @Test func `the same number in another stream is no suspect`() throws {
        try writeInHand(stream, 7, crashes: 0, path)
        let suspect = try #require(try InHandFile(path: path).suspect)
        #expect(suspect.isAt(place(7)))
        #expect(!suspect.isAt(Position(stream: .random(), epoch: 1, seq: 7, timeMilliseconds: 0)))
    }

    @Test func `a torn file is no suspect`() throws {
        try writeText("short", path)
        #expect(try InHandFile(path: path).suspect == nil)
    }
}
