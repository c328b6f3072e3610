import Messaging
import Status
import TOML

/// `[status]`: the page and the API, where workers report, and the stream of results.
struct StatusSection: Sendable, Equatable {
    /// The status service's own keys.
    var settings = Status.Configuration()
    /// Where workers report.
    var report: [Endpoint]
    /// The socket on which the page and the API are served to programs of this machine; empty where there is none.
    var socket: String
    /// The stream of results.
    var stream: StreamSection

    init(runtimeDirectory: String) throws(Endpoint.Problem) {
        report = [try .local(runtimeDirectory, "status/report.sock")]
        socket = runtimeDirectory + (runtimeDirectory.hasSuffix("/") ? "" : "/") + "status/http.sock"
        stream = try StreamSection(
            runtimeDirectory: runtimeDirectory, role: "status", feedPort: 8474, logPort: 8475)
    }

    private enum CodingKeys: String, CodingKey { case report, socket, stream }

    init(from decoder: any Decoder, defaults: StatusSection, within reach: Endpoint.Reach) throws {
        self = defaults
        settings = try Status.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        report = try keys.endpoints(.report, default: report, within: reach)
        socket = try keys.value(.socket, default: socket) { path in
            guard !path.isEmpty else { return nil }
            guard path.hasPrefix("/") else { return "must be an absolute path, or empty for none" }
            return path.utf8.count > 107 ? "must have at most 107 bytes, as paths of sockets do" : nil
        }
        stream = try keys.section(.stream, default: stream) {
            try StreamSection(from: $0, defaults: defaults.stream, within: reach)
        }
    }
}
