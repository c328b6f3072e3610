import Glibc

/// A TCP connection that says exactly what a test wants said. Every receive ends after five seconds.
final class RawClient {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var isClosedByPeer = false

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard result == 0 else { throw Failure(what: "connect: \(String(cString: strerror(errno)))") }
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    struct Failure: Error { let what: String }

    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Sends a request without a body and reads its reply.
    func request(_ line: String, headers: String = "") throws -> Reply {
        send("\(line) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n")
        return try reply(toHead: line.hasPrefix("HEAD"))
    }

    func reply(toHead: Bool = false) throws -> Reply {
        var end: Int?
        while end == nil {
            end = (0..<max(0, buffer.count - 3)).first { buffer[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
            if end == nil { try receive() }
        }
        let lines = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self).split(separator: "\r\n")
        buffer.removeFirst((end ?? 0) + 4)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = toHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < length { try receive() }
        let body = String(decoding: buffer[..<length], as: UTF8.self)
        buffer.removeFirst(length)
        return Reply(
            status: lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, headers: headers,
            body: body)
    }

    /// Waits until the peer has closed, reading what it still says.
    func readToEnd() throws {
        do { while true { try receive() } } catch { guard isClosedByPeer else { throw error } }
    }

    private func receive() throws {
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count == 0 || (count < 0 && errno == ECONNRESET) {
            isClosedByPeer = true
            throw Failure(what: "closed by the server")
        }
        guard count > 0 else { throw Failure(what: "receive: \(String(cString: strerror(errno)))") }
        buffer += piece[..<count]
    }
}
