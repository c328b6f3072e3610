import Lifecycle
import Messaging
import Status
import TOML
import Telemetry
import ZeroMQ

/// The wiring of the status service: its one writer → log server of the results, and the page.
enum StatusRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "status") { role in
            let section = role.configuration.status
            let database = role.stateDirectory + "/results.sqlite"
            let board = StatusBoard()
            let failures = FailureDesk()
            board.setEndpoints("feed", section.stream.feed.map(\.description))
            board.setEndpoints("log", section.stream.log.map(\.description))
            let server = try LogServer(
                context: role.context, configuration: section.stream.server(name: "results"), databasePath: database)
            var settings = StatusService.Settings(
                databasePath: database, report: section.report,
                logs: role.configuration.articleLogs)
            settings.results = { server.standing }
            settings.retention = section.settings.retention
            let limit = section.settings.maximumBytes.bytes
            settings.maximumBytes = limit == 0 ? nil : Int64(limit)
            settings.resultRetention = section.stream.retention
            settings.onHeartbeat = { role.standing.show($0) }
            let status = try StatusService(
                context: role.context, settings: settings, board: board, failures: failures,
                replace: { server.replace($0) }, publish: { server.publish($0) },
                onProgress: role.onProgress)
            let web = try makeWeb(role, databasePath: database, board, failures)
            role.setReload { reload(role, web) }
            // The service makes the database that the other two read.
            return [status, server, web]
        }
    }

    private static func makeWeb(
        _ role: Role, databasePath: String, _ board: StatusBoard, _ failures: FailureDesk
    ) throws -> WebService {
        let section = role.configuration.status
        var page = WebService.Settings(
            databasePath: databasePath, configuration: section.settings,
            search: role.configuration.index.search.forClients)
        page.socket = section.socket
        if let slash = page.socket.lastIndex(of: "/") { try StateLock.makeDirectory(String(page.socket[..<slash])) }
        do {
            return try WebService(context: role.context, settings: page, board: board, failures: failures)
        } catch let problem as TokenProblem {
            throw ConfigurationError(description: "status.tokens: \(problem)")
        }
    }

    /// Reads again what may change while the service runs: keys, tokens and the certificate.
    private static func reload(_ role: Role, _ web: WebService) {
        do throws(SecurityProblem) { try role.security.reload() } catch {
            logger.error(.keysNotReloaded, [.error: "\(error)"])
        }
        web.reload()
        logger.notice("The configuration is read at the start; restart this process for what has changed there.")
    }

    private static let logger = Logger(label: "status")
}
