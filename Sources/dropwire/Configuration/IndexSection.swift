import Indexing
import Messaging
import TOML

/// `[index]`: the full text of everything, where it answers, and the stream of what saved searches match.
struct IndexSection: Sendable, Equatable {
    /// The indexer's own keys.
    var settings = Indexing.Configuration()
    /// Where searches are answered.
    var search: Endpoint
    /// The stream of matches.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        search = try .local(runtimeDirectory, "index/search.sock")
        stream = try StreamSection(runtimeDirectory: runtimeDirectory, role: "index", feedPort: 8478, logPort: 8479)
    }

    private enum CodingKeys: String, CodingKey { case search, stream }

    init(from decoder: any Decoder, defaults: IndexSection) throws {
        self = defaults
        settings = try Indexing.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        search = try keys.localEndpoint(.search, default: search)
        stream = try keys.section(.stream, default: stream) { try StreamSection(from: $0, defaults: defaults.stream) }
    }
}
