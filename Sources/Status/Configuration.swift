import TOML

/// The keys of `[status]` that are the status service's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Where the page and the API are served.
    package var http = HTTPAddress(host: "127.0.0.1", port: 8470)

    package init() {}

    private enum CodingKeys: String, CodingKey { case http }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        http = try keys.value(.http, default: http)
    }
}
