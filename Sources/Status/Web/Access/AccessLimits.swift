import HTTP
import TOML

/// `[status.limits]`: how much the clients of the page and the API may take.
package struct AccessLimits: Decodable, Sendable, Equatable {
    /// Connections at a time.
    package var connections = 1000
    /// Connections at a time from one address elsewhere.
    package var connectionsPerAddress = 100
    /// Requests a second of one client elsewhere, in the long run; ten times as many at once.
    package var requestsPerSecond = 50

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case connections
        case connectionsPerAddress = "connections_per_address"
        case requestsPerSecond = "requests_per_second"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        connections = try keys.value(.connections, default: connections, in: 16...20_000)
        connectionsPerAddress = try keys.value(
            .connectionsPerAddress, default: connectionsPerAddress, in: 1...20_000)
        requestsPerSecond = try keys.value(.requestsPerSecond, default: requestsPerSecond, in: 1...100_000)
    }

    /// How many of the connections only clients on this machine get.
    var keptForLocal: Int { max(1, connections / 10) }

    /// The limit of requests of one client.
    var requests: RateLimit.Configuration {
        .init(burst: requestsPerSecond * 10, perSecond: Double(requestsPerSecond))
    }
}
