import Articles
import Lifecycle
import Messaging
import TestSupport
import Testing
import ZeroMQ

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct ReportTests {
    @Test func `a report is stored, answered and published once, however often it is sent`() throws {
        let service = try RunningStatus()
        let rows = (1...500).map { result(UInt64($0)) }
        let first = try service.report(rows)
        #expect(first["stored"]?.integerValue == 500)
        let again = try service.report(rows)
        #expect(again["stored"]?.integerValue == 0)
        #expect(again["duplicate"]?.integerValue == 500)
        #expect(again["rejected"]?.arrayValue?.isEmpty == true)

        let log = CommandClient(context: service.context, endpoints: [service.resultsEndpoint])
        let reply = try log.request("FETCH", json: LogRequests.fetch(after: nil, maximum: 1000))
        let records = try FetchReply(reply).records
        #expect(records.map(\.position.seq) == Array(1...500))
        #expect(records.first?.bytes == rows[0].encodeRecord())
        let summary = try JSONValue(json: service.client().request("SUMMARY").json)
        #expect(summary["results"]?["deduplicate"]?["ok"]?.integerValue == 500)
        #expect(summary["results"]?["deduplicate"]?["verdicts"]?["unique"]?.integerValue == 500)
    }

    @Test func `malformed rows are rejected by index and the others are stored`() throws {
        let service = try RunningStatus()
        let good = result(1).encodeRecord()
        let reply = try service.client().request(
            "REPORT", json: RunningStatus.reportJSON(count: 4),
            payload: [Array("nonsense".utf8), good, [], result(2, kind: "index").encodeRecord()])
        let json = try JSONValue(json: reply.json)
        #expect(json["stored"]?.integerValue == 1)
        #expect(json["rejected"]?.arrayValue?.compactMap { $0["i"]?.integerValue } == [0, 2, 3])
        #expect(json["rejected"]?.arrayValue?.first?["code"]?.integerValue == 400)
        #expect(json["rejected"]?.arrayValue?.first?["msg"]?.stringValue?.isEmpty == false)
    }

    @Test func `reports beyond the limits are refused whole`() throws {
        let service = try RunningStatus()
        func code(_ json: String, _ rows: [[UInt8]]) throws -> Int? {
            let error = #expect(throws: WireError.self) {
                try service.client().request("REPORT", json: Array(json.utf8), payload: rows)
            }
            return error?.code
        }
        let row = result(1).encodeRecord()
        #expect(try code(#"{"producer":"p","kind":"k","count":501}"#, Array(repeating: row, count: 501)) == 413)
        #expect(try code(#"{"producer":"p","kind":"k","count":600}"#, Array(repeating: row, count: 600)) == 413)
        let large = [UInt8](repeating: 0x20, count: 400_000)
        #expect(try code(#"{"producer":"p","kind":"k","count":3}"#, [large, large, large]) == 413)
        #expect(try code(#"{"producer":"p","kind":"k","count":2}"#, [row]) == 400)
        #expect(try code(#"{"producer":"p","kind":"Not a word","count":1}"#, [row]) == 400)
        #expect(try code(#"{"kind":"k","count":1}"#, [row]) == 400)
        #expect(try code("nonsense", [row]) == 400)
        #expect(try service.report([result(1)])["stored"]?.integerValue == 1)
    }

    @Test func `kinds are bounded`() throws {
        let scratch = try ScratchDirectory()
        let store = try ResultStore(path: scratch.path("status.sqlite"))
        for index in 0..<ResultStore.maximumKinds { try store.take(result(1, kind: "k\(index)")) }
        #expect(try store.takes(kind: "k0"))
        #expect(try !store.takes(kind: "one-more"))
    }

    @Test func `heartbeats are told again with their age`() throws {
        let service = try RunningStatus()
        var heartbeat = Heartbeat(name: "index", kind: "index")
        heartbeat.endpoints = ["search": ["ipc:///run/search.sock"]]
        heartbeat.numbers = ["done": 7]
        heartbeat.trouble = "something"
        let client = service.client()
        _ = try client.request("HEARTBEAT", json: heartbeat.json)
        let processes = try JSONValue(json: client.request("PROCESSES").json)["processes"]?.arrayValue ?? []
        // The service tells of itself too.
        #expect(Set(processes.compactMap { $0["name"]?.stringValue }) == ["index", "status"])
        let index = try #require(processes.first { $0["name"]?.stringValue == "index" })
        #expect(index["numbers"]?["done"]?.integerValue == 7)
        #expect(try #require(index["age_ms"]?.integerValue) < 10_000)
        #expect(index["state"]?.stringValue == "alive")
        let streams = try JSONValue(json: client.request("STREAMS").json)["streams"]?.arrayValue ?? []
        let own = try #require(streams.first { $0["kind"]?.stringValue == "index" })
        #expect(own["endpoints"]?["search"]?.arrayValue == [.string("ipc:///run/search.sock")])
        #expect(throws: WireError.self) { try client.request("HEARTBEAT", json: Array("{}".utf8)) }
    }

    @Test func `the log is followed and a journey told`() throws {
        let service = try RunningStatus()
        let one = article("One")
        try service.publish([one], files: [file("a.txt", seq: 1)])
        let reply = try service.client().request("WHY", json: Array("{\"what\":\"\(one.id)\"}".utf8))
        let journey = try JSONValue(json: reply.json)
        #expect(journey["files"]?.arrayValue?.count == 1)
        #expect(journey["articles"]?.arrayValue?.first?["title"]?.stringValue == "One")
        let summary = try JSONValue(json: service.client().request("SUMMARY").json)
        #expect(summary["articles"]?.integerValue == 1)
        #expect(summary["files"]?["published"]?.integerValue == 1)
        #expect(summary["cursors"]?.arrayValue?.first?["stream"]?.stringValue == service.log.stream.description)
    }

    @Test func `a restart goes on where the last commit was`() throws {
        let scratch = try ScratchDirectory()
        do {
            let service = try RunningStatus(scratch: scratch)
            try service.publish([article("One")])
            _ = try service.report([result(1)])
            service.stop()
        }
        let service = try RunningStatus(scratch: scratch)
        try service.publish([article("Two", path: "b.txt")])
        #expect(try service.report([result(1), result(2)])["duplicate"]?.integerValue == 1)
        let summary = try JSONValue(json: service.client().request("SUMMARY").json)
        #expect(summary["articles"]?.integerValue == 2)
    }

    @Test func `QUARANTINE goes to the watcher and comes back`() throws {
        let service = try RunningStatus()
        let client = service.client()
        let refusal = #expect(throws: WireError.self) { try client.request("QUARANTINE") }
        #expect(refusal?.code == 503)

        let address = "ipc://" + service.scratch.path("admin.sock")
        let admin = try CommandServer(
            name: "admin", context: service.context, endpoints: [Endpoint(binding: address)],
            makeHandlers: {
                [
                    "QUARANTINE": { request in
                        guard request.json.starts(with: Array("{\"action\":\"list\"".utf8)) else {
                            throw WireError.badRequest("not so")
                        }
                        return Reply { $0.field("files", ["x"]) }
                    }
                ]
            })
        let running = try Running(admin)
        defer { running.stop() }
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.endpoints = ["admin": [address]]
        _ = try client.request("HEARTBEAT", json: heartbeat.json)
        let listed = try client.request("QUARANTINE", json: Array(#"{"action":"list"}"#.utf8))
        #expect(try JSONValue(json: listed.json)["files"] == .array([.string("x")]))
        let error = #expect(throws: WireError.self) {
            try client.request("QUARANTINE", json: Array(#"{"action":"eat"}"#.utf8))
        }
        #expect(error?.message == "not so")
    }

    @Test func `what is no command here is told so`() throws {
        let service = try RunningStatus()
        let error = #expect(throws: WireError.self) { try service.client().request("FETCH") }
        #expect(error?.name == "UNKNOWN_COMMAND")
        _ = try service.client().request("PING")
    }
}
