import TestSupport
import Testing

@testable import Status

/// What a flood costs those who do not take part in it.
@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    @Test func `a flood of requests from one address leaves the others served`() throws {
        let service = try GuardedStatus {
            $0.configuration.limits.requestsPerSecond = 2
            $0.unlimited = []
        }
        let token = GuardedStatus.bearer(service.reader)
        var replies: [WebReply] = []
        for _ in 0..<200 where replies.last?.status != 429 {
            replies.append(try service.get("/api/v1/articles", token, from: "127.0.0.2"))
        }
        #expect(replies.last?.status == 429 && replies.count > 10)
        #expect(replies.last?.headers["retry-after"].flatMap { Int($0) } ?? 0 >= 1)
        #expect(try service.get("/api/v1/articles", token, from: "127.0.0.3").status == 200)
        // What is meant for monitors is limited like everything else.
        #expect(try service.get("/healthz", from: "127.0.0.2").status == 429)
    }

    @Test func `connections that are held from one address leave the others served`() throws {
        let service = try GuardedStatus {
            $0.configuration.limits.connectionsPerAddress = 8
            $0.unlimited = []
        }
        let held = try (0..<8).map { _ in try HeldConnection(port: service.running.port, from: "127.0.0.2") }
        // All eight are known before the next one comes.
        for connection in held { try connection.ask("/healthz") }
        #expect(throws: WebReply.Failure.self) { try service.get("/healthz", from: "127.0.0.2") }
        #expect(try service.get("/healthz", from: "127.0.0.3").status == 200)
        withExtendedLifetime(held) {}
    }

    @Test func `tokens that are guessed are answered slower and slower, and the right one at once`() throws {
        let service = try GuardedStatus()
        func guess(_ number: Int) throws -> WebReply {
            try service.get(
                "/api/v1/status", GuardedStatus.elsewhere + GuardedStatus.bearer("dropwire_\(number)"))
        }
        let codes = try (0..<12).map { try guess($0).status }
        #expect(codes.prefix(10).allSatisfy { $0 == 401 } && codes.last == 429)
        #expect(try guess(99).headers["retry-after"] != nil)
        #expect(
            try service.get(
                "/api/v1/status", GuardedStatus.elsewhere + GuardedStatus.bearer(service.reader)
            ).status == 200)
    }

    @Test func `a body that is too long is refused unread`() throws {
        let service = try GuardedStatus()
        let head = "POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n"
        #expect(try WebReply.ask(port: service.running.port, head).status == 413)
    }
}
