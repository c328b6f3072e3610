import Articles
import Foundation
import Messaging
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import Status

/// Changes over HTTP that go to a watcher or to the index, which here only say what they were told.
@Suite(.timeLimit(.minutes(10))) struct ActionTests {
    private let service: RunningStatus
    private let told: Told

    private final class Told: Sendable {
        let requests = Mutex<[JSONValue]>([])
        let saved = Mutex<[String: String]>([:])
        func note(_ request: Messaging.Request) throws -> JSONValue {
            let json = try JSONValue(json: request.json)
            requests.withLock { $0.append(json) }
            return json
        }
    }

    init() throws {
        let scratch = try ScratchDirectory()
        let (search, admin) = ("ipc://" + scratch.path("search.sock"), "ipc://" + scratch.path("admin.sock"))
        service = try RunningStatus(search: [search], scratch: scratch)
        let told = Told()
        self.told = told
        let watcher = try CommandServer(
            name: "admin", context: service.context, endpoints: [Endpoint(binding: admin)],
            makeHandlers: {
                [
                    "QUARANTINE": { request in
                        let json = try told.note(request)
                        let names = json["names"]?.arrayValue ?? [.string("one"), .string("two")]
                        let key = json["action"]?.stringValue == "retry" ? "retried" : "discarded"
                        return Reply { writer in
                            writer.key(text: key)
                            JSONValue.array(names.filter { $0 != .string("gone") }).write(to: &writer)
                            writer.array("missing", names.filter { $0 == .string("gone") }.compactMap(\.stringValue))
                            // A second portion, where all are meant.
                            if json["all"] != nil, json["after"] == nil { writer.field("next", "two") }
                        }
                    }
                ]
            })
        let index = try CommandServer(
            name: "search", context: service.context, endpoints: [Endpoint(binding: search)],
            makeHandlers: { ["SAVED": { try ActionTests.saved($0, told) }, "SEARCH": SearchStub.answer] })
        try service.run(watcher)
        try service.run(index)
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.endpoints = ["admin": [admin]]
        heartbeat.streams = [.init(stream: service.log.stream, epoch: 1, seq: 0, head: 0)]
        service.board.note(heartbeat)
    }

    private static func saved(_ request: Messaging.Request, _ told: Told) throws -> Reply {
        let json = try told.note(request)
        let name = json["name"]?.stringValue ?? ""
        return try told.saved.withLock { saved in
            switch json["action"]?.stringValue {
            case "add":
                guard json["q"]?.stringValue != "(" else {
                    throw WireError.badRequest("a word is missing", fields: ["offset": 1])
                }
                let isReplaced = saved.updateValue(json["q"]?.stringValue ?? "", forKey: name) != nil
                return Reply { $0.field("replaced", isReplaced) }
            case "remove":
                guard saved.removeValue(forKey: name) != nil else {
                    throw WireError(.notFound, "NOT_FOUND", "there is no saved search '\(name)'")
                }
                return Reply()
            default:
                let after = json["after"]?.stringValue ?? ""
                let found = saved.keys.sorted().filter { $0 > after }
                return Reply { writer in
                    writer.key("searches")
                    JSONValue.array(
                        found.map {
                            ["name": .string($0), "q": .string(saved[$0] ?? ""), "created": "2026-01-01T00:00:00Z"]
                        }
                    ).write(to: &writer)
                }
            }
        }
    }

    private func send(
        _ method: String = "POST", _ path: String, _ body: String = "", type: String = "application/json"
    ) throws -> WebReply {
        try WebReply.ask(
            port: service.port,
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    }

    @Test func `files in quarantine are retried by the watcher that has them, by name and all`() throws {
        let stream = service.log.stream.description
        let named = try send(
            "POST", "/api/v1/quarantine",
            #"{"action":"retry","files":[{"stream":"\#(stream)","directory":"/srv/drop","path":"a.txt"},{"path":"gone"}]}"#
        )
        #expect(named.status == 200)
        let outcome = try named.json()
        #expect(outcome["done"] == ["a.txt"] && outcome["missing"] == ["gone"] && outcome["count"] == 1)
        #expect(told.requests.withLock { $0.first }?["directory"]?.stringValue == "/srv/drop")
        let all = try send("POST", "/api/v1/quarantine", #"{"action":"discard","all":true,"code":"no_headline"}"#)
        #expect(try all.json()["count"]?.integerValue == 4 && all.json()["more"] == .boolean(false))
        let last = try #require(told.requests.withLock { $0.last })
        #expect(last["after"]?.stringValue == "two" && last["code"]?.stringValue == "no_headline")
    }

    @Test func `a form goes back to its page`() throws {
        let type = "application/x-www-form-urlencoded"
        try service.publish([], files: [file("a b.txt", .quarantined, code: .noHeadline)])
        let own = try #require(service.get("/quarantine").formToken(of: "/api/v1/quarantine"))
        let named = "action=retry&path=a%20b.txt&directory=%2Fsrv%2Fdrop"
        #expect(try send("POST", "/api/v1/quarantine", named, type: type).status == 403)
        #expect(told.requests.withLock { $0.isEmpty })
        let reply = try send("POST", "/api/v1/quarantine", "\(named)&\(Site.formTokenField)=\(own)", type: type)
        #expect(reply.status == 303 && reply.headers["location"] == "/quarantine")
        #expect(told.requests.withLock { $0.last }?["names"] == ["a b.txt"])
        let other = try #require(service.get("/search?q=rates+rise").formToken(of: "/api/v1/searches"))
        let saved = try send(
            "POST", "/api/v1/searches", "name=rates&q=rates+rise&\(Site.formTokenField)=\(other)", type: type)
        #expect(saved.status == 303 && saved.headers["location"] == "/searches")
        #expect(told.saved.withLock { $0 } == ["rates": "rates rise"])
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"action":"retry"}"#, #"{"action":"eat","all":true}"#, #"{"action":"retry","files":[]}"#,
        #"{"action":"retry","files":[{"path":""}]}"#, #"{"action":"retry","files":[{"path":1}]}"#,
        #"{"action":"retry","all":false}"#, #"{"action":"retry","all":true,"files":[{"path":"a"}]}"#,
        #"{"action":"retry","files":[{"path":"a","stream":"x"}]}"#,
        #"{"action":"retry","files":[\#(Array(repeating: #"{"path":"a"}"#, count: 501).joined(separator: ","))]}"#,
        String(repeating: "[", count: 2000), #"{"action":"discard","all":true,"source":null}"#,
        #"{"action":"discard","files":[{"path":"a","directory":null}]}"#,
    ])
    func `what asks for nothing that can be done changes nothing`(body: String) throws {
        let reply = try send("POST", "/api/v1/quarantine", body)
        #expect(reply.status == 400, "\(reply.text)")
        #expect(told.requests.withLock { $0.isEmpty })
    }

    @Test func `what is null is told with its place`() throws {
        let reply = try send("POST", "/api/v1/quarantine", #"{"action":"retry","files":[{"path":"a","stream":null}]}"#)
        #expect(reply.status == 400 && reply.text.contains("'files[0].stream' is null"))
    }

    @Test func `what no body has is passed over, whatever it is`() throws {
        let body = #"{"action":"retry","files":[{"path":"a b.txt","x":null}],"note":[null,{"path":null}]}"#
        #expect(try send("POST", "/api/v1/quarantine", body).status == 200)
    }

    @Test func `other types, other sites and files of nobody are refused`() throws {
        #expect(try send("POST", "/api/v1/quarantine", "{}", type: "text/plain").status == 415)
        let nobody = try send(
            "POST", "/api/v1/quarantine", #"{"action":"retry","files":[{"path":"a","watcher":"other"}]}"#)
        #expect(nobody.status == 404)
        let body = #"{"action":"retry","all":true}"#
        let other = try WebReply.ask(
            port: service.port,
            "POST /api/v1/quarantine HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Type: "
                + "application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        #expect(other.status == 403)
        #expect(told.requests.withLock { $0.isEmpty })
    }

    @Test func `searches are saved, read, followed and forgotten`() throws {
        #expect(try send("POST", "/api/v1/searches", #"{"name":"rates","q":"rates é"}"#).status == 201)
        #expect(try send("POST", "/api/v1/searches", #"{"name":"rates","q":"rates rise"}"#).status == 200)
        #expect(
            try send("POST", "/api/v1/searches", #"{"name":"rate","q":"x"}"#).headers["location"]
                == "/api/v1/searches/rate")
        let listed = try service.get("/api/v1/searches").json()["searches"]?.arrayValue
        #expect(listed?.compactMap { $0["name"]?.stringValue } == ["rate", "rates"])
        let one = try service.get("/api/v1/searches/rates")
        #expect(try one.json()["q"]?.stringValue == "rates rise")
        let matches = try service.get("/api/v1/searches/rates/matches?limit=7")
        #expect(try matches.json()["echo"]?.stringValue == "rates rise|7|0|arrival")
        #expect(
            try service.get("/api/v1/stories/\(String(repeating: "a", count: 32))").json()["echo"]?.stringValue
                == "story:\(String(repeating: "a", count: 32))|50|0|arrival")
        #expect(try service.get("/api/v1/stories/x").status == 404)
        let wrong = try send("POST", "/api/v1/searches", #"{"name":"rates","q":"("}"#)
        #expect(wrong.status == 400)
        #expect(try wrong.json()["offset"]?.integerValue == 1)
        for name in ["Rates", "a b", "", String(repeating: "a", count: 41)] {
            #expect(try send("POST", "/api/v1/searches", #"{"name":"\#(name)","q":"x"}"#).status == 400, "\(name)")
        }
        #expect(try send("DELETE", "/api/v1/searches/rates").status == 204)
        #expect(try send("DELETE", "/api/v1/searches/rates").status == 404)
        #expect(try service.get("/api/v1/searches/rates").status == 404)
        #expect(try send("POST", "/api/v1/searches", #"{"action":"remove","name":"rate"}"#).status == 204)
        #expect(told.saved.withLock { $0.isEmpty })
    }
}
