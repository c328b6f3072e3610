import Indexing
import Lifecycle
import Linux
import Messaging
import SQLite
import Webhooks
import ZeroMQ

extension Command {
    static let index = Command(
        name: "index", summary: "keep every article and make it found", explanation: Role.explanation,
        options: Role.options,
        examples: [
            Command.Example(
                "dropwire index --config /etc/dropwire/dropwire.toml",
                "Run it in the foreground, as its unit does.")
        ],
        run: { try IndexRole.run($0) })
}

/// The wiring of the indexer: worker → search server, the stories from the stream of results, and what saved searches
/// match: its log server and its webhooks.
enum IndexRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "index") { role in
            let section = role.configuration.index
            let database = role.stateDirectory + "/index.sqlite"
            let savedSearches = role.stateDirectory + "/saved-searches.sqlite"
            let stories = role.stateDirectory + "/stories.sqlite"
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "match"), databasePath: database)
            let outbox = role.stateDirectory + "/webhooks.sqlite"
            let webhooks = try webhooks(section.webhooks, database: database, outbox: outbox)
            var configuration = role.worker(
                generation: section.settings.generation, statePath: database,
                endpoints: [
                    "search": section.search.forClients, "feed": section.stream.feed.map(\.description),
                    "log": section.stream.log.map(\.description),
                ])
            configuration.servedLogs = { server.standing.map { [$0] } ?? [] }
            let worker = try StatefulWorker(
                context: role.context, configuration: configuration, onProgress: role.onProgress
            ) {
                try Indexer(savedSearches: savedSearches, retention: section.stream.retention) { matches in
                    server.publish(matches)
                    for webhook in webhooks { webhook.wake() }
                }
            }
            let follower = try StoryFollower(
                context: role.context, endpoints: role.configuration.status.stream.logForClients, path: stories)
            let search = try CommandServer(
                name: "search", context: role.context, endpoints: section.search, domain: .search
            ) {
                let desk = try WebhookDesk(section.webhooks, path: outbox) { name in
                    for webhook in webhooks where webhook.isCalled(name) { webhook.retry() }
                }
                return try SearchDesk(
                    path: database, savedSearches: savedSearches, stories: stories, recency: section.settings.recency
                ).handlers.merging(desk.handlers) { own, _ in own }
            }
            // The worker and the follower make the databases that all others read.
            return [worker, follower, search, server] + webhooks
        }
    }

    private static func webhooks(
        _ configurations: [WebhookConfiguration], database: String, outbox: String
    ) throws -> [WebhookService] {
        try configurations.map { configuration in
            let signer: WebhookSigner
            do throws(SecretProblem) { signer = try configuration.signer() } catch {
                throw ConfigurationError(description: error.description)
            }
            return try WebhookService(configuration, signer: signer, logPath: database, storePath: outbox) {
                let searcher = try ArticleSearcher(connection: Connection(path: database, mode: .readOnly))
                return { try searcher.get(id: $0) }
            }
        }
    }
}
