import Messaging
import TOML

extension Endpoint: Decodable {
    /// Takes an address; what is wrong with it is told at its place in the file.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(Problem) {
            try self.init(binding: text, within: .network)
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
    /// Returns the endpoints at `key`: a list, or one alone without brackets.
    ///
    /// - Parameters:
    ///   - reach: from where they may be reached.
    ///   - isForClients: clients of the same configuration find the server by them, so that one at least must say all.
    func endpoints(
        _ key: Key, default: [Endpoint], within reach: Endpoint.Reach, isForClients: Bool = true
    ) throws -> [Endpoint] {
        var isAlone = false
        if contains(key), (try? decode(String.self, forKey: key)) != nil { isAlone = true }
        let endpoints =
            isAlone
            ? try [
                value(key, default: `default`.first) { isForClients ? [$0].compactMap(\.self).problemForClients : nil }
            ]
            .compactMap(\.self)
            : try value(key, default: `default`) { endpoints in
                if endpoints.isEmpty { return "must name at least one endpoint" }
                return isForClients ? endpoints.problemForClients : nil
            }
        for (index, endpoint) in endpoints.enumerated() {
            guard let message = endpoint.problem(within: reach) else { continue }
            if isAlone { try note(key, message) } else { try note(key, index, message) }
        }
        return endpoints
    }
}

extension [Endpoint] {
    fileprivate var problemForClients: String? {
        contains(where: \.isConnectable)
            ? nil
            : "must name at least one endpoint that clients can find: ipc:///PATH, or tcp with a host and a port that are "
                + "not *"
    }
}
