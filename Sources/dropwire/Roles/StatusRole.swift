import Lifecycle
import Messaging
import Status
import ZeroMQ

/// The wiring of the status service: its one writer → log server of the results, and the page.
enum StatusRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "status") { role in
            let section = role.configuration.status
            let database = role.stateDirectory + "/results.sqlite"
            let board = StatusBoard()
            board.setEndpoints("feed", section.stream.feed.map(\.description))
            board.setEndpoints("log", section.stream.log.map(\.description))
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "results"), databasePath: database)
            var settings = StatusService.Settings(
                databasePath: database, report: [section.report],
                logs: [role.configuration.watch.stream.logForClients])
            settings.retention = section.settings.retention
            settings.resultRetention = section.stream.retention
            let status = try StatusService(
                context: role.context, settings: settings, board: board,
                replace: { server.replace($0) }, publish: { server.publish($0) },
                onProgress: role.onProgress)
            var page = WebService.Settings(
                databasePath: database, http: section.settings.http,
                search: [role.configuration.index.search.description])
            page.hosts = section.settings.hosts
            let web = try WebService(context: role.context, settings: page, board: board)
            // The service makes the database that the other two read.
            return [status, server, web]
        }
    }
}
