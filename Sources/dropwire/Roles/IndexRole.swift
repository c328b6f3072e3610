import Indexing
import Lifecycle
import Messaging
import ZeroMQ

extension Command {
    static let index = Command(
        name: "index", summary: "keep every article and make it found", options: Role.options,
        run: { try IndexRole.run($0) })
}

/// The wiring of the indexer: worker → search server, and the log server of what saved searches match.
enum IndexRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "index") { role in
            let section = role.configuration.index
            let database = role.stateDirectory + "/index.sqlite"
            let savedSearches = role.stateDirectory + "/saved-searches.sqlite"
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "match"), databasePath: database)
            let worker = try StatefulWorker(
                context: role.context,
                configuration: role.worker(
                    generation: section.settings.generation, statePath: database,
                    endpoints: [
                        "search": [section.search.description], "feed": section.stream.feed.map(\.description),
                        "log": section.stream.log.map(\.description),
                    ]),
                onProgress: role.onProgress
            ) {
                try Indexer(savedSearches: savedSearches, retention: section.stream.retention) { server.publish($0) }
            }
            let search = try CommandServer(name: "search", context: role.context, endpoints: [section.search]) {
                try SearchDesk(path: database, savedSearches: savedSearches).handlers
            }
            // The worker makes the database that searches and the server read.
            return [worker, search, server]
        }
    }
}
