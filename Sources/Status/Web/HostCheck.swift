/// Says by which names the service may be called.
///
/// A page of another site can make a browser send requests here under a name of its own that it has rebound to loopback;
/// its name gives it away.
struct HostCheck: Sendable {
    private let names: Set<String>

    /// Allows loopback's names, and `names` beside them.
    init(names: [String]) {
        self.names = Set(names.map { $0.lowercased() }).union(["localhost", "[::1]"])
    }

    /// Returns whether the value of a Host header is one of ours; its port does not matter.
    func allows(_ header: String?) -> Bool {
        guard var host = header?.lowercased() else { return false }
        if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].utf8.allSatisfy(HostCheck.isDigit) {
            host = String(host[..<colon])
        }
        return names.contains(host) || HostCheck.isLoopback(host)
    }

    /// 127.0.0.0/8, written as four decimal numbers.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { $0.utf8.count <= 3 && $0.utf8.allSatisfy(isDigit) && UInt8($0) != nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
