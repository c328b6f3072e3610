import Glibc
import TestSupport
import Testing

@testable import HTTP

@Suite(.timeLimit(.minutes(5))) struct ListenerTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func serve(_ listeners: [Endpoint]) throws -> Server {
        var configuration = Server.Configuration()
        configuration.listeners = listeners
        return try Server(configuration: configuration) { request in
            let peer = request.peer.map { "\($0.processIdentifier) \($0.user) \($0.group)" } ?? "-"
            return .text("\(request.path) from '\(request.clientAddress)' peer \(peer)")
        }
    }

    @Test func `one server listens at several places`() throws {
        let server = try serve([
            .tcp(address: "127.0.0.1", port: 0), .unix(path: scratch.path("socket")),
            .tcp(address: "127.0.0.2", port: 0),
        ])
        #expect(server.endpoints.count == 3 && server.port == server.endpoints[0].port)
        #expect(try RawClient(port: server.port).request("GET /a").body == "/a from '127.0.0.1' peer -")
        #expect(server.endpoints[2].port != 0)
        #expect("\(server.endpoints[1])" == scratch.path("socket"))
        #expect(
            try RawClient(path: scratch.path("socket")).request("GET /b").body
                == "/b from '' peer \(getpid()) \(geteuid()) \(getegid())")
    }

    @Test func `a socket of the file system has its permissions and goes with the server`() throws {
        let path = scratch.path("socket")
        let server = try serve([.unix(path: path, mode: 0o660)])
        #expect(server.port == 0)
        #expect(scratch.attributes("socket")?.mode == 0o660)
        server.stop()
        #expect(!scratch.exists("socket"))
    }

    @Test func `a socket that another one has put there stays`() throws {
        let server = try serve([.unix(path: scratch.path("socket"))])
        try scratch.remove("socket")
        let next = try serve([.unix(path: scratch.path("socket"))])
        server.stop()
        #expect(try RawClient(path: scratch.path("socket")).request("GET /").status == 200)
        next.stop()
        #expect(!scratch.exists("socket"))
    }

    @Test func `a socket that nobody listens on any more is replaced, and one in use is not`() throws {
        let path = scratch.path("socket")
        // Whoever is killed leaves it behind.
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let code = withUnsafeBytes(of: &address) { bytes in
            bind(left, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        close(left)
        #expect(code == 0 && scratch.exists("socket"))
        let server = try serve([.unix(path: path)])
        #expect(throws: ServerError(operation: "listen on \(path)", cause: "Address already in use", code: EADDRINUSE))
        {
            try serve([.unix(path: path)])
        }
        #expect(try RawClient(path: path).request("GET /").status == 200)
        server.stop()
    }

    @Test func `what is no socket is not replaced`() throws {
        try scratch.write("precious", to: "file")
        #expect(throws: ServerError.self) { try serve([.unix(path: scratch.path("file"))]) }
        #expect(scratch.read("file") == Array("precious".utf8))
        #expect(throws: ServerError.self) { try serve([.unix(path: scratch.path("none/socket"))]) }
        #expect(throws: ServerError.self) {
            try serve([.unix(path: scratch.path(String(repeating: "x", count: 108)))])
        }
    }

    @Test func `where one place cannot be had the others are given back`() throws {
        let path = scratch.path("socket")
        #expect(throws: ServerError.self) {
            try serve([.unix(path: path), .tcp(address: "192.0.2.1", port: 0)])
        }
        #expect(!scratch.exists("socket"))
    }
}
