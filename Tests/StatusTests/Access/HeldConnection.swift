import Glibc

/// A connection that is kept open.
final class HeldConnection {
    private let descriptor: Int32

    init(port: UInt16, from source: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        for (host, port, isOwn) in [(source, 0, true), ("127.0.0.1", port, false)] as [(String, UInt16, Bool)] {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            let result = withUnsafeBytes(of: &address) { bytes in
                let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                let size = socklen_t(MemoryLayout<sockaddr_in>.size)
                return isOwn ? bind(descriptor, pointer, size) : connect(descriptor, pointer, size)
            }
            guard result == 0 else { throw WebReply.Failure(what: String(cString: strerror(errno))) }
        }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Asks for something and waits for the beginning of the answer; the connection stays.
    func ask(_ path: String, _ headers: String = "") throws {
        let bytes = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n".utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count, try receive() > 0 else {
            throw WebReply.Failure(what: "a connection was not served")
        }
    }

    /// Waits until the service has closed it.
    func readToEnd() throws { while try receive() > 0 {} }

    private func receive() throws -> Int {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 || errno == ECONNRESET else { throw WebReply.Failure(what: String(cString: strerror(errno))) }
        return max(0, count)
    }
}
