import Indexing
import Lifecycle
import Messaging
import ZeroMQ

extension Command {
    static let index = Command(
        name: "index", summary: "keep every article and make it found", options: Role.options,
        run: { try IndexRole.run($0) })
}

/// The wiring of the indexer: worker → search server.
enum IndexRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "index") { role in
            let section = role.configuration.index
            let database = role.stateDirectory + "/index.sqlite"
            let worker = try StatefulWorker(
                context: role.context,
                configuration: role.worker(
                    generation: section.settings.generation, statePath: database,
                    endpoints: ["search": [section.search.description]]),
                onProgress: role.onProgress
            ) { Indexer() }
            let search = try CommandServer(name: "search", context: role.context, endpoints: [section.search]) {
                try SearchDesk(path: database).handlers
            }
            // The worker makes the database that searches read.
            return [worker, search]
        }
    }
}
