import Glibc

/// Where a client connects from.
struct ClientAddress: Hashable {
    /// The numeric address without the port; empty for a client on a socket of the file system.
    let text: String
    /// What limits count as one: an IPv4 address, an IPv6 network of 64 bits (a host has it for itself), the machine's
    /// sockets.
    let group: String
    /// The client is on this machine.
    let isLocal: Bool
    /// It is not limited by its address.
    var isUnlimited = false

    /// For what has no address of its own.
    static let unix = ClientAddress(text: "", group: "unix", isLocal: true, isUnlimited: true)

    init(text: String, group: String, isLocal: Bool, isUnlimited: Bool = false) {
        self.text = text
        self.group = group
        self.isLocal = isLocal
        self.isUnlimited = isUnlimited
    }

    init(_ storage: sockaddr_storage, length: socklen_t) {
        let family = Int32(storage.ss_family)
        guard family == AF_INET || family == AF_INET6 else {
            self = .unix
            return
        }
        (text, group, isLocal) = withUnsafeBytes(of: storage) { bytes in
            var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            let isKnown = getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0
            let text = isKnown ? host.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } : ""
            // The address stands behind family and port, in IPv6 behind the flow information, too.
            if family == AF_INET { return (text, text, bytes[4] == 127) }
            let address6 = bytes[8..<24]
            let isLoopback = address6.dropLast().allSatisfy { $0 == 0 } && address6.last == 1
            return (
                text, isLoopback ? text : address6.prefix(8).map { String($0, radix: 16) }.joined(separator: ":"),
                isLoopback
            )
        }
    }
}
