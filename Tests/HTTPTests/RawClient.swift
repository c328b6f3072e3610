import Glibc

/// A TCP connection that says exactly what a test wants said. Every receive ends after five seconds.
final class RawClient {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var isClosedByPeer = false

    /// Connects to loopback, from one of its addresses where that matters.
    init(port: UInt16, from source: String? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if let source {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            inet_pton(AF_INET, source, &address.sin_addr)
            let result = withUnsafeBytes(of: &address) { bytes in
                bind(
                    descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            guard result == 0 else { throw Failure(what: "bind: \(String(cString: strerror(errno)))") }
        }
        try connectToLoopback(port: port)
    }

    /// Connects to a socket of the file system.
    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard result == 0 else { throw Failure(what: "connect: \(String(cString: strerror(errno)))") }
        limitReceiving()
    }

    /// A socket that has its descriptor and nothing else.
    struct Unconnected {
        fileprivate let descriptor: Int32

        init() throws {
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard descriptor >= 0 else { throw Failure(what: "socket: \(String(cString: strerror(errno)))") }
        }

        func connect(port: UInt16) throws -> RawClient { try RawClient(connecting: descriptor, port: port) }
    }

    private init(connecting descriptor: Int32, port: UInt16) throws {
        self.descriptor = descriptor
        try connectToLoopback(port: port)
    }

    private func connectToLoopback(port: UInt16) throws {
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
        limitReceiving()
    }

    private func limitReceiving() {
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

    /// Reads until what has come holds `text`, and returns it all with what belongs to the head; what follows is kept.
    func read(until text: String) throws -> String {
        let wanted = Array(text.utf8)
        while true {
            for start in 0..<max(0, buffer.count - wanted.count + 1)
            where buffer[start..<start + wanted.count].elementsEqual(wanted) {
                let found = String(decoding: buffer[..<(start + wanted.count)], as: UTF8.self)
                buffer.removeFirst(start + wanted.count)
                return found
            }
            try receive()
        }
    }

    /// Says that nothing more will be sent.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Has something to read, or the peer has closed, within a time.
    func hears(within limit: Duration) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, Int32(limit / .milliseconds(1))) > 0
    }

    /// Waits until the peer has closed, reading what it still says.
    ///
    /// Returns how many bytes that were.
    @discardableResult
    func readToEnd() throws -> Int {
        var count = 0
        do {
            while true {
                count += buffer.count
                buffer.removeAll(keepingCapacity: true)
                try receive()
            }
        } catch {
            guard isClosedByPeer else { throw error }
            return count
        }
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
