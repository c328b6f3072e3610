import Ingestion
import Messaging
import TOML

/// `[watch]`: the drop directories, the stream of articles, and where the watcher answers tools.
struct WatchSection: Sendable, Equatable {
    /// The drop directories.
    var settings = Ingestion.Configuration()
    /// Where the watcher answers tools and the status service.
    var admin: Endpoint
    /// The stream of articles.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        admin = try .local(runtimeDirectory, "watch/admin.sock")
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "watch", feedPort: 8471, logPort: 8472, maxBytes: .gibibytes(20))
    }

    private enum CodingKeys: String, CodingKey { case admin, stream }

    init(from decoder: any Decoder, defaults: WatchSection) throws {
        self = defaults
        settings = try Ingestion.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        admin = try keys.localEndpoint(.admin, default: admin)
        stream = try keys.section(.stream, default: stream) { try StreamSection(from: $0, defaults: defaults.stream) }
    }
}
