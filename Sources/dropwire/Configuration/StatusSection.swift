import Messaging
import Status
import TOML

/// `[status]`: the page and the API, where workers report, and the stream of results.
struct StatusSection: Sendable, Equatable {
    /// The status service's own keys.
    var settings = Status.Configuration()
    /// Where workers report.
    var report: Endpoint
    /// The stream of results.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        report = try .local(runtimeDirectory, "status/report.sock")
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "status", feedPort: 8474, logPort: 8475)
    }

    private enum CodingKeys: String, CodingKey { case report, stream }

    init(from decoder: any Decoder, defaults: StatusSection) throws {
        self = defaults
        settings = try Status.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        report = try keys.localEndpoint(.report, default: report)
        stream = try keys.section(.stream, default: stream) { try StreamSection(from: $0, defaults: defaults.stream) }
    }
}
