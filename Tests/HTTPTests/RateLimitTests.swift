import Synchronization
import Testing

@testable import HTTP

@Suite struct RateLimitTests {
    private let start = ContinuousClock.now

    @Test func `a client has its burst, then its rate`() {
        var limit = RateLimit(.init(burst: 3, perSecond: 2))
        for _ in 0..<3 { #expect(limit.take("a", at: start) == nil) }
        #expect(limit.take("a", at: start) == .milliseconds(500))
        #expect(limit.take("a", at: start + .milliseconds(250)) == .milliseconds(250))
        #expect(limit.take("a", at: start + .milliseconds(500)) == nil)
        #expect(limit.take("a", at: start + .milliseconds(501)) != nil)
        #expect(limit.take("b", at: start) == nil)
        // A pause fills the bucket, and no more than that.
        for _ in 0..<3 { #expect(limit.take("a", at: start + .seconds(1000)) == nil) }
        #expect(limit.take("a", at: start + .seconds(1000)) != nil)
    }

    @Test func `a clock that stands or goes back gives nothing away`() {
        var limit = RateLimit(.init(burst: 1, perSecond: 1))
        #expect(limit.take("a", at: start + .seconds(5)) == nil)
        #expect(limit.take("a", at: start) != nil)
    }

    @Test func `it is bounded, and remembers whom it limits`() {
        var limit = RateLimit(.init(burst: 10, perSecond: 0.001), clientLimit: 100)
        for _ in 0..<10 { #expect(limit.take("greedy", at: start) == nil) }
        for number in 0..<10_000 {
            _ = limit.take("\(number)", at: start)
            #expect(limit.clients <= 100)
        }
        #expect(limit.take("greedy", at: start) != nil)
    }

    @Test func `a client over its rate is told when to come back, and others are served`() throws {
        let handled = Atomic<Int>(0)
        var configuration = Server.Configuration()
        configuration.rateLimit = .init(burst: 5, perSecond: 0.001)
        configuration.rateLimit?.exemptsLocal = false
        let server = try Server(configuration: configuration) { _ in
            handled.wrappingAdd(1, ordering: .sequentiallyConsistent)
            return .text("ok")
        }
        let client = try RawClient(port: server.port)
        for _ in 0..<5 { #expect(try client.request("GET /").status == 200) }
        // Another connection is no other client.
        let limited = try RawClient(port: server.port).request("GET /")
        #expect(limited.status == 429)
        #expect((900...1000).contains(limited.headers["retry-after"].flatMap { Int($0) } ?? 0))
        #expect(try RawClient(port: server.port, from: "127.0.0.2").request("GET /").status == 200)
        #expect(try client.request("GET /").status == 429)
        #expect(handled.load(ordering: .sequentiallyConsistent) == 6)
    }

    @Test func `clients on this machine are not limited unless that is wanted`() throws {
        var configuration = Server.Configuration()
        configuration.rateLimit = .init(burst: 1, perSecond: 0.01)
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        let client = try RawClient(port: server.port)
        for _ in 0..<5 { #expect(try client.request("GET /").status == 200) }
    }

    @Test
    func `neither connections nor requests are limited from where that is not wanted, and what is refused is counted`()
        throws
    {
        var configuration = Server.Configuration()
        configuration.rateLimit = .init(burst: 2, perSecond: 0.01)
        configuration.rateLimit?.exemptsLocal = false
        configuration.connectionLimitPerAddress = 2
        configuration.unlimited = [try #require(AddressRange("127.0.0.2"))]
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        let proxy = try (0..<4).map { _ in try RawClient(port: server.port, from: "127.0.0.2") }
        for client in proxy { for _ in 0..<3 { #expect(try client.request("GET /").status == 200) } }
        #expect(server.statistics.refusedConnections.value == 0 && server.statistics.limitedRequests.value == 0)
        let others = try (0..<2).map { _ in try RawClient(port: server.port) }
        for client in others { #expect(try client.request("GET /").status == 200) }
        let third = try RawClient(port: server.port)
        #expect((try? third.request("GET /")) == nil)
        #expect(try others[0].request("GET /").status == 429)
        #expect(server.statistics.refusedConnections.value == 1 && server.statistics.limitedRequests.value == 1)
        // The one that was limited is closed, and the other ones are there.
        #expect(server.connectionCount >= 5)
    }
}
