import Messaging
import TOML

extension Endpoint: Decodable {
    /// Takes an address that this program may bind; what is wrong with it is told at its place in the file.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(Problem) {
            try self.init(binding: text)
        } catch {
            throw ConfigurationProblem(message: error.description)
        }
    }

    /// The ipc endpoint of the socket `name` below the runtime directory.
    static func local(_ runtimeDirectory: String, _ name: String) throws(Problem) -> Endpoint {
        let isRoot = runtimeDirectory.hasSuffix("/")
        return try Endpoint(binding: "ipc://\(runtimeDirectory)\(isRoot ? "" : "/")\(name)")
    }
}

extension KeyedDecodingContainer {
    /// Returns the ipc endpoint at `key`: commands change things, and any local user can reach loopback TCP.
    func localEndpoint(_ key: Key, default: Endpoint) throws -> Endpoint {
        try value(key, default: `default`) { endpoint in
            endpoint.ipcPath == nil ? "must be an ipc:///PATH endpoint, is \"\(endpoint)\"" : nil
        }
    }
}
