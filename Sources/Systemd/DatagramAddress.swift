import Glibc

/// Where a daemon of systemd takes datagrams: a socket in the file system, or in the abstract namespace of Linux.
struct DatagramAddress: Sendable {
    private let address: sockaddr_un
    private let length: socklen_t

    /// Takes a path, or `@` and an abstract name (unix(7)); nil where it is empty or has no room. Nothing need be bound there.
    init?(_ name: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(name.utf8)
        guard path.count > 1, path.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        // An abstract name begins with a NUL, and has no other at its end.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 } else { path.append(0) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        self.address = address
        length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + path.count)
    }

    /// Makes a socket to send from, to be closed by the caller; negative where that cannot be.
    static func makeSocket() -> Int32 { socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

    /// Sends a datagram without waiting; returns whether it was taken.
    func send(_ bytes: [UInt8], from descriptor: Int32) -> Bool {
        withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                while true {
                    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
                    if sendto(descriptor, bytes, bytes.count, flags, address, length) >= 0 { return true }
                    if errno != EINTR { return false }
                }
            }
        }
    }
}
