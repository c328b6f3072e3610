import Deduplication
import Lifecycle
import Messaging
import ZeroMQ

extension Command {
    static let deduplicate = Command(
        name: "deduplicate", summary: "say of every article whether it is unique", options: Role.options,
        run: { try DeduplicateRole.run($0) })
}

/// The wiring of the deduplicator: worker → log server of the unique articles.
enum DeduplicateRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "deduplicate") { role in
            let section = role.configuration.deduplicate
            let settings = section.settings
            let database = role.stateDirectory + "/state.sqlite"
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "unique"), databasePath: database)
            let worker = try StatefulWorker(
                context: role.context,
                configuration: role.worker(
                    generation: settings.generation, statePath: database,
                    endpoints: [
                        "feed": section.stream.feed.map(\.description), "log": section.stream.log.map(\.description),
                    ]),
                onProgress: role.onProgress
            ) {
                DeduplicationProcessor(
                    deduplicator: Deduplicator(threshold: settings.threshold, window: settings.window),
                    retention: section.stream.retention
                ) { server.publish($0) }
            }
            // The worker makes the database that the server reads.
            return [worker, server]
        }
    }
}
