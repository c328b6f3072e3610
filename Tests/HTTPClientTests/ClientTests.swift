import HTTP
import HTTPClient
import Linux
import Synchronization
import TestSupport
import Testing

@Suite struct ClientTests {
    /// Posts, and gives the answer or what went wrong.
    private func post(
        _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [1, 2],
        timeout: Duration = .seconds(20), maximumBytes: Int = 1 << 20, shouldGoOn: () -> Bool = { true }
    ) -> Result<ClientReply, ClientError> {
        do throws(ClientError) {
            let client = try Client()
            return .success(
                try client.post(
                    url, headers: headers, body: body, timeout: timeout, maximumBytes: maximumBytes,
                    shouldGoOn: shouldGoOn))
        } catch { return .failure(error) }
    }

    private func kind(_ result: Result<ClientReply, ClientError>) -> ClientError.Kind? {
        if case .failure(let error) = result { error.kind } else { nil }
    }

    @Test func `a real server gets the whole request and its answer comes back whole`() throws {
        let server = try Server { request in
            var response = Response.text(
                "\(request.method) \(request.path) \(request.header("X-Word") ?? "") \(request.body.count)", status: 201
            )
            response.addHeader("Retry-After", "7")
            return response
        }
        defer { server.stop() }
        let body = [UInt8](repeating: 0x41, count: 300_000)
        let reply = try post(
            "http://127.0.0.1:\(server.port)/v1/chat", headers: [("X-Word", "hello")], body: body
        ).get()
        #expect(reply.status == 201)
        #expect(reply.contentType == "text/plain; charset=utf-8")
        #expect(reply.retryAfter == .seconds(7))
        #expect(String(decoding: reply.body, as: UTF8.self) == "POST /v1/chat hello 300000")
    }

    @Test func `one connection serves one request after the other`() throws {
        var configuration = Server.Configuration()
        configuration.connectionLimit = 1
        let server = try Server(configuration: configuration) { .text("\($0.body.count)") }
        defer { server.stop() }
        let client = try Client()
        for count in [1, 0, 3] {
            let reply = try client.post(
                "http://127.0.0.1:\(server.port)/", headers: [], body: Array(repeating: 0, count: count),
                timeout: .seconds(20), maximumBytes: 100)
            #expect(String(decoding: reply.body, as: UTF8.self) == "\(count)")
        }
    }

    @Test func `an answer in chunks is put together, and one over the limit is refused`() throws {
        let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        let server = try ScriptedServer { _, _ in [.send(Array(chunks.utf8))] }
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(try post(url, maximumBytes: 5).get().body == Array("abcde".utf8))
        #expect(kind(post(url, maximumBytes: 4)) == .tooLong)
    }

    @Test func `a server that stalls costs the time that is given and no more`() throws {
        let server = try ScriptedServer { _, _ in [.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .stall] }
        defer { server.stop() }
        let result = post("http://127.0.0.1:\(server.port)/", timeout: .milliseconds(200))
        #expect(kind(result) == .timedOut)
    }

    @Test func `a request ends when its caller wants it to`() throws {
        let server = try ScriptedServer { _, _ in [.stall] }
        defer { server.stop() }
        let asked = Mutex(0)
        let result = post("http://127.0.0.1:\(server.port)/") {
            asked.withLock { $0 += 1 }
            return server.requests.isEmpty
        }
        #expect(kind(result) == .canceled)
        #expect(asked.withLock { $0 } > 0)
    }

    @Test func `what breaks off or is not there is unreachable`() throws {
        let server = try ScriptedServer { number, _ in
            number == 1 ? [] : [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8))]
        }
        let url = "http://127.0.0.1:\(server.port)/"
        #expect(kind(post(url)) == .unreachable)
        #expect(kind(post(url)) == .unreachable)
        server.stop()
        #expect(kind(post(url)) == .unreachable)
    }

    @Test func `redirects are not followed, other protocols and split headers are refused`() throws {
        let server = try ScriptedServer { _, _ in
            ScriptedServer.reply(302, "", headers: ["Location: http://127.0.0.1:1/elsewhere"])
        }
        defer { server.stop() }
        #expect(try post("http://127.0.0.1:\(server.port)/", headers: [("Authorization", "k")]).get().status == 302)
        #expect(kind(post("file:///etc/hostname")) == .other)
        let split = post("http://127.0.0.1:\(server.port)/", headers: [("Authorization", "secret\r\nX: y")])
        guard case .failure(let error) = split else {
            Issue.record("a header with a line break was sent")
            return
        }
        #expect(!error.description.contains("secret"))
        #expect(server.requests.count == 1)
    }
}
