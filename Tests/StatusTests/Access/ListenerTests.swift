import Glibc
import Linux
import TestSupport
import Testing

@testable import Status

/// The service's own addresses: the socket of the file system, TLS, and the names that it is called by.
@Suite(.timeLimit(.minutes(10))) struct ListenerTests {
    /// Asks by TLS as curl does, which is a client that is not ours; returns the code and the body.
    private func curl(_ port: UInt16, _ scratch: ScratchDirectory, _ path: String, _ options: String...) throws
        -> (code: String, body: String)
    {
        let child = try ChildProcess(
            path: "/usr/bin/env",
            arguments: [
                "curl", "--silent", "--max-time", "20", "--noproxy", "*", "--cacert", scratch.path("certificate.pem"),
                "--resolve", "news.example:\(port):127.0.0.1", "--write-out", "\n%{http_code}",
            ] + options + ["https://news.example:\(port)\(path)"], errorOutput: .null)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(child.output, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        _ = child.wait()
        let text = String(decoding: bytes, as: UTF8.self)
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        return (String(text[end...].dropFirst()), String(text[..<end]))
    }

    @Test func `who may open the socket may do everything, by whatever name`() throws {
        let service = try GuardedStatus { $0.socket = $0.databasePath + ".http" }
        let path = service.running.scratch.path("status.sqlite.http")
        #expect(service.running.scratch.attributes("status.sqlite.http")?.mode == 0o660)
        for host in ["localhost", "whatever.example", ""] {
            let reply = try WebReply.ask(socket: path, GuardedStatus.request("GET", "/api/v1/status", "", host: host))
            #expect(reply.status == 200, "\(host)")
        }
        // 415: it was let pass.
        let change = GuardedStatus.request("POST", "/api/v1/groups/x", "", body: "{}")
        #expect(try WebReply.ask(socket: path, change).status == 415)
        service.running.stop()
        #expect(!service.running.scratch.exists("status.sqlite.http"))
    }

    /// Runs a service that is reached by TLS, with the certificate and the key in `scratch`; returns it with that port.
    private func secured(_ scratch: ScratchDirectory) throws -> (service: GuardedStatus, port: UInt16) {
        try makeCertificate(in: scratch)
        let service = try GuardedStatus {
            $0.configuration.https = [HTTPAddress(host: "127.0.0.1", port: 0)]
            $0.configuration.certificate = scratch.path("certificate.pem")
            $0.configuration.key = scratch.path("key.pem")
        }
        let secure = try #require(service.running.web.addresses.first { $0.hasPrefix("https://") })
        return (service, try #require(UInt16(secure.dropLast().split(separator: ":").last ?? "")))
    }

    @Test func `by TLS a token is needed where loopback wants one, and the cookie is for TLS`() throws {
        let scratch = try ScratchDirectory()
        let (service, port) = try secured(scratch)
        #expect(try curl(port, scratch, "/api/v1/status").code == "401")
        let header = "Authorization: Bearer \(service.reader)"
        let reply = try curl(port, scratch, "/api/v1/status", "--header", header)
        #expect(reply.code == "200" && reply.body.hasPrefix("{\"version\""))
        // An address cannot be rebound, and a name that is not ours can.
        #expect(
            try curl(port, scratch, "/api/v1/status", "--header", header, "--header", "Host: 192.0.2.1").code == "200")
        #expect(try curl(port, scratch, "/healthz", "--header", "Host: evil.example").code == "421")
        let page = try curl(port, scratch, "/signin")
        let field = try #require(
            WebReply(status: 200, headers: [:], body: Array(page.body.utf8)).formToken(of: "/signin"))
        let signed = try curl(
            port, scratch, "/signin", "--include", "--data",
            "token=\(service.reader)&\(Site.formTokenField)=\(field)")
        #expect(signed.code == "303" && signed.body.contains("__Host-dropwire=") && signed.body.contains("; Secure"))
        #expect(try service.get("/metrics").text.contains("\ndropwire_http_certificate_end_timestamp_seconds "))
    }

    @Test func `a renewed certificate is shown after a reload, and one that cannot be used is not`() throws {
        let scratch = try ScratchDirectory()
        let (service, port) = try secured(scratch)
        #expect(try curl(port, scratch, "/healthz").code == "200")
        try makeCertificate(in: scratch)
        // Only the new one is trusted now, and the old one is shown.
        #expect(try curl(port, scratch, "/healthz").code == "000")
        service.running.web.reload()
        try waitUntil("the new certificate is shown") { try curl(port, scratch, "/healthz").code == "200" }
        let good = try #require(scratch.read("certificate.pem"))
        try scratch.write("nonsense", to: "certificate.pem")
        service.running.web.reload()
        try waitUntil("the mistake is told") {
            try service.get("/api/v1/status").text.contains("certificate was not read again")
        }
        try scratch.write(good, to: "certificate.pem")
        #expect(try curl(port, scratch, "/healthz").code == "200")
        service.running.web.reload()
        try waitUntil("it is mended") {
            try !service.get("/api/v1/status").text.contains("certificate was not read again")
        }
    }

    @Test(arguments: [
        ("localhost", 200), ("127.0.0.1:8470", 200), ("127.9.9.9", 200), ("[::1]", 200), ("NEWS.example:443", 401),
        ("evil.example", 421), ("192.0.2.1", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
        ("127.1", 421), ("", 421),
    ])
    func `it is called by its own names only`(host: String, code: Int) throws {
        let service = try GuardedStatus()
        #expect(try service.get("/api/v1/status", host: host).status == code)
    }
}
