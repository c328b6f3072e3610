import Articles
import Lifecycle
import Linux
import SQLite
import Synchronization
import TestSupport
import ZeroMQ

@testable import Messaging

/// A log with its server in a scratch directory, and the place for a status service beside it.
final class ServedLog {
    let directory: ScratchDirectory
    let context: Context
    let log: ArticleLog
    private let connection: SQLite.Connection
    private var server: LogServer
    private var running: RunningThread

    init() throws {
        directory = try ScratchDirectory()
        context = try Context()
        connection = try SQLite.Connection(path: directory.path("log.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
        (server, running) = try ServedLog.open(directory, context)
    }

    deinit { running.stop() }

    private static func open(_ directory: ScratchDirectory, _ context: Context) throws -> (LogServer, RunningThread) {
        let server = try LogServer(
            context: context,
            configuration: StreamConfiguration(
                name: "articles", feed: [try Endpoint(binding: "ipc://\(directory.path("feed"))")],
                log: [try Endpoint(binding: "ipc://\(directory.path("log"))")]),
            databasePath: directory.path("log.sqlite"))
        return (server, try RunningThread(server))
    }

    var logAddress: String { "ipc://\(directory.path("log"))" }
    var statusAddress: String { "ipc://\(directory.path("report"))" }

    func stop() { running.stop() }
    func start() throws { (server, running) = try ServedLog.open(directory, context) }

    /// Appends records in one transaction and publishes them.
    @discardableResult
    func append(_ records: [String], topic: String = "art/test/en/") throws -> [Messaging.Position] {
        let positions = try connection.transaction {
            try records.map { try log.append(topic: Topic(stored: topic), record: Array($0.utf8)) }
        }
        server.publish(log.takeAppended())
        return positions
    }

    /// Appends articles with the titles `t0`, `t1` ….
    @discardableResult
    func appendArticles(_ range: Range<Int>) throws -> [Messaging.Position] {
        try append(range.map { ServedLog.article("t\($0)") })
    }

    /// Removes the oldest records, up to and with one.
    func trim(upTo seq: UInt64) throws { _ = try log.trim(before: .max, notPast: seq) }

    /// An operator's word that what follows may be other records than before.
    func bumpEpoch() throws { _ = try ArticleLog.bumpEpoch(connection: connection) }

    /// The position that a consumer committed, as the server keeps it.
    static func committed(_ consumer: String, _ path: String) throws -> Int64? {
        let groups = try SQLite.Connection(path: path, mode: .readOnly)
        return try groups.scalar("SELECT seq FROM consumer WHERE name='\(consumer)'")
    }

    /// An article's record.
    static func article(_ title: String) -> String {
        var article = Article(
            source: "test", language: "en",
            ingest: .init(
                path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        article.title = title
        article.deriveID()
        return String(decoding: article.encodeRecord(), as: UTF8.self)
    }
}

/// A service on a thread of its own.
final class RunningThread: Sendable {
    private let service: any Service
    private let thread: SystemThread
    private let isJoined = Mutex(false)

    private final class Box: Sendable { let state = Mutex<(hasStarted: Bool, error: (any Error)?)>((false, nil)) }

    init(_ service: any Service) throws {
        self.service = service
        let box = Box()
        thread = try SystemThread(name: "test") {
            do { try service.run { box.state.withLock { $0.hasStarted = true } } } catch {
                box.state.withLock { $0.error = error }
            }
        }
        try waitUntil("\(service.name) has started") { box.state.withLock { $0.hasStarted || $0.error != nil } }
        if let error = box.state.withLock({ $0.error }) { throw error }
    }

    deinit { stop() }

    func stop() {
        service.drain()
        isJoined.withLock { isJoined in
            if !isJoined { thread.join() }
            isJoined = true
        }
    }
}

/// Waits on a thread of its own until a condition holds: what it waits for may need the threads of the pool.
func waitElsewhere(
    _ what: String, within limit: Duration = .seconds(30), _ condition: @escaping @Sendable () throws -> Bool
) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        do {
            try SystemThread(name: "wait") {
                continuation.resume(with: Result { try waitUntil(what, within: limit, condition) })
            }.detach()
        } catch { continuation.resume(throwing: error) }
    }
}
