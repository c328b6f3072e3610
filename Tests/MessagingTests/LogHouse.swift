import Articles
import Lifecycle
import Linux
import SQLite
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// A log with its server, as an owner would have them, in a scratch directory.
final class LogHouse {
    let directory: ScratchDirectory
    let context: Context
    let connection: Connection
    let log: ArticleLog
    private(set) var server: LogServer
    private var running: RunningService
    private let change: (inout StreamConfiguration) -> Void

    /// Opens and serves; `change` may alter the configuration.
    init(
        directory: ScratchDirectory? = nil, context: Context? = nil,
        _ change: @escaping (inout StreamConfiguration) -> Void = { _ in }
    ) throws {
        let directory = try directory ?? ScratchDirectory()
        self.directory = directory
        self.context = try context ?? Context()
        self.change = change
        connection = try Connection(path: directory.path("log.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
        (server, running) = try LogHouse.open(directory, self.context, change)
    }

    deinit { running.stop() }

    private static func open(
        _ directory: ScratchDirectory, _ context: Context, _ change: (inout StreamConfiguration) -> Void
    ) throws -> (LogServer, RunningService) {
        var configuration = StreamConfiguration(
            name: "articles",
            feed: [try Endpoint(binding: "ipc://\(directory.path("feed"))")],
            log: [
                try Endpoint(binding: "ipc://\(directory.path("log"))"), try Endpoint(binding: "tcp://127.0.0.1:*"),
            ])
        change(&configuration)
        let server = try LogServer(
            context: context, configuration: configuration, databasePath: directory.path("log.sqlite"))
        return (server, try RunningService(server))
    }

    var endpoint: String { "ipc://\(directory.path("log"))" }
    var feedEndpoint: String { "ipc://\(directory.path("feed"))" }
    var tcpEndpoint: String { server.addresses.log[1] }

    /// Drains the server and starts another on the same log.
    func restart() throws {
        running.stop()
        (server, running) = try LogHouse.open(directory, context, change)
    }

    func stop() { running.stop() }

    /// Appends a record a text in one transaction and publishes.
    @discardableResult
    func append(_ records: [String], topic: String = "art/bbc/en/") throws -> [Position] {
        let positions = try connection.transaction {
            try records.map { try log.append(topic: Topic(stored: topic), record: Array($0.utf8)) }
        }
        server.publish(log.takeAppended())
        return positions
    }

    /// Appends `count` small records.
    @discardableResult
    func append(count: Int, topic: String = "art/bbc/en/") throws -> [Position] {
        try append((0..<count).map { "{\"v\":1,\"type\":\"article\",\"n\":\($0)}" }, topic: topic)
    }

    func dealer() throws -> RawPeer { try RawPeer(.dealer, context, endpoint, keeping: self) }
}

/// A service on a thread of its own, started and waited for.
final class RunningService: Sendable {
    private let service: any Service
    private let thread: SystemThread
    private let isJoined = Mutex<Bool>(false)

    private final class Box: Sendable {
        let state = Mutex<(isStarted: Bool, hasEnded: Bool, error: (any Error)?)>((false, false, nil))
    }
    private let box: Box

    /// Starts `service`; throws what it throws before it serves.
    init(_ service: any Service) throws {
        self.service = service
        let box = Box()
        self.box = box
        thread = try SystemThread(name: "test") {
            do {
                try service.run { box.state.withLock { $0.isStarted = true } }
                box.state.withLock { $0.hasEnded = true }
            } catch {
                print("service \(service.name) ended: \(error)")
                box.state.withLock { state in
                    state.hasEnded = true
                    state.error = error
                }
            }
        }
        _ = eventually { box.state.withLock { $0.isStarted || $0.hasEnded } }
        if let error { throw error }
    }

    var error: (any Error)? { box.state.withLock { $0.error } }
    var hasEnded: Bool { box.state.withLock { $0.hasEnded } }

    /// Asks the service to drain, without waiting.
    func askToDrain() { service.drain() }

    /// Drains and waits; returns how long that took.
    @discardableResult
    func stop() -> Duration {
        let start = ContinuousClock.now
        service.drain()
        isJoined.withLock { isJoined in
            if !isJoined { thread.join() }
            isJoined = true
        }
        return .now - start
    }
}
