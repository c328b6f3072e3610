import Glibc
import Linux
import TestSupport
import Testing

@testable import HTTP

/// TLS as a client sees it that is not ours: curl, with certificates by OpenSSL's own program.
@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    private let scratch: ScratchDirectory
    private let files: CertificateFiles

    init() throws {
        scratch = try ScratchDirectory()
        files = CertificateFiles(certificate: scratch.path("certificate.pem"), key: scratch.path("key.pem"))
        try makeCertificate("first.example")
    }

    private struct Output {
        let ending: ChildProcess.Ending
        let text: String
    }

    private func run(_ command: String...) throws -> Output {
        let child = try ChildProcess(path: "/usr/bin/env", arguments: command, errorOutput: .null)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(child.output, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return Output(ending: child.wait(), text: String(decoding: bytes, as: UTF8.self))
    }

    private func makeCertificate(_ name: String) throws {
        let made = try run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", files.key, "-out",
            files.certificate)
        try #require(made.ending == .exited(0))
    }

    private func serve(
        _ listeners: [Endpoint] = [.tls(address: "127.0.0.1", port: 0)]
    ) throws(ServerError) -> Server {
        var configuration = Server.Configuration()
        configuration.listeners = listeners
        configuration.certificate = files
        return try Server(configuration: configuration) { request in
            request.path == "/long"
                ? Response(body: [UInt8](repeating: 120, count: 3_000_000))
                : .text("\(request.isSecure) \(String(decoding: request.body, as: UTF8.self))")
        }
    }

    private func curl(_ server: Server, _ path: String, name: String = "first.example", _ options: String...) throws
        -> Output
    {
        let port = server.endpoints[0].port
        let child = try ChildProcess(
            path: "/usr/bin/env",
            arguments: [
                "curl", "--silent", "--max-time", "20", "--noproxy", "*", "--cacert", files.certificate, "--resolve",
                "\(name):\(port):127.0.0.1",
            ] + options + ["https://\(name):\(port)\(path)"], errorOutput: .null)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(child.output, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return Output(ending: child.wait(), text: String(decoding: bytes, as: UTF8.self))
    }

    @Test func `a client that trusts the certificate is served`() throws {
        let server = try serve()
        let reply = try curl(server, "/", "--data", "hello")
        #expect(reply.ending == .exited(0) && reply.text == "true hello")
        #expect(try curl(server, "/long").text.utf8.count == 3_000_000)
        // 60: the certificate is of another name.
        #expect(try curl(server, "/", name: "second.example").ending == .exited(60))
    }

    @Test func `when the certificate ends is known`() throws {
        let end = try #require(try serve().certificateEnd)
        let inTwoDays = Int64(time(nil)) + 2 * 86_400
        #expect((inTwoDays - 600...inTwoDays + 600).contains(end))
        #expect(try serve([.tcp(address: "127.0.0.1", port: 0)]).certificateEnd == nil)
    }

    @Test(arguments: [("1.2", true), ("1.3", true), ("1.1", false), ("1.0", false)])
    func `TLS before 1.2 is refused`(version: String, isTaken: Bool) throws {
        let server = try serve()
        let reply = try curl(server, "/", "--tlsv1.0", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0")
        #expect((reply.ending == .exited(0)) == isTaken, "\(reply)")
    }

    @Test func `plain and secure listeners stand beside each other`() throws {
        let server = try serve([
            .tls(address: "127.0.0.1", port: 0), .tcp(address: "127.0.0.1", port: 0),
            .unix(path: scratch.path("socket")),
        ])
        #expect(try curl(server, "/").text == "true ")
        #expect(try RawClient(port: server.endpoints[1].port).request("GET /").body == "false ")
        #expect(try RawClient(path: scratch.path("socket")).request("GET /").body == "false ")
    }

    @Test func `a renewed certificate is shown without a restart, and a broken one is not`() throws {
        let server = try serve()
        #expect(try curl(server, "/").ending == .exited(0))
        try makeCertificate("second.example")
        // Until it is said that there is another one.
        #expect(try curl(server, "/", name: "second.example").ending == .exited(60))
        try server.reloadCertificate()
        #expect(try curl(server, "/", name: "second.example").text == "true ")
        try scratch.write("-----BEGIN CERTIFICATE-----\nx\n", to: "certificate.pem")
        #expect(throws: ServerError.self) { try server.reloadCertificate() }
        let text = try run(
            "bash", "-c",
            "openssl s_client -connect 127.0.0.1:\(server.port) </dev/null 2>/dev/null | openssl x509 -noout -subject")
        #expect(text.text.contains("second.example"))
    }

    @Test func `a key of another certificate is told in a sentence`() throws {
        let key = try #require(scratch.read("key.pem"))
        try makeCertificate("second.example")
        try scratch.write(key, to: "key.pem")
        do throws(ServerError) {
            _ = try serve()
            Issue.record("it serves with a key of another certificate")
        } catch {
            #expect(
                error.description.hasPrefix("use the key '\(files.key)' with the certificate '\(files.certificate)':"))
        }
        try scratch.remove("key.pem")
        do throws(ServerError) {
            _ = try serve()
            Issue.record("it serves without a key")
        } catch {
            #expect(error.description == "read '\(files.key)': No such file or directory")
        }
    }

    @Test func `whoever does not speak TLS is cut off, and others are served`() throws {
        var configuration = Server.Configuration()
        configuration.listeners = [.tls(address: "127.0.0.1", port: 0)]
        configuration.certificate = files
        configuration.headTimeout = .milliseconds(500)
        let server = try Server(configuration: configuration) { _ in .text("ok") }
        let silent = try RawClient(port: server.port)
        let plain = try RawClient(port: server.port)
        plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try curl(server, "/").text == "ok")
        try silent.readToEnd()
        try plain.readToEnd()
    }

    @Test func `event streams go over TLS, too`() throws {
        let stream = EventStream()
        var configuration = Server.Configuration()
        configuration.listeners = [.tls(address: "127.0.0.1", port: 0)]
        configuration.certificate = files
        let server = try Server(configuration: configuration) { _ in .events(stream) }
        let sender = try TestThread {
            for number in 0..<100 { stream.send(ServerSentEvent("\(number)").bytes) }
            stream.finish()
        }
        let reply = try curl(server, "/", "--no-buffer")
        sender.join()
        #expect(reply.ending == .exited(0))
        #expect(reply.text == (0..<100).map { "data: \($0)\n\n" }.joined())
    }
}
