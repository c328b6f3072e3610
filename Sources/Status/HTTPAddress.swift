import HTTP
import TOML

/// A numeric address and a port, as `127.0.0.1:8470` or `[::1]:8470`; port 0 takes a free one.
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
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let host = HTTPAddress.host(text[..<colon])
        else {
            throw ConfigurationProblem(
                message:
                    "expected an address such as \"127.0.0.1:8470\", found the string \"\(text)\"")
        }
        self.init(host: host, port: port)
    }

    private static func host(_ text: Substring) -> String? {
        if text == "localhost" { return "127.0.0.1" }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let plain = isBracketed ? text.dropFirst().dropLast() : text
        guard NetworkAddress(plain) != nil, plain.contains(":") == isBracketed else { return nil }
        return String(plain)
    }

    /// Nobody but this machine reaches it.
    package var isLoopback: Bool { NetworkAddress(host)?.isLoopback == true }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
