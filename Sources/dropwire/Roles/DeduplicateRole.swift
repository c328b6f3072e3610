import Deduplication
import Lifecycle
import Messaging
import ZeroMQ

extension Command {
    static let deduplicate = Command(
        name: "deduplicate", summary: "say of every article whether it is unique, or find the copies in files",
        explanation: """
            As a role of the service it judges what the watcher publishes. With --offline it reads files
            and prints a line for each pair of near duplicates: the ids of both, and the similarity,
            parted by tabs. Articles are lines of JSON with id, title and text, Dropwire's records, or
            files of any format that Dropwire reads. The similarity is the part that two texts share of
            the sequences of five words that either has (Jaccard; words are letters, digits and
            underscores in lower case). All pairs are found, and only these.
            --containment C adds pairs of which one has the part C of the shorter one's sequences, and
            compares short texts with their titles by three words, and texts without spaces between
            words by characters.
            """,
        options: DeduplicateOffline.options + Role.options, operands: "[--offline FILE…]",
        failure: "where something could not be read, with file and line",
        examples: [
            Command.Example(
                "dropwire deduplicate --offline --threshold 0.7 articles.jsonl",
                "Find the copies in a file of articles.")
        ],
        run: { try $0.has("--offline") ? DeduplicateOffline.run($0) : DeduplicateRole.run($0) })
}

/// The wiring of the deduplicator: worker → log server of the unique articles.
enum DeduplicateRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        for option in DeduplicateOffline.options where arguments.has(option.name) {
            throw UsageError("\(option.name) goes with --offline; the service takes what stands in the configuration")
        }
        if let operand = arguments.operands.first {
            throw UsageError("'\(operand)' is one argument too many; files are read with --offline")
        }
        return try Role.run(arguments, name: "deduplicate") { role in
            let section = role.configuration.deduplicate
            let settings = section.settings
            let database = role.stateDirectory + "/state.sqlite"
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "unique"), databasePath: database)
            var configuration = role.worker(
                generation: settings.generation, statePath: database,
                endpoints: [
                    "feed": section.stream.feed.map(\.description), "log": section.stream.log.map(\.description),
                ])
            configuration.servedLogs = { server.standing.map { [$0] } ?? [] }
            let worker = try StatefulWorker(
                context: role.context, configuration: configuration, onProgress: role.onProgress
            ) {
                DeduplicationProcessor(
                    deduplicator: Deduplicator(threshold: settings.threshold, window: settings.window),
                    retention: section.stream.retention, replace: { server.replace($0) }
                ) { server.publish($0) }
            }
            // The worker makes the database that the server reads.
            return [worker, server]
        }
    }
}
