import Articles
import FoundationEssentials
import Messaging
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Status

/// What operators want done with failures: noted in the store, told to who can do it, ended by a result.
@Suite(.timeLimit(.minutes(5))) struct FailureChangeTests {
    private let service: RunningStatus
    private let client: CommandClient

    init() throws {
        service = try RunningStatus()
        client = service.client()
        try service.publish([article("First"), article("Second")])
    }

    private var stream: StreamID { service.log.stream }
    private func key(_ seq: UInt64, kind: String = "index") -> FailureKey {
        FailureKey(kind: kind, stream: stream, epoch: 1, seq: seq)
    }

    /// Reports what came of a record of the watcher's log.
    private func report(
        _ seq: UInt64, kind: String = "index", _ status: ResultRecord.Outcome = .failed, attempt: Int = 5,
        time: Int64 = 1_000, dead: Bool = true
    ) throws {
        var record = result(
            seq, kind: kind, attempt: attempt, status, time: time,
            data: status == .failed ? ["reason": .string("no"), "dead": .boolean(dead)] : [:])
        record.stream = stream.description
        #expect(try service.report([record], kind: kind)["rejected"] == .array([]))
    }

    /// Sends the heartbeat of a worker; returns what is wanted of it.
    private func beat(kind: String = "index", grants: [String]? = ["retry", "discard"]) throws -> [JSONValue] {
        var heartbeat = Heartbeat(name: kind, kind: kind)
        heartbeat.grants = grants
        heartbeat.streams = [.init(stream: stream, epoch: 1, seq: 2, head: 2)]
        let answer = try client.request("HEARTBEAT", json: heartbeat.json)
        return try JSONValue(json: answer.json)["wishes"]?.arrayValue ?? []
    }

    private func change(_ json: String) throws -> JSONValue {
        try JSONValue(json: client.request("FAILURES", json: Array(json.utf8)).json)
    }

    private func totals(_ kind: String = "index") throws -> StoreReader.Totals.Results {
        let reader = try StoreReader(path: service.scratch.path("status.sqlite"))
        return try reader.totals().results[kind] ?? .init()
    }

    private func stored(_ seq: UInt64, kind: String = "index") throws -> StoreReader.ResultRow? {
        let reader = try StoreReader(path: service.scratch.path("status.sqlite"))
        return try reader.articles(stream: stream, seqs: [seq]).first?.results.first { $0.kind == kind }
    }

    private func wishes() throws -> Int64? {
        try Connection(path: service.scratch.path("status.sqlite"), mode: .readOnly).scalar("SELECT count(*) FROM wish")
    }

    @Test func `another try is told to the worker until its result is there`() throws {
        try report(1)
        #expect(try beat() == [])
        let outcome = try service.failures.change(.init(.retry, .these([key(1), key(2)]), by: "Ada"))
        #expect(outcome.count == 1 && outcome.missing == [key(2)] && outcome.refused == [])
        for _ in 0..<2 {
            let wish = try #require(try beat().first)
            #expect(wish["action"] == .string("retry") && wish["seq"] == .integer(1))
            #expect(
                wish["stream"] == .string(stream.description) && wish["id"] == .string(article("First").id.description))
        }
        #expect(try beat(kind: "deduplicate") == [])
        // A row that was sent before, and comes once more, is no answer.
        try report(1)
        #expect(try beat().count == 1)
        try report(1, .ok, attempt: 1, time: 2_000)
        #expect(try beat() == [] && wishes() == 0)
        #expect(try totals() == .init(ok: 1))
        #expect(try service.failures.change(.init(.retry, .these([key(1)]))).missing == [key(1)])
    }

    @Test func `a wish survives the status service`() throws {
        try report(1)
        _ = try change(#"{"action":"retry","all":true}"#)
        service.stop()
        let again = try RunningStatus(scratch: service.scratch)
        var heartbeat = Heartbeat(name: "index", kind: "index")
        heartbeat.grants = ["retry"]
        heartbeat.streams = [.init(stream: stream, epoch: 1, seq: 2, head: 2)]
        let answer = try again.client().request("HEARTBEAT", json: heartbeat.json)
        #expect(try JSONValue(json: answer.json)["wishes"]?.arrayValue?.count == 1)
        again.stop()
    }

    @Test func `what is discarded is skipped at once, counted as such, and stands on the results log`() throws {
        try report(1)
        #expect(try change(#"{"action":"discard","results":[\#(json(key(1)))],"by":"Ada"}"#)["count"] == .integer(1))
        let row = try #require(try stored(1))
        #expect(row.status == "skipped" && row.data["reason"] == .string("discarded by the operator"))
        #expect(row.data["by"] == .string("Ada"))
        #expect(try totals() == .init(ok: 0, failed: 0, skipped: 1, dead: 0, verdicts: ["discarded": 1]))
        let log = CommandClient(context: service.context, endpoints: [service.resultsEndpoint])
        let records = try FetchReply(log.request("FETCH", json: Array("{}".utf8))).records
        #expect(records.count == 2)
        #expect(String(decoding: records[1].bytes, as: UTF8.self).contains(#""status":"skipped""#))
        // The worker is told to forget it; what it says of that is no second result.
        #expect(try beat().first?["action"] == .string("discard"))
        try report(1, .skipped, time: 9_000)
        #expect(try beat() == [] && totals().skipped == 1)
        // It was at it when it was discarded: what works, works.
        try report(1, .ok, attempt: 6, time: 9_001)
        #expect(try totals() == .init(ok: 1, verdicts: ["discarded": 0]))
    }

    @Test func `all are those that were given up, of one kind where one is named`() throws {
        try report(1)
        try report(2, dead: false)
        try report(1, kind: "deduplicate")
        #expect(try change(#"{"action":"retry","all":true,"kind":"summarize"}"#)["count"] == .integer(0))
        #expect(try change(#"{"action":"retry","all":true,"kind":"index"}"#)["count"] == .integer(1))
        // Those for which it is wished already are left out.
        #expect(try change(#"{"action":"retry","all":true}"#)["count"] == .integer(1))
        #expect(try change(#"{"action":"discard","results":[\#(json(key(2)))]}"#)["count"] == .integer(1))
        #expect(try wishes() == 3)
    }

    @Test func `what nobody can try again is refused, and can be discarded`() throws {
        try report(1)
        _ = try beat(grants: nil)
        let outcome = try service.failures.change(.init(.retry, .all(kind: nil)))
        #expect(outcome.count == 0 && !outcome.hasMore)
        #expect(outcome.refused == [.init(key: key(1), reason: "workers of the kind index try nothing again")])
        #expect(try service.failures.change(.init(.discard, .all(kind: nil))).count == 1)
        #expect(try totals().skipped == 1 && wishes() == 0)
    }

    // MARK: Shared work

    /// A group of the kind `geo` that has given both articles up, as its worker has reported, and its log's heartbeat.
    private func giveUpInGroup() throws -> CommandClient {
        let log = CommandClient(
            context: service.context, endpoints: ["ipc://" + service.scratch.path("watch-log.sock")])
        func ask(_ command: String, _ json: String) throws { _ = try log.request(command, json: Array(json.utf8)) }
        try ask("GROUP", #"{"group":"geo","action":"create","create":{"from":"first","max_attempts":1}}"#)
        try ask("CLAIM", #"{"group":"geo","owner":"o"}"#)
        try ask("NACK", #"{"group":"geo","owner":"o","seqs":[1,2],"reason":"no"}"#)
        for seq in [UInt64(1), 2] { try report(seq, kind: "geo", attempt: 1) }
        let isTold = eventually { service.watcher.standing?.groups.first?.dead == 2 }
        #expect(isTold)
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.endpoints = ["log": service.watcher.addresses.log]
        heartbeat.logs = [try #require(service.watcher.standing)]
        service.board.note(heartbeat)
        return log
    }

    private func dead(_ log: CommandClient) throws -> [Int64] {
        let group = try JSONValue(json: log.request("GROUP", json: Array(#"{"group":"geo"}"#.utf8)).json)
        return (group["dead"]?.arrayValue ?? []).compactMap { $0["seq"]?.integerValue }
    }

    @Test func `the log gives a group's dead letter out again, and its result ends the wish`() throws {
        let log = try giveUpInGroup()
        #expect(try change(#"{"action":"retry","results":[\#(json(key(2, kind: "geo")))]}"#)["count"] == .integer(1))
        #expect(try eventually { try dead(log) == [1] })
        let claimed = try log.request("CLAIM", json: Array(#"{"group":"geo","owner":"p"}"#.utf8))
        #expect(try FetchReply(claimed).records.map(\.position.seq) == [2])
        #expect(try wishes() == 1)
        try report(2, kind: "geo", .ok, attempt: 1, time: 2_000)
        #expect(try wishes() == 0)
        #expect(try totals("geo") == .init(ok: 1, failed: 1, dead: 1))
    }

    @Test func `a group's dead letter is discarded there too`() throws {
        let log = try giveUpInGroup()
        #expect(try change(#"{"action":"discard","all":true}"#)["count"] == .integer(2))
        #expect(try totals("geo").skipped == 2)
        #expect(try eventually { try dead(log) == [] && wishes() == 0 })
    }

    @Test func `what the log does not have any more ends with that reason`() throws {
        let log = try giveUpInGroup()
        _ = try log.request("GROUP", json: Array(#"{"group":"geo","action":"discard-dead","seqs":[1]}"#.utf8))
        _ = try change(#"{"action":"retry","results":[\#(json(key(1, kind: "geo")))]}"#)
        #expect(try eventually { try stored(1, kind: "geo")?.data["code"] == .string("GONE") })
        #expect(try service.log.trim(before: .max, notPast: 2) == 2)
        _ = try change(#"{"action":"retry","results":[\#(json(key(2, kind: "geo")))]}"#)
        #expect(try eventually { try stored(2, kind: "geo")?.data["code"] == .string("RETENTION") })
        #expect(try wishes() == 0 && totals("geo") == .init(failed: 2, dead: 2))
    }

    // MARK: Requests

    @Test func `failures are listed page by page, with what is to be done with them`() throws {
        for seq in [UInt64(1), 2] { try report(seq, time: Int64(seq)) }
        try report(1, kind: "deduplicate", time: 9, dead: false)
        _ = try change(#"{"action":"retry","results":[\#(json(key(1)))]}"#)
        let first = try change(#"{"max":2}"#)
        func names(_ reply: JSONValue) -> [String] {
            (reply["failures"]?.arrayValue ?? []).map {
                "\($0["kind"]?.stringValue ?? "") \($0["seq"]?.integerValue ?? 0)"
            }
        }
        #expect(names(first) == ["deduplicate 1", "index 2"])
        let next = try #require(first["next"]?.stringValue)
        let last = try change(#"{"action":"list","after":"\#(next)"}"#)
        #expect(names(last) == ["index 1"] && last["next"] == nil)
        let failure = last["failures"]?.arrayValue?.first
        #expect(failure?["wish"] == .string("retry") && failure?["wished"]?.stringValue?.isEmpty == false)
        #expect(failure?["title"] == .string("First") && failure?["reason"] == .string("no"))
        #expect(try names(change(#"{"dead":true,"kind":"index"}"#)).count == 2)
        for json in [#"{"after":"x"}"#, #"{"max":501}"#, #"{"max":0}"#] {
            #expect(throws: WireError.self) { try change(json) }
        }
    }

    @Test(arguments: [
        #"{"action":"retry"}"#, #"{"action":"retry","all":true,"results":[]}"#, #"{"action":"sing","all":true}"#,
        #"{"action":"retry","results":[{"kind":"index"}]}"#,
        #"{"action":"retry","results":[{"kind":"A B","stream":"0f0e0d0c-0b0a-4908-8706-050403020100","epoch":1,"seq":1}]}"#,
        #"{"action":"retry","results":[{"kind":"a","stream":"0f0e0d0c-0b0a-4908-8706-050403020100","epoch":1,"seq":0}]}"#,
    ])
    func `what is no change changes nothing`(json: String) throws {
        try report(1)
        #expect(throws: WireError.self) { try change(json) }
        #expect(try totals().dead == 1 && wishes() == 0)
    }

    @Test func `too many at once are refused, and names that nobody knows leave nothing behind`() throws {
        let many = Array(repeating: json(key(1)), count: 401).joined(separator: ",")
        #expect(throws: WireError.self) { try change(#"{"action":"retry","results":[\#(many)]}"#) }
        let strange = FailureKey(kind: "nobody", stream: sampleStream, epoch: 7, seq: 9)
        #expect(try change(#"{"action":"discard","results":[\#(json(strange))]}"#)["missing"]?.arrayValue?.count == 1)
        let kinds = try Connection(path: service.scratch.path("status.sqlite"), mode: .readOnly)
            .scalar("SELECT count(*) FROM kind WHERE name='nobody'")
        #expect(kinds == 0)
    }

    @Test func `a failure's name is read as it is written`() {
        let key = key(7)
        #expect(FailureKey(key.description) == key)
        for text in ["", "index", "index/x/1/7", "/\(stream)/1/7", "index/\(stream)/0/7", "index/\(stream)/1/7/"] {
            #expect(FailureKey(text) == nil, "\(text)")
        }
    }

    private func json(_ key: FailureKey) -> String {
        var writer = JSONWriter()
        key.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
