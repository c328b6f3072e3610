import Articles
import Glibc

@testable import Status

/// An HTTP reply, asked for over a plain TCP connection.
struct WebReply {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    struct Failure: Error { let what: String }

    var text: String { String(decoding: body, as: UTF8.self) }
    func json() throws -> JSONValue { try JSONValue(json: body) }

    /// Asks a port of loopback, from one of its addresses where that matters.
    static func ask(port: UInt16, from source: String = "127.0.0.1", _ request: String) throws -> WebReply {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        func call(
            _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ host: String, _ port: UInt16
        ) throws {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            let result = withUnsafeBytes(of: &address) { bytes in
                function(
                    descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            guard result == 0 else { throw Failure(what: "\(host):\(port): \(String(cString: strerror(errno)))") }
        }
        try call(bind, source, 0)
        try call(connect, "127.0.0.1", port)
        return try ask(descriptor, request)
    }

    /// Asks a socket of the file system.
    static func ask(socket path: String, _ request: String) throws -> WebReply {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard result == 0 else { throw Failure(what: "\(path): \(String(cString: strerror(errno)))") }
        return try ask(descriptor, request)
    }

    /// Sends a request and reads to the end of the reply, or to its head where it has no end.
    private static func ask(_ descriptor: Int32, _ request: String) throws -> WebReply {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(what: "send")
        }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failure(what: "receive: \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            all += buffer[..<count]
            if String(decoding: all.prefix(4096), as: UTF8.self).contains("text/event-stream\r\n") { break }
        }
        guard let end = (0..<max(0, all.count - 3)).first(where: { all[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) })
        else { throw Failure(what: "no reply") }
        let lines = String(decoding: all[..<end], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return WebReply(
            status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: Array(all[(end + 4)...]))
    }
}
