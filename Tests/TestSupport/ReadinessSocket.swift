package import Glibc
import Linux

/// The datagram socket of a service manager, to which a process says READY=1 (sd_notify(3)).
package final class ReadinessSocket: Sendable {
    /// The socket's path, for NOTIFY_SOCKET.
    package let path: String
    private let descriptor: Int32

    /// Binds a socket at a path that nothing has yet.
    package init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(operation: "make a socket") }
        let bound = try SocketAddress(path).withPointer { bind(descriptor, $0, $1) }
        guard bound == 0 else { throw SystemError(operation: "bind '\(path)'") }
        // A test may run the program as another user.
        chmod(path, 0o777)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Waits for a datagram; returns whether one that came has `line`.
    package func hears(_ line: String, within limit: Duration) -> Bool {
        guard !Poll.readable([descriptor], timeout: limit).isEmpty else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
            if String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").contains(Substring(line)) {
                return true
            }
        }
        return false
    }
}

/// The address of a socket in the file system.
package struct SocketAddress {
    private var address = sockaddr_un()

    /// - Throws: `Trouble` where the path is longer than the 107 bytes that an address has room for.
    package init(_ path: String) throws {
        let bytes = Array(path.utf8)
        guard bytes.count <= 107 else { throw Trouble("'\(path)' is too long for a socket") }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    }

    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
