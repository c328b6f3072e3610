import Synchronization
import Testing

@testable import HTTP

/// What is refused for what a proxy in front may have read in another way, and what is not.
@Suite(.timeLimit(.minutes(5))) struct RequestCheckTests {
    @Test(arguments: [
        "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 40\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello",
        "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
        "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nX-\u{e4}: b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a\r\nX: b\u{1}c\r\n\r\n",
        "GET http://b/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a/a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func `a request that can be read in two ways is refused, and what follows it is no request`(text: String) throws {
        let paths = Mutex<[String]>([])
        let server = try Server { request in
            paths.withLock { $0.append(request.path) }
            return .text("")
        }
        let client = try RawClient(port: server.port)
        // In one piece: what is smuggled stands in the buffer when the first is answered.
        client.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try (400...501).contains(client.reply().status))
        if text.contains("ontent-Length") || text.contains("ransfer-Encoding") {
            try client.readToEnd()
            #expect(paths.withLock { $0 }.isEmpty)
        } else {
            #expect(!paths.withLock { $0 }.contains("/a"))
        }
    }

    @Test(arguments: [
        ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "/a"),
        ("GET http://a/b/c HTTP/1.1\r\nHost: a\r\n\r\n", "/b/c"),
        ("GET HTTP://A:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", "/"),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*"),
        ("GET /...%2e HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/...."),
        ("GET //a HTTP/1.0\r\n\r\n", "//a"),
        // Told as it is: no rule of ours can differ from a proxy's.
        ("GET /b/../%2e%2e%2f/./a HTTP/1.1\r\nHost: a\r\n\r\n", "/b/../..//./a"),
        ("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", "/a"),
        ("GET /a HTTP/1.1\r\nHost:\r\n\r\n", "/a"),
        ("GET /a HTTP/1.1\r\nHost: a\r\nX: \u{e4}\tb\r\n\r\n", "/a"),
    ])
    func `an unusual request is answered`(text: String, path: String) throws {
        let server = try Server { .text($0.path) }
        let client = try RawClient(port: server.port)
        client.send(text)
        let reply = try client.reply()
        #expect(reply.status == 200)
        #expect(reply.body == path)
    }

    @Test func `requests in one piece are answered one after the other`() throws {
        let server = try Server { .text("\($0.path) \(String(decoding: $0.body, as: UTF8.self))") }
        let client = try RawClient(port: server.port)
        client.send(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
                + "GET /4 HTTP/1.1\r\nHost: a\r\n\r\n")
        for expected in ["/1 ", "/2 hello", "/3 hi", "/4 "] { #expect(try client.reply().body == expected) }
    }

    @Test func `a head is bounded`() throws {
        let server = try Server { .text("\($0.headers.count)") }
        let many = String(repeating: "X: y\r\n", count: 200)
        #expect(try RawClient(port: server.port).request("GET /", headers: many).body == "201")
        let client = try RawClient(port: server.port)
        client.send("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try (400..<500).contains(client.reply().status))
        let headers = try RawClient(port: server.port)
        headers.send("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 20_000))\r\n")
        #expect((try? headers.reply()).map { (400..<500).contains($0.status) } ?? headers.isClosedByPeer)
    }
}
