/// Addresses that begin alike: `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    private let address: NetworkAddress
    private let length: Int

    /// This machine's own addresses.
    package static let loopback: [AddressRange] = ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }

    /// Reads an address, or one with the number of bits that all others have in common with it; nil where the text is
    /// none, or has bits behind those.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.contains("%"), let address = NetworkAddress(parts[0]) else { return nil }
        let bits = address.bytes.count * 8
        self.address = address
        guard parts.count == 2 else {
            length = bits
            return
        }
        guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let length = Int(parts[1]), length <= bits
        else { return nil }
        self.length = length
        guard (length..<bits).allSatisfy({ address.bytes[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 0 }) else { return nil }
    }

    /// Returns whether an address is one of them.
    package func contains(_ other: NetworkAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        let whole = length / 8
        guard other.bytes[..<whole].elementsEqual(address.bytes[..<whole]) else { return false }
        guard length % 8 > 0 else { return true }
        return (other.bytes[whole] ^ address.bytes[whole]) >> UInt8(8 - length % 8) == 0
    }

    package var description: String {
        length == address.bytes.count * 8 ? address.description : "\(address)/\(length)"
    }
}
