import Linux
import Messaging
import ZeroMQ

extension Command.Option {
    /// Which of several watchers a tool asks.
    static let watcher = Command.Option("--watcher", "NAME", "which watcher, as status lists it; NAME@HOST elsewhere")
}

/// Where a tool reaches a watcher: this host's by its configuration, another one by what the status service has heard.
enum WatcherAddress {
    /// The addresses of what a watcher serves under a name (`admin`, `log`); alternatives.
    ///
    /// - Parameters:
    ///   - watcher: what it is called; nil for the one of the configuration.
    ///   - own: the addresses of that one.
    static func addresses(
        of service: String, watcher: String?, own: [String], _ configuration: Configuration, _ context: Context
    ) throws -> [String] {
        guard let watcher else { return own }
        let queries = StatusQueries(
            client: CommandClient(context: context, endpoints: configuration.status.report.forClients))
        return try addresses(of: service, WatcherChoice.watcher(watcher, among: queries.processes()))
    }

    /// The admin socket of the watcher that the arguments name.
    static func admin(
        _ arguments: ParsedArguments, _ configuration: Configuration, _ context: Context
    ) throws -> [String] {
        try addresses(
            of: "admin", watcher: arguments.value("--watcher"), own: configuration.watch.admin.forClients,
            configuration, context)
    }

    /// The addresses of a watcher that this host can connect to.
    static func addresses(of service: String, _ watcher: ServedStreams.Entry) throws -> [String] {
        let host = ProcessInformation.hostName
        let found = watcher.addresses(of: service, from: host)
        guard !found.isEmpty else { throw Unreachable(watcher: watcher.label(on: host), service: service) }
        return found
    }

    /// A watcher serves something where only its own host gets at it.
    struct Unreachable: Error, CustomStringConvertible {
        let watcher: String
        let service: String
        var description: String {
            "\(watcher) has no address for '\(service)' that can be reached from here; ask on its own host"
        }
    }
}
