import Glibc

/// An address that a server binds or a client connects to: `ipc:///path` or `tcp://host:port`.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// The address as ZeroMQ takes it.
    package let description: String

    /// The longest path of a Unix socket in bytes (sun_path without its NUL).
    static let longestPath = 107

    /// What is wrong with an endpoint.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// Takes an address that this process may bind.
    ///
    /// - Throws: ``Problem`` where it is no endpoint, where its path is too long, or where it would be reachable from
    ///   other machines: without CURVE nothing is bound but loopback.
    package init(binding text: String) throws(Problem) {
        try self.init(text)
        if let host = tcpHost, !Endpoint.isLoopback(host) {
            throw Problem(
                description: "the endpoint '\(text)' would be reachable from other machines, which needs CURVE keys; "
                    + "bind tcp://127.0.0.1:PORT, or ipc:///PATH")
        }
    }

    /// Takes an address to connect to.
    package init(connecting text: String) throws(Problem) { try self.init(text) }

    private init(_ text: String) throws(Problem) {
        description = text
        if let path = ipcPath {
            guard path.hasPrefix("/") else {
                throw Problem(description: "the endpoint '\(text)' needs an absolute path: ipc:///PATH")
            }
            guard path.utf8.count <= Endpoint.longestPath else {
                throw Problem(
                    description: "the endpoint '\(text)' has a path of \(path.utf8.count) bytes; a Unix socket allows "
                        + "\(Endpoint.longestPath): choose a shorter runtime_directory")
            }
        } else {
            guard let colon = tcpAddress?.lastIndex(of: ":"), let address = tcpAddress,
                address[address.index(after: colon)...] == "*"
                    || UInt16(address[address.index(after: colon)...]) != nil
            else {
                throw Problem(
                    description: "the endpoint '\(text)' is neither ipc:///PATH nor tcp://HOST:PORT")
            }
        }
    }

    /// A client can connect to it: its port is not left to the system.
    package var isConnectable: Bool { !description.hasSuffix(":*") && !description.hasSuffix(":0") }

    /// The path of an ipc endpoint.
    package var ipcPath: String? { description.hasPrefix("ipc://") ? String(description.dropFirst(6)) : nil }

    private var tcpAddress: String? { description.hasPrefix("tcp://") ? String(description.dropFirst(6)) : nil }

    private var tcpHost: String? {
        guard let address = tcpAddress, let colon = address.lastIndex(of: ":") else { return nil }
        return String(address[..<colon])
    }

    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return host == "[::1]"
    }
}
