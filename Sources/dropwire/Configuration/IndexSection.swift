import Indexing
import Messaging
import TOML
import Webhooks

/// `[index]`: the full text of everything, where it answers, and the stream of what saved searches match.
struct IndexSection: Sendable, Equatable {
    /// The indexer's own keys.
    var settings = Indexing.Configuration()
    /// Where searches are answered.
    var search: [Endpoint]
    /// The stream of matches.
    var stream: StreamSection
    /// Where matches are posted, `[[index.webhook]]`.
    var webhooks: [WebhookConfiguration] = []

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        search = [try .local(runtimeDirectory, "index/search.sock")]
        stream = try StreamSection(runtimeDirectory: runtimeDirectory, role: "index", feedPort: 8478, logPort: 8479)
    }

    private enum CodingKeys: String, CodingKey { case search, stream, webhook }

    init(from decoder: any Decoder, defaults: IndexSection, within reach: Endpoint.Reach) throws {
        self = defaults
        settings = try Indexing.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        search = try keys.endpoints(.search, default: search, within: reach)
        stream = try keys.section(.stream, default: stream) {
            try StreamSection(from: $0, defaults: defaults.stream, within: reach)
        }
        webhooks = try keys.value(.webhook, default: webhooks)
        var indices: [String: Int] = [:]
        for (index, webhook) in webhooks.enumerated() {
            guard let first = indices.updateValue(index, forKey: webhook.name) else { continue }
            try keys.note(
                .webhook, index, "name",
                "the webhook in \(keys.place(.webhook, first, "name")) is called '\(webhook.name)', too")
        }
    }
}
