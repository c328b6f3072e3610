import Articles
import FoundationEssentials
import Linux
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// What a worker with state does of what an operator wants.
@Suite(.timeLimit(.minutes(5))) struct WishTests {
    private let house: LogHouse
    private let script = Script()
    private let stub: StatusStub
    private let statusEndpoint: String

    init() throws {
        house = try LogHouse()
        statusEndpoint = "ipc://\(house.directory.path("report"))"
        stub = try StatusStub(context: house.context, endpoint: statusEndpoint)
    }

    private func worker() throws -> RunningService {
        var configuration = WorkerConfiguration(
            name: "worker", logEndpoints: [house.endpoint], reportEndpoints: [statusEndpoint],
            statePath: house.directory.path("state"))
        configuration.retryDelay = .milliseconds(1)
        return try RunningService(
            StatefulWorker(context: house.context, configuration: configuration) { [script] in
                CountingProcessor(script)
            })
    }

    private func scalar(_ query: String) throws -> Int64? {
        try Connection(path: house.directory.path("state"), mode: .readOnly).scalar(query)
    }

    private func wish(_ action: Wish.Action, _ seq: UInt64, id: ArticleID? = nil) -> Wish {
        Wish(action, stream: house.log.stream, epoch: 1, seq: seq, articleID: id, by: "Ada")
    }

    private var last: ResultRecord? { stub.state.rows.last { $0.seq == 2 } }
    /// Later answers to the same wish may stand behind it.
    private var ok: ResultRecord? { stub.state.rows.last { $0.seq == 2 && $0.status == .ok } }

    /// A worker that has given the second of three articles up.
    private func givenUp() throws -> RunningService {
        script.change { $0.failing["t1"] = 5 }
        try house.append((0..<3).map { articleRecord("t\($0)") })
        let worker = try worker()
        #expect(eventually { last?.data["dead"] == .boolean(true) })
        return worker
    }

    @Test func `a dead letter is tried again where that is wished, and counts once in effect`() throws {
        let status = try RunningService(stub)
        let worker = try givenUp()
        #expect(stub.state.heartbeats.last?.grants == ["retry", "discard"])
        stub.setWishes([wish(.retry, 2)])
        try house.append([articleRecord("t3")])
        #expect(eventually { ok != nil })
        // The wish comes with every heartbeat until the status service has the result: it changes nothing more.
        #expect(ok?.attempt == 1)
        #expect(eventually { stub.state.rows.contains { $0.data["code"] == .string("GONE") } })
        stub.setWishes([])
        worker.stop()
        status.stop()
        #expect(try scalar("SELECT count(*) FROM failure") == 0)
        #expect(try scalar("SELECT count(*) FROM seen WHERE seq=2") == 1)
        #expect(script.value.worked.count { $0 == "t1" } == 6)
        #expect(try scalar("SELECT seq FROM worker_cursor") == 4)
    }

    @Test func `what fails again has its whole round of attempts`() throws {
        let status = try RunningService(stub)
        let worker = try givenUp()
        script.change { $0.failing["t1"] = 3 }
        stub.setWishes([wish(.retry, 2)])
        try house.append([articleRecord("t3")])
        #expect(eventually { script.value.worked.count { $0 == "t1" } > 5 })
        stub.setWishes([])
        #expect(eventually { ok != nil })
        worker.stop()
        status.stop()
        #expect(script.value.worked.count { $0 == "t1" } == 9)
    }

    @Test func `a dead letter is forgotten where that is wished, and that is a result`() throws {
        let status = try RunningService(stub)
        let worker = try givenUp()
        let id = try #require(last?.articleID)
        stub.setWishes([wish(.discard, 2)])
        try house.append([articleRecord("t3")])
        #expect(eventually { last?.status == .skipped })
        stub.setWishes([])
        worker.stop()
        status.stop()
        #expect(last?.articleID == id && last?.data["by"] == .string("Ada"))
        #expect(last?.data["verdict"] == .string("discarded"))
        #expect(last?.data["reason"] == .string("discarded by the operator"))
        #expect(try scalar("SELECT count(*) FROM failure") == 0)
    }

    @Test func `what is discarded in the database of a worker that is down is a result at its next start`() throws {
        let status = try RunningService(stub)
        try givenUp().stop()
        let letters = try #require(try DeadLetters(path: house.directory.path("state"), mode: .readWrite))
        #expect(try letters.discard([2, 9]) == [2])
        #expect(try letters.count() == 0 && letters.retry(nil).isEmpty)
        let worker = try worker()
        #expect(eventually { last?.status == .skipped })
        worker.stop()
        status.stop()
        #expect(try scalar("SELECT count(*) FROM failure") == 0)
        #expect(script.value.worked.count { $0 == "t1" } == 5)
    }

    @Test func `a record that killed its worker is tried once more where that is wished`() throws {
        let status = try RunningService(stub)
        try house.append((0..<3).map { articleRecord("t\($0)") })
        // As five deaths in the middle of record 2 leave the file.
        try writeInHand(house.log.stream, 2, crashes: 4, house.directory.path("state-in-hand"))
        let worker = try worker()
        #expect(eventually { last?.data["dead"] == .boolean(true) })
        #expect(!script.value.worked.contains("t1"))
        stub.setWishes([wish(.retry, 2)])
        try house.append([articleRecord("t3")])
        #expect(eventually { ok != nil })
        worker.stop()
        status.stop()
    }

    @Test func `an answer to a heartbeat is read as far as it is known`() throws {
        let stream = house.log.stream
        func read(_ json: String) throws -> [Wish] {
            try JSONDecoder().decode(HeartbeatAnswer.self, from: Data(json.utf8)).wishes
        }
        let known = wish(.retry, 7)
        var writer = JSONWriter()
        known.write(to: &writer)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(try read("{}") == [] && read(#"{"wishes":[1,{},\#(text),{"action":"sing"}]}"#) == [known])
        let tooFar = #"{"action":"retry","stream":"\#(stream)","epoch":1,"seq":18446744073709551615}"#
        #expect(try read(#"{"wishes":[\#(tooFar)]}"#) == [])
        #expect(try read(#"{"wishes":[\#(Array(repeating: text, count: 500).joined(separator: ","))]}"#).count == 100)
    }
}
