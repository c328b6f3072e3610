import HTTP

/// Says by which names the service may be called.
///
/// A page of another site can make a browser send requests here under a name of its own that it has rebound to this
/// service's address; its name gives it away.
struct HostCheck: Sendable {
    private let names: Set<String>

    /// Allows loopback's names, and `names` beside them.
    init(names: [String]) {
        self.names = Set(names.map { $0.lowercased() })
    }

    /// Returns whether the name by which a request calls the service is one of ours; the port does not matter.
    func allows(_ request: HTTP.Request) -> Bool {
        // No page reaches a socket of the file system.
        if request.peer != nil { return true }
        guard let host = HostCheck.host(request.header("Host")) else { return false }
        if names.contains(host) || isLoopback(host) { return true }
        // By TLS there may be addresses beyond loopback. An address cannot be rebound: it is no name.
        return request.isSecure && HostCheck.address(host) != nil
    }

    /// Returns whether the value of a Host header is one of loopback's names.
    func isLoopback(_ header: String?) -> Bool {
        guard let host = HostCheck.host(header) else { return false }
        return host == "localhost" || HostCheck.address(host)?.isLoopback == true
    }

    /// Returns whether a request that changes something may come from where it does.
    ///
    /// A browser says of every POST which page sent it, and a page of another site can make it send one with what is known
    /// of a person here. A program says nothing of the kind: who can connect with one needs no page.
    func allowsChange(_ request: HTTP.Request) -> Bool { request.origin != .cross }

    /// The name without the port, in lower case.
    private static func host(_ header: String?) -> String? {
        guard var host = header?.lowercased() else { return nil }
        if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].utf8.allSatisfy(HostCheck.isDigit) {
            host = String(host[..<colon])
        }
        return host
    }

    /// The address that a name is; nil where it is none.
    private static func address(_ host: String) -> NetworkAddress? {
        if host.hasPrefix("["), host.hasSuffix("]") { return NetworkAddress(host.dropFirst().dropLast()) }
        return host.contains(":") ? nil : NetworkAddress(host)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
