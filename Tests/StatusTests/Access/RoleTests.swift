import FoundationEssentials
import TestSupport
import Testing

@testable import Status

/// Who may do what, on every route of the running service.
@Suite(.timeLimit(.minutes(10))) struct RoleTests {
    /// A path of a route.
    private func path(_ route: Route) -> String {
        route.pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
    }

    @Test func `each role does what it may on each route, and no more`() throws {
        let service = try GuardedStatus()
        var count = 0
        for route in Site.routes {
            for (method, action) in route.actions {
                for (role, token) in [
                    (AccessRole.open, nil), (.read, service.reader), (.operate, service.operatorToken),
                ] as [(AccessRole, String?)] {
                    let reply = try service.ask(
                        method, path(route), GuardedStatus.elsewhere + (token.map(GuardedStatus.bearer) ?? ""))
                    #expect(
                        reply.isRefused == (role < action.role), "\(method) \(route.pattern) \(role): \(reply.status)")
                    if reply.isRefused { #expect(reply.status == (token == nil ? 401 : 403)) }
                    count += 1
                }
            }
        }
        #expect(count > 60)
    }

    @Test func `who has no token, or none that is known, is told so`() throws {
        let service = try GuardedStatus()
        let nobody = try service.get("/api/v1/status", GuardedStatus.elsewhere)
        #expect(nobody.status == 401 && nobody.headers["www-authenticate"] == "Bearer realm=\"Dropwire\"")
        #expect(nobody.headers["content-type"] == "application/problem+json")
        let wrong = try service.get("/api/v1/status", GuardedStatus.elsewhere + GuardedStatus.bearer("dropwire_x"))
        #expect(wrong.status == 401)
        #expect(wrong.headers["www-authenticate"] == "Bearer realm=\"Dropwire\", error=\"invalid_token\"")
        let reader = GuardedStatus.elsewhere + GuardedStatus.bearer(service.reader)
        let small = try service.ask(
            "POST", "/api/v1/groups/x", reader + "Content-Type: application/json\r\n", body: "{}")
        #expect(small.status == 403 && small.headers["www-authenticate"]?.contains("insufficient_scope") == true)
        #expect(try service.get("/api/v1/status", reader).status == 200)
        // A token that is shown counts, also on this machine.
        #expect(try service.get("/api/v1/status", GuardedStatus.bearer("dropwire_x")).status == 401)
        #expect(
            try service.ask("POST", "/api/v1/groups/x", GuardedStatus.bearer(service.reader), body: "{}").status == 403)
    }

    @Test func `a program that knows a password only may read by it, and never more`() throws {
        let service = try GuardedStatus()
        let basic = "Authorization: Basic \(Data("any:\(service.operatorToken)".utf8).base64EncodedString())\r\n"
        #expect(try service.get("/api/v1/articles", GuardedStatus.elsewhere + basic).status == 200)
        #expect(try service.ask("POST", "/api/v1/groups/x", GuardedStatus.elsewhere + basic, body: "{}").status == 403)
    }

    @Test func `this machine needs no token unless that is wanted`() throws {
        let open = try GuardedStatus()
        #expect(try open.get("/api/v1/status").status == 200)
        for host in ["127.0.0.1", "[::1]", "LOCALHOST:8470"] {
            #expect(try open.get("/api/v1/status", host: host).status == 200)
        }
        // By this name a proxy is called.
        #expect(try open.get("/api/v1/status", host: "news.example").status == 401)
        let closed = try GuardedStatus { $0.configuration.loopback = .token }
        #expect(try closed.get("/api/v1/status").status == 401)
        #expect(try closed.get("/api/v1/status", GuardedStatus.bearer(closed.reader)).status == 200)
        #expect(try closed.get("/healthz").status == 200)
    }

    @Test func `without tokens nobody comes in from elsewhere`() throws {
        let service = try RunningStatus()
        #expect(try service.get("/api/v1/status").status == 200)
        let reply = try service.get("/api/v1/status", headers: GuardedStatus.elsewhere + GuardedStatus.bearer("x"))
        #expect(reply.status == 401 && reply.text.contains("dropwire token"))
        #expect(try service.get("/", headers: GuardedStatus.elsewhere + "Accept: text/html\r\n").status == 401)
        #expect(try service.get("/signin").status == 404)
        #expect(try service.get("/healthz", headers: GuardedStatus.elsewhere).status == 200)
    }

    @Test func `a token that is added is known at once, and one that is removed is not`() throws {
        let service = try GuardedStatus()
        let token = try service.tokens.add("late", role: .read)
        let headers = GuardedStatus.elsewhere + GuardedStatus.bearer(token)
        try waitUntil("the new token is known") { try service.get("/api/v1/articles", headers).status == 200 }
        try service.tokens.remove("late")
        try waitUntil("the token is gone") { try service.get("/api/v1/articles", headers).status == 401 }
    }

    @Test func `who follows the events by a token that is removed is let go`() throws {
        let service = try GuardedStatus()
        let stream = try HeldConnection(port: service.running.port, from: "127.0.0.1")
        let headers = GuardedStatus.elsewhere + GuardedStatus.bearer(service.reader) + "Connection: close\r\n"
        try stream.ask("/api/v1/events", headers)
        try service.tokens.remove("reader")
        try stream.readToEnd()
        #expect(try service.get("/healthz").status == 200)
    }

    @Test func `a list with a mistake changes nothing and is a trouble until it is mended`() throws {
        let service = try GuardedStatus()
        let good = try #require(service.running.scratch.read("tokens"))
        func troubles() throws -> String { try service.get("/api/v1/status").text }
        try service.running.scratch.write("nonsense\n", to: "tokens")
        let headers = GuardedStatus.elsewhere + GuardedStatus.bearer(service.reader)
        try waitUntil("the mistake is told") {
            #expect(try service.get("/api/v1/articles", headers).status == 200)
            return try troubles().contains("tokens was not read again")
        }
        try service.running.scratch.write(good, to: "tokens")
        try waitUntil("it is mended") {
            #expect(try service.get("/api/v1/articles", headers).status == 200)
            return try !troubles().contains("tokens was not read again")
        }
    }

    @Test func `health is told to everybody, and its reasons to those who may read`() throws {
        let service = try GuardedStatus()
        #expect(try service.get("/healthz", GuardedStatus.elsewhere).text == #"{"status":"ok"}"#)
        #expect(try service.get("/readyz", GuardedStatus.elsewhere).text == #"{"status":"ready"}"#)
        service.running.board.setTrouble("store", "The disk of '/srv/secret' is full")
        for (headers, isTold) in [
            ("", true), (GuardedStatus.elsewhere, false),
            (GuardedStatus.elsewhere + GuardedStatus.bearer(service.reader), true),
        ] {
            let reply = try service.get("/healthz", headers)
            #expect(reply.status == 503 && (reply.text.contains("secret")) == isTold, "\(reply.text)")
            #expect(try service.get("/readyz", headers).status == 200)
        }
    }
}
