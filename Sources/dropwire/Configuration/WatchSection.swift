import Ingestion
import Messaging
import TOML

/// `[watch]`: the drop directories, the stream of articles, and where the watcher answers tools.
struct WatchSection: Sendable, Equatable {
    /// The drop directories.
    var settings = Ingestion.Configuration()
    /// Where the watcher answers tools and the status service.
    var admin: Endpoint
    /// The size of the log at which no more files are taken.
    var maximumLogBytes = ByteSize.gibibytes(20)
    /// The stream of articles.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        admin = try .local(runtimeDirectory, "watch/admin.sock")
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "watch", feedPort: 8471, logPort: 8472)
    }

    private enum CodingKeys: String, CodingKey {
        case admin, stream
        case maximumLogBytes = "max_log_bytes"
    }

    init(from decoder: any Decoder, defaults: WatchSection) throws {
        self = defaults
        settings = try Ingestion.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        admin = try keys.localEndpoint(.admin, default: admin)
        maximumLogBytes = try keys.value(
            .maximumLogBytes, default: maximumLogBytes, in: .mebibytes(16) ... .gibibytes(64 << 10))
        stream = try keys.section(.stream, default: stream) { try StreamSection(from: $0, defaults: defaults.stream) }
    }
}
