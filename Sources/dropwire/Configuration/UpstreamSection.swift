import Ingestion
import Messaging
import TOML

/// `[[upstream]]`: the log of a watcher on another host, to be worked on here.
struct UpstreamSection: Decodable, Sendable, Equatable {
    /// What it is called where it is in trouble.
    var name: String
    /// Where its log is reached; alternatives of one server.
    var log: [Endpoint]

    private enum CodingKeys: String, CodingKey { case name, log }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        // Nothing is bound here: who listens there has seen to its keys.
        log = try keys.endpoints(.log, default: [], within: .network)
        if log.isEmpty { try keys.note(.log, "is missing: where the watcher's log is reached, as tcp://HOST:PORT") }
        name = try keys.value(.name, default: log.first?.description ?? "") { name in
            (1...80).contains(name.utf8.count) ? nil : "must have 1 to 80 bytes"
        }
    }

    /// The log that it names.
    var source: LogSource { LogSource(name: name, endpoints: log.forClients) }
}

extension Configuration {
    /// The logs that workers and status service know without being told: that of this host's watcher, where there is one,
    /// and those of others.
    var articleLogs: [LogSource] {
        let own = LogSource(name: watch.name, endpoints: watch.stream.logForClients)
        return (watch.settings.directories.isEmpty ? [] : [own]) + upstreams.map(\.source)
    }
}
