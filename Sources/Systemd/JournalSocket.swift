import Glibc

/// The socket by which the journal takes entries with fields (its native protocol).
///
/// The corresponding C function is `sd_journal_sendv`, which is not used: it says nothing where no journal is there, so that
/// what was to be said would be lost, and it waits as long as the journal stands still.
/// The protocol: <https://systemd.io/JOURNAL_NATIVE_PROTOCOL>.
package final class JournalSocket: Sendable {
    private let descriptor: Int32
    private let address: DatagramAddress

    /// Makes a socket; nil where that cannot be. Nothing need be bound at the path yet.
    package init?(path: String = "/run/systemd/journal/socket") {
        guard let address = DatagramAddress(path) else { return nil }
        self.address = address
        descriptor = DatagramAddress.makeSocket()
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Sends an entry, in one datagram, without waiting.
    ///
    /// - Parameter fields: names of capitals, digits and underscores that begin with a capital, and values of any bytes.
    /// - Returns: whether it was taken: false where nobody is there, has room for it, or takes so much at once.
    package func send(_ fields: [(name: String, value: String)]) -> Bool {
        address.send(JournalSocket.datagram(fields), from: descriptor)
    }

    /// The bytes of an entry: `NAME=value` a line, or where the value has line breaks its length before it.
    static func datagram(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += name.utf8
            if value.utf8.contains(0x0a) {
                bytes.append(0x0a)
                withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes += value.utf8
            bytes.append(0x0a)
        }
        return bytes
    }
}
