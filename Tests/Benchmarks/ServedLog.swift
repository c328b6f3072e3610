import Articles
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
    let head: UInt64
    private let folder: String
    private let workspace: Workspace
    private let failure = Failure()
    private var thread: SystemThread?

    /// Makes a log of `count` records; all are handed to the server, whose ring keeps the last.
    init(_ workspace: Workspace, records count: Int, of bodies: [[UInt8]]) throws {
        self.workspace = workspace
        folder = try workspace.folder("served")
        feed = "ipc://\(folder)/feed.sock"
        log = "ipc://\(folder)/log.sock"
        let connection = try Connection(path: "\(folder)/log.sqlite")
        try connection.configure(durability: .full)
        let articles = try ArticleLog(connection: connection)
        stream = articles.stream
        server = try LogServer(
            context: Context(),
            configuration: StreamConfiguration(
                name: "articles", feed: [Endpoint(binding: feed)], log: [Endpoint(binding: log)]),
            databasePath: "\(folder)/log.sqlite")
        let topic = Topic.article(source: "bench", language: "en")
        var recent: [LogRecord] = []
        for start in stride(from: 0, to: count, by: 1000) {
            try connection.transaction {
                for number in start..<min(start + 1000, count) {
                    _ = try articles.append(topic: topic, record: bodies[number % bodies.count])
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

    /// Ends the server and removes its files.
    func end() {
        server.drain()
        thread?.join()
        workspace.remove(folder)
    }
}
