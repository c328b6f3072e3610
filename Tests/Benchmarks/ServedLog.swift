import Articles
import Glibc
import Linux
import Messaging
import SQLite
import ZeroMQ

/// A log with records in it, and a running server of it.
final class ServedLog {
    let server: LogServer
    let stream: StreamID
    let feed: String
    let log: String
    /// The last record that was there at the start.
    let head: UInt64
    private let connection: Connection
    private let articles: ArticleLog
    private let folder: String
    private let workspace: Workspace
    private let failure = Failure()
    private let keys: Security.Settings?
    private var authenticator: Running?
    private var thread: SystemThread?

    /// A service on a thread of its own.
    private struct Running {
        let service: Authenticator
        let thread: SystemThread
    }

    /// Makes a log of `count` records; all are handed to the server, whose ring keeps the last.
    init(_ workspace: Workspace, records count: Int, of bodies: [[UInt8]], line: Line = .ipc) throws {
        self.workspace = workspace
        folder = try workspace.folder("served")
        feed = try line.endpoint("feed", in: folder)
        log = try line.endpoint("log", in: folder)
        let connection = try Connection(path: "\(folder)/log.sqlite")
        try connection.configure(durability: .full)
        let articles = try ArticleLog(connection: connection)
        (self.connection, self.articles) = (connection, articles)
        stream = articles.stream
        keys = line == .curve ? try ServedLog.keys(in: folder) : nil
        let context = try ServedLog.context(keys)
        if let security = context.security {
            try security.load()
            let service = try Authenticator(context: context, security: security)
            let started = try WakeUp()
            let thread = try SystemThread(name: "authenticator") { try? service.run { started.ring() } }
            _ = Poll.readable([started.descriptor], timeout: .seconds(20))
            authenticator = Running(service: service, thread: thread)
        }
        server = try LogServer(
            context: context,
            configuration: StreamConfiguration(
                name: "articles", feed: [Endpoint(binding: feed)], log: [Endpoint(binding: log)]),
            databasePath: "\(folder)/log.sqlite")
        var recent: [LogRecord] = []
        for start in stride(from: 0, to: count, by: 1000) {
            try connection.transaction {
                for number in start..<min(start + 1000, count) {
                    _ = try articles.append(topic: ServedLog.topic, record: bodies[number % bodies.count])
                }
            }
            recent = recent.suffix(2000) + articles.takeAppended()
        }
        head = articles.head
        let started = try WakeUp()
        thread = try SystemThread(name: "server") { [server, failure] in
            do { try server.run { started.ring() } } catch {
                failure.set("\(error)")
                started.ring()
            }
        }
        _ = Poll.readable([started.descriptor], timeout: .seconds(20))
        if let text = failure.text { throw BenchmarkFailure("the log server failed: \(text)") }
        server.publish(recent)
    }

    /// A context for a client of it, with the key that its server asks for.
    func makeClientContext() throws -> Context { try ServedLog.context(keys) }

    private static func context(_ keys: Security.Settings?) throws -> Context {
        try keys.map { try Context(Security($0)) } ?? Context()
    }

    /// The files of keys: the server's own, which is the clients', too, and that of the bare subscriber.
    private static func keys(in folder: String) throws -> Security.Settings {
        var settings = Security.Settings()
        settings.keyFile = folder + "/key"
        settings.authorizedKeys = folder + "/authorized_keys"
        settings.loopback = .keys
        try write(BareKeys.server.secretKey + "\n", to: settings.keyFile)
        try write("curve \(BareKeys.client.publicKey) bench feed,log\n", to: settings.authorizedKeys)
        return settings
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError(operation: "make '\(path)'") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw SystemError(operation: "write '\(path)'")
        }
    }

    /// The last record that was committed.
    var last: UInt64 { articles.head }

    /// Commits a record and hands it to the server; returns its place and when it was durable, by the monotonic clock.
    func commit(_ body: [UInt8]) throws -> (seq: UInt64, nanoseconds: Int64) {
        let position = try connection.transaction { try articles.append(topic: ServedLog.topic, record: body) }
        let moment = Clocks.monotonicNanoseconds()
        server.publish(articles.takeAppended())
        return (position.seq, moment)
    }

    private static let topic = Topic.article(source: "bench", language: "en")

    /// Ends the server and removes its files.
    func end() {
        server.drain()
        thread?.join()
        authenticator?.service.drain()
        authenticator?.thread.join()
        workspace.remove(folder)
    }
}
