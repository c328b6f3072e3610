import Deduplication
import Messaging
import TOML

/// `[deduplicate]`: how duplicates are found, and the stream of what is not one.
struct DeduplicateSection: Sendable, Equatable {
    /// The deduplicator's own keys.
    var settings = Deduplication.Configuration()
    /// The stream of unique articles.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "deduplicate", feedPort: 8476, logPort: 8477)
    }

    private enum CodingKeys: String, CodingKey { case stream }

    init(from decoder: any Decoder, defaults: DeduplicateSection, within reach: Endpoint.Reach) throws {
        self = defaults
        settings = try Deduplication.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        stream = try keys.section(.stream, default: stream) {
            try StreamSection(from: $0, defaults: defaults.stream, within: reach)
        }
    }
}
