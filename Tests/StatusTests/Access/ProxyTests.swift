import HTTP
import TestSupport
import Testing

@testable import Status

/// What a proxy passes on is not from this machine, and who it names is believed only where it is known.
@Suite(.timeLimit(.minutes(10))) struct ProxyTests {
    @Test(arguments: [
        "X-Forwarded-For: 127.0.0.1\r\n", "Forwarded: for=127.0.0.1\r\n", "X-Real-IP: ::1\r\n", "Via: 1.1 a\r\n",
        "X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: localhost\r\n",
    ])
    func `a request that was passed on needs a token, whoever it says it is from`(headers: String) throws {
        let service = try GuardedStatus { $0.socket = $0.databasePath + ".http" }
        #expect(try service.get("/api/v1/status", headers).status == 401)
        #expect(try service.get("/api/v1/status", headers + GuardedStatus.bearer(service.reader)).status == 200)
        let socket = service.running.scratch.path("status.sqlite.http")
        let request = GuardedStatus.request("GET", "/api/v1/status", headers)
        #expect(try WebReply.ask(socket: socket, request).status == 401)
    }

    @Test func `what comes from a proxy needs a token even where it hides that it is one`() throws {
        let service = try GuardedStatus { $0.configuration.proxies = [.addresses(.loopback[0]), .socket] }
        #expect(try service.get("/api/v1/status").status == 401)
        #expect(try service.get("/api/v1/status", GuardedStatus.bearer(service.reader)).status == 200)
    }

    @Test func `the clients of a proxy are limited each, and the proxy is not`() throws {
        let service = try GuardedStatus {
            $0.configuration.proxies = [.addresses(.loopback[0])]
            $0.configuration.limits.requestsPerSecond = 1
        }
        func ask(_ client: String) throws -> WebReply {
            try service.get(
                "/api/v1/articles", "X-Forwarded-For: \(client)\r\n" + GuardedStatus.bearer(service.reader))
        }
        var limited: WebReply?
        for _ in 0..<200 where limited == nil {
            let reply = try ask("203.0.113.5, 198.51.100.1")
            #expect([200, 429].contains(reply.status))
            if reply.status == 429 { limited = reply }
        }
        #expect(limited?.headers["retry-after"].flatMap { Int($0) } ?? 0 >= 1)
        #expect(try ask("198.51.100.2").status == 200)
        // What the client itself has put in front does not make another one of it.
        #expect(try ask("203.0.113.6, 198.51.100.1").status == 429)
    }

    @Test func `whoever is no known proxy is not believed`() throws {
        let service = try GuardedStatus {
            $0.configuration.limits.requestsPerSecond = 1
            $0.unlimited = []
        }
        var codes: [Int] = []
        for number in 0..<200 where codes.last != 429 {
            codes.append(
                try service.get(
                    "/api/v1/articles",
                    "X-Forwarded-For: 198.51.100.\(number)\r\n" + GuardedStatus.bearer(service.reader)
                ).status)
        }
        #expect(codes.last == 429)
    }
}
