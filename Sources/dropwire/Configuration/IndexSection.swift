import Indexing
import Messaging
import TOML

/// `[index]`: the full text of everything, and where it answers.
struct IndexSection: Sendable, Equatable {
    /// The indexer's own keys.
    var settings = Indexing.Configuration()
    /// Where searches are answered.
    var search: Endpoint

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        search = try .local(runtimeDirectory, "index/search.sock")
    }

    private enum CodingKeys: String, CodingKey { case search }

    init(from decoder: any Decoder, defaults: IndexSection) throws {
        self = defaults
        settings = try Indexing.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        search = try keys.localEndpoint(.search, default: search)
    }
}
