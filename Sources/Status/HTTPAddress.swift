import TOML

/// A loopback address and a port, as `127.0.0.1:8470` or `[::1]:8470`; port 0 takes a free one.
package struct HTTPAddress: Decodable, Sendable, Hashable, CustomStringConvertible {
    /// The numeric address, without brackets.
    package let host: String
    /// The port.
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ConfigurationProblem(
                message: "expected an address such as \"127.0.0.1:8470\", found the string \"\(text)\"")
        }
        let host = String(text[..<colon])
        switch host {
        case "127.0.0.1", "localhost": self.init(host: "127.0.0.1", port: port)
        case "[::1]": self.init(host: "::1", port: port)
        default:
            // Everything that is published could be read, and files be retried, by whoever reaches it.
            throw ConfigurationProblem(
                message: "'\(text)' could be reachable from other machines, and the page asks for no password; "
                    + "serve it on 127.0.0.1:PORT or [::1]:PORT")
        }
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
