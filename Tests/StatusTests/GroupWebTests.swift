import Articles
import Messaging
import TestSupport
import Testing

@testable import Status

/// Consumers and groups on the page, in the API and in the metrics.
@Suite(.timeLimit(.minutes(10))) struct GroupWebTests {
    private let service: RunningStatus
    private let log: CommandClient

    /// A log of two articles that a group has given up.
    init() throws {
        service = try RunningStatus()
        try service.publish([article("First & last", path: "a.txt"), article("Second", path: "b.txt")])
        log = CommandClient(context: service.context, endpoints: ["ipc://" + service.scratch.path("watch-log.sock")])
        try ask("GROUP", #"{"group":"geo","action":"create","create":{"from":"first","max_attempts":1}}"#)
        try ask("CLAIM", #"{"group":"geo","owner":"o"}"#)
        try ask("NACK", #"{"group":"geo","owner":"o","seqs":[1,2],"reason":"no <place>"}"#)
        try ask("COMMIT", #"{"consumer":"mine \"1\"","after":1}"#)
        let isTold = eventually { [service] in
            service.watcher.standing?.groups.first?.dead == 2 && service.watcher.standing?.consumers.isEmpty == false
        }
        #expect(isTold)
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.endpoints = ["log": service.watcher.addresses.log]
        heartbeat.logs = [try #require(service.watcher.standing)]
        heartbeat.logs?[0].limitBytes = 1 << 30
        service.board.note(heartbeat)
    }

    private func ask(_ command: String, _ json: String) throws {
        _ = try log.request(command, json: Array(json.utf8))
    }

    private func post(_ path: String, _ body: String, _ headers: String = "") throws -> WebReply {
        try WebReply.ask(
            port: service.port,
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)Content-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)")
    }

    private func dead() throws -> [Int64] {
        try (service.get("/api/v1/groups/geo?stream=watch").json()["dead"]?.arrayValue ?? []).compactMap {
            $0["seq"]?.integerValue
        }
    }

    @Test func `consumers and groups are shown with what waits`() throws {
        let consumers = try service.get("/api/v1/consumers").json()["streams"]?.arrayValue?.first
        #expect(consumers?["head"] == .integer(2) && consumers?["limit_bytes"] == .integer(1 << 30))
        #expect(consumers?["consumers"]?.arrayValue?.first?["lag"] == .integer(1))
        let groups = try service.get("/api/v1/groups").json()["streams"]?.arrayValue?.first?["groups"]?.arrayValue
        #expect(groups?.first?["group"] == .string("geo") && groups?.first?["dead_count"] == .integer(2))
        let page = try service.get("/").text
        #expect(page.contains(">Consumers</h2>") && page.contains("href=\"/groups/geo?stream="))
        let group = try service.get("/groups/geo?stream=watch").text
        #expect(group.contains("First &amp; last") && group.contains("no &lt;place&gt;") && group.contains("Retry all"))
        let letters = try service.get("/api/v1/groups/geo?stream=watch").json()["dead"]?.arrayValue
        #expect(letters?.map { $0["title"]?.stringValue } == ["First & last", "Second"])
        #expect(
            try service.get("/groups/none?stream=watch").status == 404
                && service.get("/api/v1/groups/none?stream=watch").status == 404)
        #expect(try service.get("/groups/geo?stream=other").status == 404)
    }

    @Test func `dead letters are retried and discarded by a form and by the API`() throws {
        let stream = service.log.stream.description
        let form = "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://localhost\r\n"
        let field = try #require(
            service.get("/groups/geo?stream=watch").text.firstMatch(of: /name="form_token" value="(\w+)"/))
        let body = "action=retry-dead&seq=1&stream=\(stream)"
        #expect(try post("/groups/geo?stream=watch", body, form).status == 403)
        let retried = try post("/groups/geo?stream=watch", "\(body)&form_token=\(field.output.1)", form)
        #expect(retried.status == 303 && retried.headers["location"] == "/groups/geo?stream=\(stream)")
        #expect(try dead() == [2])
        let json = "Content-Type: application/json\r\n"
        let discarded = try post("/api/v1/groups/geo?stream=watch", #"{"action":"discard-dead","seqs":[2,3]}"#, json)
        #expect(discarded.status == 200)
        #expect(try discarded.json()["discarded"] == .integer(1))
        #expect(try discarded.json()["missing"] == .array([.integer(3)]))
        let paused = try post("/api/v1/groups/geo?stream=watch", #"{"action":"pause"}"#, json)
        #expect(try paused.json()["paused"] == .boolean(true))
        #expect(try post("/api/v1/groups/geo?stream=watch", #"{"action":"delete"}"#, json).status == 400)
        #expect(try post("/api/v1/groups/none?stream=watch", #"{"action":"pause"}"#, json).status == 404)
        #expect(try post("/api/v1/groups/geo?stream=watch", "action=pause").status == 415)
        #expect(
            try service.get("/api/v1/groups/geo?stream=watch", method: "DELETE").headers["allow"]
                == "GET, HEAD, POST, OPTIONS")
    }

    @Test(arguments: [
        "Origin: http://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\nOrigin: http://localhost\r\n",
    ])
    func `a page of another site changes nothing`(headers: String) throws {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n" + headers
        #expect(try post("/groups/geo?stream=watch", "action=discard-dead", form).status == 403)
        #expect(try dead() == [1, 2])
    }

    @Test func `the metrics are what Prometheus reads`() throws {
        let metrics = try service.get("/metrics")
        #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let labels = "stream=\"watch\",process=\"watch\",host=\"\(Heartbeat(name: "", kind: "").host)\""
        for line in [
            "dropwire_log_head{\(labels)} 2", "dropwire_log_limit_bytes{\(labels)} 1073741824",
            "dropwire_consumer_lag_records{\(labels),consumer=\"mine \\\"1\\\"\"} 1",
            "dropwire_group_dead_records{\(labels),group=\"geo\"} 2", "# TYPE dropwire_group_open_records gauge",
        ] { #expect(metrics.text.split(separator: "\n").contains { $0 == line }, "\(line)\n\(metrics.text)") }
    }
}
