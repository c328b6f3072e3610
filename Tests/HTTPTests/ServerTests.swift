import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite(.timeLimit(.minutes(10))) struct ServerTests {
    /// A server whose answer says what it understood.
    private func echo(_ change: (inout Server.Configuration) -> Void = { _ in }) throws -> Server {
        var configuration = Server.Configuration()
        change(&configuration)
        return try Server(configuration: configuration) { request in
            var response = Response.text(
                "\(request.method) \(request.path) raw=\(request.rawPath) "
                    + "query=\(request.query.map { "\($0.name):\($0.value)" }.joined(separator: ",")) "
                    + "x=\(request.header("x-TEST") ?? "-") body=\(String(decoding: request.body, as: UTF8.self)) "
                    + "from=\(request.clientAddress)")
            response.addHeader("X-Answer", "yes")
            return response
        }
    }

    @Test func `a request reaches the handler with path, query, headers and address`() throws {
        let server = try echo()
        let reply = try RawClient(port: server.port).request(
            "GET /a%20b/%C3%A4%2Fc?q=x+y%26z&e&q=%E2%82%AC", headers: "X-Test: Wert\r\n")
        #expect(reply.status == 200)
        #expect(reply.headers["x-answer"] == "yes")
        #expect(reply.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(
            reply.body == "GET /a b/ä/c raw=/a%20b/%C3%A4%2Fc query=q:x y&z,e:,q:€ x=Wert body= from=127.0.0.1")
        #expect(server.port != 0)
    }

    @Test func `one connection serves many requests`() throws {
        let server = try echo()
        let client = try RawClient(port: server.port)
        for number in 0..<20 {
            #expect(try client.request("GET /\(number)").body.hasPrefix("GET /\(number) "))
        }
        client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.reply().body.hasPrefix("GET /one"))
        #expect(try client.reply().body.hasPrefix("GET /two"))
    }

    @Test func `HEAD tells the length and sends no body`() throws {
        let server = try echo()
        let client = try RawClient(port: server.port)
        let head = try client.request("HEAD /a")
        #expect(head.status == 200)
        #expect(head.headers["content-length"].flatMap { Int($0) } ?? 0 > 0)
        // The next reply begins right after the head: nothing was in between.
        #expect(try client.request("GET /b").body.hasPrefix("GET /b"))
    }

    @Test(arguments: [0, 1, 1000, 1024])
    func `a body up to the limit arrives whole`(length: Int) throws {
        let server = try echo { $0.maximumBodyBytes = 1024 }
        let client = try RawClient(port: server.port)
        let body = String(repeating: "x", count: length)
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        client.send(body)
        #expect(try client.reply().body.contains("body=\(body) from"))
        let chunk = length == 0 ? "" : "\(String(length, radix: 16))\r\n\(body)\r\n"
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)0\r\n\r\n")
        #expect(try client.reply().body.contains("body=\(body) from"))
    }

    @Test func `a body over the limit is answered with 413`() throws {
        let server = try echo { $0.maximumBodyBytes = 1024 }
        let announced = try RawClient(port: server.port)
        announced.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\nExpect: 100-continue\r\n\r\n")
        #expect(try announced.reply().status == 413)
        let absurd = try RawClient(port: server.port)
        absurd.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999\r\n\r\n")
        #expect(try absurd.reply().status == 413)
        let chunked = try RawClient(port: server.port)
        chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n")
        chunked.send(String(repeating: "x", count: 0x401) + "\r\n0\r\n\r\n")
        #expect(try chunked.reply().status == 413)
        #expect(try RawClient(port: server.port).request("GET /").status == 200)
    }

    @Test func `a client that never stops sending is cut off`() throws {
        let server = try echo { $0.maximumBodyBytes = 1024 }
        let client = try RawClient(port: server.port)
        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
        for _ in 0..<24 { client.send(chunk) }
        try client.readToEnd()
        #expect(client.isClosedByPeer)
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /?q=%f HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `a malformed request is refused and the server lives`(text: String) throws {
        let server = try echo()
        let client = try RawClient(port: server.port)
        client.send(text)
        let status = try? client.reply().status
        #expect(status.map { (400..<600).contains($0) } ?? client.isClosedByPeer)
        #expect(try RawClient(port: server.port).request("GET /").status == 200)
    }

    @Test func `a connection beyond the limit waits until another is gone`() throws {
        let answered = Atomic<Int>(0)
        var configuration = Server.Configuration()
        configuration.connectionLimit = 100
        let server = try Server(configuration: configuration) { _ in
            answered.wrappingAdd(1, ordering: .sequentiallyConsistent)
            return Response()
        }
        var clients = try (0..<100).map { _ in try RawClient(port: server.port) }
        for client in clients { #expect(try client.request("GET /").status == 200) }
        let late = try RawClient(port: server.port)
        late.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try clients[0].request("GET /again").status == 200)
        #expect(answered.load(ordering: .sequentiallyConsistent) == 101)
        clients.removeFirst()
        #expect(try late.reply().status == 200)
        #expect(answered.load(ordering: .sequentiallyConsistent) == 102)
    }

    @Test func `an address that has its share gets no more`() throws {
        let server = try echo { $0.connectionLimitPerAddress = 2 }
        let clients = try (0..<2).map { _ in try RawClient(port: server.port) }
        for client in clients { #expect(try client.request("GET /").status == 200) }
        let third = try RawClient(port: server.port)
        #expect((try? third.request("GET /")) == nil && third.isClosedByPeer)
    }

    @Test func `several threads answer at the same time`() throws {
        // The first waits for the second: on one thread that would last until its deadline.
        let arrived = Atomic<Int>(0)
        var configuration = Server.Configuration()
        configuration.threads = 2
        let server = try Server(configuration: configuration) { request in
            arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
            let deadline = ContinuousClock.now + .seconds(10)
            while arrived.load(ordering: .sequentiallyConsistent) < 2, ContinuousClock.now < deadline { sched_yield() }
            return .text("\(arrived.load(ordering: .sequentiallyConsistent))")
        }
        let first = try RawClient(port: server.port)
        first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while arrived.load(ordering: .sequentiallyConsistent) < 1 { sched_yield() }
        // The thread of the first connection is in its handler: only another one can take this.
        #expect(try RawClient(port: server.port).request("GET /").body == "2")
        #expect(try first.reply().body == "2")
    }

    @Test func `stopping closes the connections and frees the port`() throws {
        let server = try echo()
        let port = server.port
        let clients = try (0..<10).map { _ in try RawClient(port: port) }
        for client in clients { #expect(try client.request("GET /").status == 200) }
        clients[0].send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
        server.stop()
        server.stop()
        for client in clients {
            try client.readToEnd()
            #expect(client.isClosedByPeer)
        }
        let next = try echo { $0.listeners = [.tcp(address: "127.0.0.1", port: port)] }
        #expect(try RawClient(port: next.port).request("GET /").status == 200)
    }

    @Test func `what a server holds is gone when it is`() throws {
        final class Witness: Sendable {}
        weak var witness: Witness?
        do {
            let held = Witness()
            witness = held
            let server = try Server { _ in .text("\(ObjectIdentifier(held))") }
            #expect(try RawClient(port: server.port).request("GET /").status == 200)
        }
        #expect(witness == nil)
    }

    @Test func `an address in use is told in a sentence`() throws {
        let server = try echo()
        do throws(ServerError) {
            var configuration = Server.Configuration()
            configuration.listeners = [.tcp(address: "127.0.0.1", port: server.port)]
            _ = try Server(configuration: configuration) { _ in Response() }
            Issue.record("two servers on one port")
        } catch {
            #expect(error.description == "listen on 127.0.0.1:\(server.port): Address already in use")
        }
        #expect(throws: ServerError.self) { try echo { $0.listeners = [.tcp(address: "example.org", port: 0)] } }
        #expect(throws: ServerError.self) { try echo { $0.listeners = [.tcp(address: "192.0.2.1", port: 0)] } }
    }

    @Test func `IPv6 is served where it is asked for`() throws {
        let server = try echo { $0.listeners = [.tcp(address: "::1", port: 0)] }
        #expect(server.port != 0)
    }

    @Test func `a header with a line break is not sent`() throws {
        let server = try Server { _ in
            Response(status: 302, headers: [.init(name: "Location", value: "/a\r\nX-Evil: 1")])
        }
        let reply = try RawClient(port: server.port).request("GET /")
        #expect(reply.status == 500)
        #expect(reply.headers["x-evil"] == nil)
    }

    @Test(arguments: [204, 304, 404, 503])
    func `statuses go out as they are`(status: Int) throws {
        let server = try Server { _ in Response(status: status) }
        let client = try RawClient(port: server.port)
        #expect(try client.request("GET /").status == status)
        #expect(try client.request("GET /").status == status)
    }
}
