import Glibc

/// A listening TCP socket. Made by us and not by libmicrohttpd, which would not say why it could not.
struct Listener {
    let descriptor: Int32
    let port: UInt16
    let name: String

    init(address: String, port: UInt16) throws(ServerError) {
        name = address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        let operation = "listen on \(name)"
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let target = found else {
            throw ServerError(operation: operation, cause: "'\(address)' is not a numeric address", code: 0)
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(
            target.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw Listener.failure(operation) }
        do throws(ServerError) {
            var on: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            // A restart must not wait for connections of its predecessor to leave TIME_WAIT.
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
            if target.pointee.ai_family == AF_INET6 {
                setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
            }
            guard bind(descriptor, target.pointee.ai_addr, target.pointee.ai_addrlen) == 0,
                listen(descriptor, SOMAXCONN) == 0
            else { throw Listener.failure(operation) }
            self.port = try Listener.boundPort(descriptor, operation)
            self.descriptor = descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func boundPort(_ descriptor: Int32, _ operation: String) throws(ServerError) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &storage) { bytes in
            getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { throw failure(operation) }
        // The port stands at the same place in sockaddr_in and sockaddr_in6, in network order.
        return withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
    }

    private static func failure(_ operation: String) -> ServerError {
        let code = errno
        return ServerError(operation: operation, cause: String(cString: strerror(code)), code: code)
    }
}
