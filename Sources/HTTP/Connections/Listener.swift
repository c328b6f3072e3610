import CMicroHTTPD
import Glibc

/// A listening socket. Made by us and not by libmicrohttpd, which knows one a daemon and would not say why it could
/// not.
struct Listener {
    /// The socket, which does not block.
    let descriptor: Int32
    /// Where it listens, with the real port.
    let endpoint: Endpoint
    /// The file of a socket of the file system, as it was made.
    private let file: (device: UInt, inode: UInt)?

    init(_ endpoint: Endpoint) throws(ServerError) {
        switch endpoint {
        case .tcp(let address, let port), .tls(let address, let port):
            try self.init(endpoint, address: address, port: port)
        case .unix(let path, let mode): try self.init(endpoint, path: path, mode: mode)
        }
    }

    /// Stops to listen. A socket of the file system goes with it, unless somebody has put another one there.
    func close() {
        Glibc.close(descriptor)
        guard case .unix(let path, _) = endpoint, let file, let found = Listener.file(at: path), found == file else {
            return
        }
        unlink(path)
    }

    /// What came of an attempt to take a connection.
    enum Arrival {
        case connection(Int32, ClientAddress)
        /// Nobody waits, or who waited has gone.
        case nobody
        /// The process or the system has no descriptor or memory left for one.
        case noRoom
    }

    /// Takes a connection that waits.
    func accept() -> Arrival {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let taken = withUnsafeMutableBytes(of: &storage) { bytes in
            accept4(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length,
                Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue))
        }
        if taken >= 0 { return .connection(taken, ClientAddress(storage, length: length)) }
        switch errno {
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .noRoom
        default: return .nobody
        }
    }

    // MARK: TCP

    private init(_ endpoint: Endpoint, address: String, port: UInt16) throws(ServerError) {
        let operation = "listen on \(endpoint)"
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let target = found else {
            throw ServerError(operation: operation, cause: "'\(address)' is not a numeric address", code: 0)
        }
        defer { freeaddrinfo(found) }
        let descriptor = try Listener.socket(target.pointee.ai_family, operation)
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
            self.endpoint = endpoint.with(port: try Listener.boundPort(descriptor, operation))
            self.descriptor = descriptor
            file = nil
        } catch {
            Glibc.close(descriptor)
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

    // MARK: Sockets of the file system

    private init(_ endpoint: Endpoint, path: String, mode: UInt32) throws(ServerError) {
        let operation = "listen on \(path)"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard fits, !path.isEmpty else {
            throw ServerError(operation: operation, cause: "a socket's path has 1 to 107 bytes", code: 0)
        }
        let descriptor = try Listener.socket(AF_UNIX, operation)
        do throws(ServerError) {
            func call(_ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ socket: Int32) -> Int32 {
                withUnsafeBytes(of: &address) {
                    function(socket, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
                }
            }
            var bound = call(bind, descriptor)
            if bound != 0, errno == EADDRINUSE {
                // Whoever was killed leaves its socket behind: it goes if nobody listens on it any more.
                let probe = try Listener.socket(AF_UNIX, operation)
                let isAlive = call(connect, probe) == 0 || errno != ECONNREFUSED
                Glibc.close(probe)
                guard !isAlive, Listener.file(at: path) != nil, unlink(path) == 0 else {
                    throw ServerError(
                        operation: operation, cause: String(cString: strerror(EADDRINUSE)), code: EADDRINUSE)
                }
                bound = call(bind, descriptor)
            }
            // Nobody can connect before `listen`: there is no moment with other permissions.
            guard bound == 0, chmod(path, mode) == 0, listen(descriptor, SOMAXCONN) == 0 else {
                throw Listener.failure(operation)
            }
            self.endpoint = endpoint
            self.descriptor = descriptor
            file = Listener.file(at: path)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// The device and inode of a socket in the file system; nil where there is none.
    private static func file(at path: String) -> (device: UInt, inode: UInt)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        return (UInt(status.st_dev), UInt(status.st_ino))
    }

    // MARK: Both

    private static func socket(_ family: Int32, _ operation: String) throws(ServerError) -> Int32 {
        let descriptor = Glibc.socket(
            family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw failure(operation) }
        return descriptor
    }

    private static func failure(_ operation: String) -> ServerError {
        let code = errno
        return ServerError(operation: operation, cause: String(cString: strerror(code)), code: code)
    }
}

extension Endpoint {
    /// The same with a port that the system has chosen.
    func with(port: UInt16) -> Endpoint {
        switch self {
        case .tcp(let address, _): .tcp(address: address, port: port)
        case .tls(let address, _): .tls(address: address, port: port)
        case .unix: self
        }
    }
}
