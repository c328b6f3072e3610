package import HTTP
import TOML

/// Proxies in front of the service, as the configuration names them: `192.0.2.1`, `10.0.0.0/8`, or `unix` for those that
/// come by the socket of the file system.
package enum ProxyName: Decodable, Sendable, Hashable, CustomStringConvertible {
    case addresses(AddressRange)
    case socket

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if text == "unix" {
            self = .socket
        } else if let range = AddressRange(text) {
            self = .addresses(range)
        } else {
            throw ConfigurationProblem(
                message:
                    "expected an address such as \"192.0.2.1\", a network such as \"10.0.0.0/8\", or \"unix\", found "
                    + "the string \"\(text)\"")
        }
    }

    package var description: String {
        switch self {
        case .addresses(let range): range.description
        case .socket: "unix"
        }
    }
}
