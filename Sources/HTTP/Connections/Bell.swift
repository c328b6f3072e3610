import Glibc

/// A bell that any thread may ring and one polls.
final class Bell: Sendable {
    /// The descriptor to poll for reading.
    let descriptor: Int32
    private let clapper: Int32

    init() throws(ServerError) {
        var ends: [Int32] = [-1, -1]
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0, &ends) == 0 else {
            throw ServerError(operation: "make a bell", cause: String(cString: strerror(errno)), code: errno)
        }
        (descriptor, clapper) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(clapper)
    }

    /// Rings. One that is full of rings rings already.
    func ring() {
        var byte: UInt8 = 1
        while send(clapper, &byte, 1, Int32(MSG_NOSIGNAL)) == -1, errno == EINTR {}
    }

    /// Silences it.
    func silence() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }
}
