package import Glibc
import Linux
import Synchronization

/// The datagram socket of a service manager, to which a process says READY=1 (sd_notify(3)). As a manager does it reads
/// whatever comes, whether anybody asks for it or not.
package final class ReadinessSocket: Sendable {
    /// The socket's path, for NOTIFY_SOCKET.
    package let path: String
    private let descriptor: Int32
    private let end: WakeUp
    private let heard = Heard()
    private let thread: SystemThread

    /// The lines that came and were not asked for yet; of many the last.
    private final class Heard: Sendable {
        let lines = Mutex<[String]>([])
        static let most = 1000
    }

    /// Binds a socket at a path that nothing has yet.
    package init(path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(operation: "make a socket") }
        let bound = try SocketAddress(path).withPointer { bind(descriptor, $0, $1) }
        guard bound == 0 else { throw SystemError(operation: "bind '\(path)'") }
        // A test may run the program as another user.
        chmod(path, 0o777)
        let end = try WakeUp()
        thread = try SystemThread(name: "manager") { [heard] in
            while !Poll.readable([descriptor, end.descriptor], timeout: nil).contains(end.descriptor) {
                ReadinessSocket.read(descriptor, into: heard)
            }
        }
        self.path = path
        self.descriptor = descriptor
        self.end = end
    }

    deinit {
        end.ring()
        thread.join()
        close(descriptor)
        unlink(path)
    }

    private static func read(_ descriptor: Int32, into heard: Heard) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count > 0 else { return }
        heard.lines.withLock { lines in
            lines += String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
            lines.removeFirst(max(0, lines.count - Heard.most))
        }
    }

    /// A line that is as asked has come; those before it, and itself, are forgotten.
    package func hasHeard(_ isIt: (String) -> Bool) -> Bool {
        heard.lines.withLock { lines in
            guard let index = lines.firstIndex(where: isIt) else { return false }
            lines.removeFirst(index + 1)
            return true
        }
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
