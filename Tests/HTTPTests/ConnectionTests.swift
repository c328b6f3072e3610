import Glibc
import Synchronization
import TestSupport
import Testing

@testable import HTTP

@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    private func address(_ text: String, isLocal: Bool = false) -> ClientAddress {
        ClientAddress(text: text, group: text, isLocal: isLocal)
    }

    // MARK: Who may connect

    @Test func `connections are counted in all and by address`() {
        var limits = ConnectionLimits(total: 3, perAddress: 2, keptForLocal: 0)
        let (first, second) = (address("192.0.2.1"), address("192.0.2.2"))
        #expect(limits.admit(first) && limits.admit(first) && !limits.admit(first))
        #expect(!limits.isFull && limits.admit(second) && limits.isFull && !limits.admit(second))
        limits.leave(first)
        #expect(limits.admit(first) && !limits.admit(first))
        for client in [first, first, second] { limits.leave(client) }
        #expect(limits.open == 0)
    }

    @Test func `a flood leaves what is kept for the machine itself`() {
        var limits = ConnectionLimits(total: 10, perAddress: 0, keptForLocal: 3)
        let flood = (0..<20).filter { limits.admit(address("192.0.2.\($0)")) }
        #expect(flood.count == 7)
        let local = (0..<5).filter { _ in limits.admit(address("127.0.0.1", isLocal: true)) }
        #expect(local.count == 3 && limits.isFull)
    }

    @Test func `a proxy is limited in all only, as it brings many`() {
        var limits = ConnectionLimits(total: 5, perAddress: 1, keptForLocal: 1)
        let proxy = ClientAddress(text: "192.0.2.9", group: "192.0.2.9", isLocal: false, isUnlimited: true)
        #expect(limits.admit(address("192.0.2.1")) && !limits.admit(address("192.0.2.1")))
        #expect((0..<5).filter { _ in limits.admit(proxy) }.count == 3)
        limits.leave(proxy)
        limits.leave(address("192.0.2.1"))
        #expect(limits.open == 2 && limits.admit(address("192.0.2.1")))
    }

    @Test func `clients are told apart by address, in IPv6 by network`() throws {
        func made(_ text: String, _ family: Int32) -> ClientAddress {
            var storage = sockaddr_storage()
            storage.ss_family = sa_family_t(family)
            let place = family == AF_INET ? 4 : 8
            withUnsafeMutableBytes(of: &storage) { _ = inet_pton(family, text, $0.baseAddress! + place) }
            let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            return ClientAddress(storage, length: socklen_t(size))
        }
        #expect(made("127.0.0.9", AF_INET) == address("127.0.0.9", isLocal: true))
        #expect(made("192.0.2.1", AF_INET) == address("192.0.2.1"))
        #expect(made("::1", AF_INET6) == address("::1", isLocal: true))
        let neighbours = [made("2001:db8::1", AF_INET6), made("2001:db8::ffff:2", AF_INET6)]
        #expect(neighbours.map(\.text) == ["2001:db8::1", "2001:db8::ffff:2"])
        #expect(neighbours[0].group == neighbours[1].group)
        #expect(made("2001:db8:0:1::1", AF_INET6).group != neighbours[0].group)
    }

    @Test func `who goes makes room for others`() throws {
        var configuration = Server.Configuration()
        configuration.connectionLimit = 8
        configuration.connectionLimitPerAddress = 4
        let server = try Server(configuration: configuration) { .text($0.clientAddress) }
        for _ in 0..<3 {
            let first = try (0..<4).map { _ in try RawClient(port: server.port) }
            for client in first { #expect(try client.request("GET /").body == "127.0.0.1") }
            // Another address has its own share.
            let other = try RawClient(port: server.port, from: "127.0.0.2")
            #expect(try other.request("GET /").body == "127.0.0.2")
            let fifth = try RawClient(port: server.port)
            #expect((try? fifth.request("GET /")) == nil)
            withExtendedLifetime(first) {}
            _ = consume first
            _ = consume other
            try waitUntil("all are gone") { server.context.table.isEmpty }
        }
    }

    // MARK: Time

    @Test func `every phase has its time in all`() {
        let limits = ConnectionClock.Limits(head: .seconds(1), body: .seconds(2), reply: .seconds(3))
        let start = ContinuousClock.now
        var clock = ConnectionClock(now: start)
        #expect(!clock.isOver(at: start + .milliseconds(999), limits) && clock.isOver(at: start + .seconds(1), limits))
        for (phase, seconds) in [(ConnectionClock.Phase.body, 2), (.reply, 3), (.head, 1)] {
            clock.enter(phase, at: start + .seconds(10))
            #expect(!clock.isOver(at: start + .seconds(10 + seconds) - .milliseconds(1), limits))
            #expect(clock.isOver(at: start + .seconds(10 + seconds), limits))
        }
        for phase in [ConnectionClock.Phase.handler, .events] {
            clock.enter(phase, at: start)
            #expect(!clock.isOver(at: start + .seconds(1_000_000), limits))
        }
    }

    @Test(arguments: [
        "", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\n",
    ])
    func `who sends a byte now and then is cut off, and others are served`(beginning: String) throws {
        var configuration = Server.Configuration()
        configuration.headTimeout = .milliseconds(400)
        configuration.bodyTimeout = .milliseconds(400)
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        let slow = try (0..<20).map { _ in try RawClient(port: server.port) }
        for client in slow { client.send(beginning) }
        let end = ContinuousClock.now + .seconds(20)
        while !server.context.table.isEmpty || !slow[0].hears(within: .zero), ContinuousClock.now < end {
            for client in slow { client.send("x") }
            #expect(try RawClient(port: server.port).request("GET /").status == 200)
            _ = slow[0].hears(within: .milliseconds(20))
        }
        for client in slow {
            try client.readToEnd()
            #expect(client.isClosedByPeer)
        }
    }

    @Test func `who comes after a long quiet has as long as others`() throws {
        var configuration = Server.Configuration()
        configuration.headTimeout = .seconds(4)
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        sleep(5)
        // Browsers connect ahead, and ask when somebody clicks.
        let client = try RawClient(port: server.port)
        #expect(!client.hears(within: .seconds(1)))
        #expect(try client.request("GET /").status == 200)
    }

    @Test func `who does not take a reply is cut off`() throws {
        var configuration = Server.Configuration()
        configuration.replyTimeout = .milliseconds(300)
        let length = 64 << 20
        let server = try Server(configuration: configuration) { _ in
            Response(body: [UInt8](repeating: 120, count: length))
        }
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.hears(within: .seconds(10)))
        try waitUntil("the connection is gone") { server.context.table.isEmpty }
        #expect(try client.readToEnd() < length)
    }

    @Test func `a connection that is used is not cut off`() throws {
        var configuration = Server.Configuration()
        configuration.headTimeout = .milliseconds(500)
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        let client = try RawClient(port: server.port)
        for _ in 0..<8 {
            #expect(try client.request("GET /").body == "ok")
            #expect(!client.hears(within: .milliseconds(100)))
        }
    }

    // MARK: Descriptors

    @Test func `a process without a descriptor left waits for one, without haste`() async {
        await #expect(processExitsWith: .success) {
            let server = try Server { _ in .text("ok") }
            // Everything is open beforehand that needs a descriptor.
            let client = try RawClient(port: server.port)
            #expect(try client.request("GET /").body == "ok")
            let late = try RawClient.Unconnected()
            let highest = dup(0)
            close(highest)
            var old = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
            var tight = rlimit(rlim_cur: rlim_t(highest), rlim_max: old.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &tight)
            let waiting = try late.connect(port: server.port)
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            let before = clock()
            #expect(!waiting.hears(within: .milliseconds(1000)))
            // A tenth of a second of the processor in one second would be a loop already.
            #expect(Double(clock() - before) / Double(CLOCKS_PER_SEC) < 0.1)
            #expect(try client.request("GET /").body == "ok")
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
            #expect(try waiting.reply().body == "ok")
        }
    }
}
