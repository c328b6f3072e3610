/// Where a server listens.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// TCP at a numeric address, IPv4 or IPv6; port 0 takes a free one.
    case tcp(address: String, port: UInt16)
    /// The same with TLS, by ``Server/Configuration/certificate``.
    case tls(address: String, port: UInt16)
    /// A socket of the file system with these permissions; who connects is told as ``Request/peer``.
    case unix(path: String, mode: UInt32 = 0o660)

    /// The port; 0 for a socket of the file system.
    package var port: UInt16 {
        switch self {
        case .tcp(_, let port), .tls(_, let port): port
        case .unix: 0
        }
    }

    /// Its connections speak TLS.
    package var isSecure: Bool {
        switch self {
        case .tls: true
        case .tcp, .unix: false
        }
    }

    package var description: String {
        switch self {
        case .tcp(let address, let port), .tls(let address, let port):
            address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .unix(let path, _): path
        }
    }
}
