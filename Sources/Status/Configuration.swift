import TOML

/// The keys of `[status]` that are the status service's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Where the page and the API are served.
    package var http = HTTPAddress(host: "127.0.0.1", port: 8470)
    /// Names by which a browser may call the service beside loopback's own: those of a proxy in front of it.
    package var hosts: [String] = []
    /// How long articles, files and results are kept.
    package var retention = Duration.seconds(90 * 86_400)

    package init() {}

    private enum CodingKeys: String, CodingKey { case http, hosts, retention }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        http = try keys.value(.http, default: http)
        hosts = try keys.value(.hosts, default: hosts) { hosts in
            let wrong = hosts.first { $0.isEmpty || $0.contains("/") || $0.contains(":") }
            return wrong.map { "must be names without scheme and port, has \"\($0)\"" }
        }
        retention = try keys.value(.retention, default: retention, in: .seconds(3600) ... .seconds(3650 * 86_400))
    }
}
