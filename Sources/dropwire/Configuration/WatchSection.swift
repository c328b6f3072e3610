import Ingestion
import Messaging
import TOML

/// `[watch]`: the drop directories, the stream of articles, and where the watcher answers tools.
struct WatchSection: Sendable, Equatable {
    /// The drop directories.
    var settings = Ingestion.Configuration()
    /// What the watcher is called among several on a host.
    var name = "watch"
    /// Where the watcher answers tools and the status service.
    var admin: [Endpoint]
    /// The size of the log at which no more files are taken.
    var maximumLogBytes = ByteSize.gibibytes(20)
    /// Consumers and groups, by name, that retention waits for.
    var hold = ["deduplicate", "index", "summarize"]
    /// The stream of articles.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        admin = [try .local(runtimeDirectory, "watch/admin.sock")]
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "watch", feedPort: 8471, logPort: 8472)
    }

    private enum CodingKeys: String, CodingKey {
        case admin, name, stream, hold
        case maximumLogBytes = "max_log_bytes"
    }

    init(from decoder: any Decoder, defaults: WatchSection, within reach: Endpoint.Reach) throws {
        self = defaults
        settings = try Ingestion.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        name = try keys.value(.name, default: name) { name in
            let isWord = name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "/") }
            return isWord && (1...40).contains(name.utf8.count)
                ? nil : "must be a word of 1 to 40 bytes without @ and /, is \"\(name)\""
        }
        admin = try keys.endpoints(.admin, default: admin, within: reach)
        maximumLogBytes = try keys.value(
            .maximumLogBytes, default: maximumLogBytes, in: .mebibytes(16) ... .gibibytes(64 << 10))
        hold = try keys.value(.hold, default: hold) { names in
            guard names.count <= 100, names.allSatisfy({ (1...100).contains($0.utf8.count) }) else {
                return "has at most 100 names of 1 to 100 bytes"
            }
            return Set(names).count == names.count ? nil : "names a consumer twice"
        }
        stream = try keys.section(.stream, default: stream) {
            try StreamSection(from: $0, defaults: defaults.stream, within: reach)
        }
    }
}
