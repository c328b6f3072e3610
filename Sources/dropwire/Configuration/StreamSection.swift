import Messaging
import TOML

/// `[….stream]`: where a stream is served, and how much of it is kept. The same for every stream.
struct StreamSection: Sendable, Equatable {
    /// Where the live feed binds.
    var feed: [Endpoint]
    /// Where the log binds.
    var log: [Endpoint]
    /// How long a record is kept.
    var retention = Duration.seconds(7 * 86_400)
    /// The memory for recent records, from which most requests are answered.
    var ringBytes = ByteSize.mebibytes(8)

    init(
        runtimeDirectory: String, role: String, feedPort: UInt16, logPort: UInt16
    ) throws(Endpoint.Problem) {
        feed = [
            try .local(runtimeDirectory, "\(role)/feed.sock"), try Endpoint(binding: "tcp://127.0.0.1:\(feedPort)"),
        ]
        log = [try .local(runtimeDirectory, "\(role)/log.sock"), try Endpoint(binding: "tcp://127.0.0.1:\(logPort)")]
    }

    /// The addresses of the log to which a client can connect, in order: alternatives.
    var logForClients: [String] { log.forClients }

    /// The configuration of the server of this stream.
    func server(name: String) -> StreamConfiguration {
        var configuration = StreamConfiguration(name: name, feed: feed, log: log, ringBytes: ringBytes.bytes)
        configuration.retention = retention
        return configuration
    }

    private enum CodingKeys: String, CodingKey {
        case feed, log, retention
        case ringBytes = "ring_bytes"
    }

    init(from decoder: any Decoder, defaults: StreamSection, within reach: Endpoint.Reach) throws {
        self = defaults
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        feed = try keys.endpoints(.feed, default: feed, within: reach, isForClients: false)
        log = try keys.endpoints(.log, default: log, within: reach)
        retention = try keys.value(.retention, default: retention, in: .seconds(60) ... .seconds(3650 * 86_400))
        ringBytes = try keys.value(.ringBytes, default: ringBytes, in: .kibibytes(64) ... .gibibytes(1))
    }
}
