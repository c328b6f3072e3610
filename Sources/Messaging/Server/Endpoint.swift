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

    /// From where an endpoint may be reached.
    package enum Reach: Sendable {
        /// A Unix socket, or TCP on loopback.
        case machine
        /// Any address: whoever connects from another machine needs a key.
        case network
    }

    /// Takes an address that this process may bind.
    ///
    /// - Throws: ``Problem`` where it is no endpoint, where its path is too long, or where it can be reached from beyond
    ///   `reach`: without keys nothing is bound but loopback.
    package init(binding text: String, within reach: Reach = .machine) throws(Problem) {
        try self.init(text)
        if let message = problem(within: reach) { throw Problem(description: message) }
    }

    /// Takes an address to connect to.
    package init(connecting text: String) throws(Problem) { try self.init(text) }

    /// What keeps the endpoint from being used where nothing may be reached from beyond `reach`; nil where nothing does.
    package func problem(within reach: Reach) -> String? {
        guard case .machine = reach, isBeyondMachine else { return nil }
        return "the endpoint '\(self)' would be reachable from other machines, which needs CURVE keys: set "
            + "[security] key_file (`dropwire keygen`), or take tcp://127.0.0.1:PORT or ipc:///PATH"
    }

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

    /// A client can connect to it: it names a host, and its port is not left to the system.
    package var isConnectable: Bool {
        !description.hasSuffix(":*") && !description.hasSuffix(":0") && !isEveryAddress
    }

    /// Other machines can reach it: TCP on another address than one of loopback.
    package var isBeyondMachine: Bool { tcpHost.map { !Endpoint.isLoopback($0) } ?? false }

    /// It stands for every address of the machine.
    package var isEveryAddress: Bool { ["*", "0.0.0.0", "[::]"].contains(tcpHost) }

    /// The path of an ipc endpoint.
    package var ipcPath: String? { description.hasPrefix("ipc://") ? String(description.dropFirst(6)) : nil }

    private var tcpAddress: String? { description.hasPrefix("tcp://") ? String(description.dropFirst(6)) : nil }

    /// The host of a tcp endpoint, as it is written.
    package var tcpHost: String? {
        guard let address = tcpAddress, let colon = address.lastIndex(of: ":") else { return nil }
        return String(address[..<colon])
    }

    private static func isLoopback(_ host: String) -> Bool {
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        return host == "[::1]" || host == "localhost"
    }
}

extension [Endpoint] {
    /// The addresses to which a client can connect, in order: alternatives.
    package var forClients: [String] { filter(\.isConnectable).map(\.description) }
}
