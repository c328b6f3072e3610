import Articles
import Foundation
import Lifecycle
import Linux
import Messaging
import SQLite
import Synchronization
import TestSupport
import ZeroMQ

@testable import Status

/// A service on a thread of its own, from `started` to `stop`.
final class Running: Sendable {
    private let service: any Service
    private let thread: SystemThread
    private let failure: Mutex<String?>

    init(_ service: any Service) throws {
        self.service = service
        let bell = try WakeUp()
        let failure = FailureBox()
        thread = try SystemThread(name: service.name) {
            do { try service.run { bell.ring() } } catch { failure.text.withLock { $0 = "\(error)" } }
            bell.ring()
        }
        _ = Poll.readable([bell.descriptor], timeout: .seconds(20))
        self.failure = Mutex(failure.text.withLock { $0 })
        if let text = failure.text.withLock({ $0 }) { throw Failed(what: text) }
    }

    private final class FailureBox: Sendable { let text = Mutex<String?>(nil) }
    struct Failed: Error { let what: String }

    func stop() {
        service.drain()
        thread.join()
    }
}

/// A watcher's log, the status service with its results stream, and its page: all of it real, in one process.
final class RunningStatus {
    let scratch: ScratchDirectory
    let context: Context
    let board = StatusBoard()
    let failures = FailureDesk()
    let log: ArticleLog
    let watcher: LogServer
    let results: LogServer
    let status: StatusService
    let web: WebService
    private let connection: Connection
    private var running: [Running] = []

    /// Starts everything.
    ///
    /// - Parameters:
    ///   - port: where the page is served; 0 takes a free one.
    ///   - adjust: changes how it is served.
    init(
        search: [String] = [], scratch: ScratchDirectory? = nil, port: UInt16 = 0,
        adjust: (inout WebService.Settings) throws -> Void = { _ in }
    ) throws {
        let scratch = try scratch ?? ScratchDirectory()
        self.scratch = scratch
        context = try Context()
        connection = try Connection(path: scratch.path("watch.sqlite"))
        try connection.configure(durability: .normal)
        log = try ArticleLog(connection: connection)
        watcher = try LogServer(
            context: context, configuration: RunningStatus.stream("watch", scratch),
            databasePath: scratch.path("watch.sqlite"))
        let results = try LogServer(
            context: context, configuration: RunningStatus.stream("results", scratch),
            databasePath: scratch.path("status.sqlite"))
        self.results = results
        status = try StatusService(
            context: context,
            settings: .init(
                databasePath: scratch.path("status.sqlite"),
                report: [Endpoint(binding: "ipc://" + scratch.path("report.sock"))],
                logs: [LogSource(name: "watch", endpoints: ["ipc://" + scratch.path("watch-log.sock")])]),
            board: board, failures: failures, replace: { results.replace($0) }, publish: { results.publish($0) })
        var page = WebService.Settings(
            databasePath: scratch.path("status.sqlite"), configuration: Configuration(), search: search)
        page.configuration.http = HTTPAddress(host: "127.0.0.1", port: port)
        try adjust(&page)
        web = try WebService(context: context, settings: page, board: board, failures: failures)
        for service in [watcher, status, results, web] as [any Service] { running.append(try Running(service)) }
    }

    deinit { stop() }

    /// Runs one more service beside the others, until these are stopped.
    func run(_ service: any Service) throws { running.append(try Running(service)) }

    func stop() {
        for service in running.reversed() { service.stop() }
        running = []
    }

    private static func stream(_ name: String, _ scratch: ScratchDirectory) throws -> StreamConfiguration {
        StreamConfiguration(
            name: name, feed: [try Endpoint(binding: "ipc://" + scratch.path(name + "-feed.sock"))],
            log: [try Endpoint(binding: "ipc://" + scratch.path(name + "-log.sock"))])
    }

    var reportEndpoint: String { "ipc://" + scratch.path("report.sock") }
    var resultsEndpoint: String { "ipc://" + scratch.path("results-log.sock") }
    func client() -> CommandClient { CommandClient(context: context, endpoints: [reportEndpoint]) }

    /// Puts articles and files on the watcher's log; waits until the status service has them.
    func publish(_ articles: [Article], files: [FileRecord] = [], gone: [GoneRecord] = []) throws {
        try connection.transaction {
            for article in articles {
                _ = try log.append(
                    topic: .article(source: article.source, language: article.language),
                    record: KillRecord(article)?.encodeRecord() ?? article.encodeRecord())
            }
            for file in files {
                _ = try log.append(
                    topic: .file(source: file.source, outcome: file.outcome), record: file.encodeRecord())
            }
            for record in gone { try log.append(gone: record, topics: ["art/reuters/en/"]) }
        }
        watcher.publish(log.takeAppended())
        let head = Int64(log.head)
        let client = client()
        let isThere = try eventually {
            let summary = try JSONValue(json: client.request("SUMMARY").json)
            return summary["cursors"]?.arrayValue?.contains {
                $0["stream"]?.stringValue == log.stream.description && $0["seq"]?.integerValue == head
            } == true
        }
        guard isThere else { throw Running.Failed(what: "the log was not followed to \(head)") }
    }

    /// Sends a REPORT.
    func report(_ results: [ResultRecord], kind: String = "deduplicate") throws -> JSONValue {
        try JSONValue(
            json: client().request(
                "REPORT", json: RunningStatus.reportJSON(kind: kind, count: results.count),
                payload: results.map { $0.encodeRecord() }
            ).json)
    }

    static func reportJSON(kind: String = "deduplicate", count: Int) -> [UInt8] {
        Array("{\"producer\":\"test\",\"kind\":\"\(kind)\",\"count\":\(count)}".utf8)
    }

    var port: UInt16 { UInt16(web.address.dropLast().split(separator: ":").last ?? "") ?? 0 }

    func get(_ path: String, method: String = "GET", headers: String = "", host: String = "localhost") throws
        -> WebReply
    {
        try WebReply.ask(
            port: port, "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(headers)Connection: close\r\n\r\n")
    }
}
