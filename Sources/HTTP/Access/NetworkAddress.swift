import Glibc

/// A numeric address of IPv4 or IPv6, without a port.
package struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four bytes or sixteen, in network order.
    let bytes: [UInt8]

    /// Reads an address as `inet_pton` does; nil where the text is none.
    ///
    /// A zone (`fe80::1%eth0`) is left out. An address of IPv4 within IPv6 (`::ffff:192.0.2.1`) is the former.
    package init?(_ text: some StringProtocol) {
        let plain = String(text.prefix { $0 != "%" })
        // The longest that there is has 45 characters.
        guard plain.utf8.count <= 45 else { return nil }
        var room = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, plain, &room) == 1 {
            bytes = Array(room[..<4])
        } else if inet_pton(AF_INET6, plain, &room) == 1 {
            bytes = room.starts(with: NetworkAddress.mapped) ? Array(room[12...]) : room
        } else {
            return nil
        }
    }

    private static let mapped = [UInt8](repeating: 0, count: 10) + [255, 255]

    /// Nobody but this machine has it.
    package var isLoopback: Bool { AddressRange.loopback.contains { $0.contains(self) } }

    /// What limits count as one: an address of IPv4, a network of 64 bits in IPv6.
    package var group: String {
        bytes.count == 4
            ? description : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            fatalError("an address that cannot be written")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
