import Articles
import Linux
import Messaging
import ZeroMQ

/// A way to the log of a stream, for tools: FETCHes one behind the other, GROUP and CONSUMER.
final class LogLine {
    /// The option that names the stream.
    static let option = Command.Option(
        "--stream", Command.Value("NAME", of: ["articles", "unique", "results", "matches"]),
        "articles (the default), unique, results or matches")

    /// The stream's name on the command line.
    let name: String
    let client: CommandClient
    private let tool: String
    private var failures = 0

    /// Finds the log that a command line means.
    ///
    /// - Parameter tool: the command's name, for what is said on standard error.
    init(_ arguments: ParsedArguments, _ configuration: Configuration, tool: String) throws {
        name = arguments.value("--stream") ?? "articles"
        self.tool = tool
        let watcher = arguments.value("--watcher")
        guard watcher == nil || name == "articles" else {
            throw UsageError("--watcher goes with the stream of articles: each watcher has one")
        }
        let context = try configuration.makeContext()
        let endpoints = try WatcherAddress.addresses(
            of: "log", watcher: watcher, own: LogLine.endpoints(name, configuration), configuration, context)
        client = CommandClient(context: context, endpoints: endpoints)
    }

    /// The addresses of a stream's log.
    static func endpoints(_ stream: String, _ configuration: Configuration) throws(UsageError) -> [String] {
        switch stream {
        case "articles": configuration.watch.stream.logForClients
        case "unique": configuration.deduplicate.stream.logForClients
        case "results": configuration.status.stream.logForClients
        case "matches": configuration.index.stream.logForClients
        default:
            throw UsageError(
                "--stream is articles, unique, results or matches, not '\(JSONText.terminalSafe(stream))'")
        }
    }

    // MARK: FETCH

    /// A FETCH that was sent.
    struct Fetch {
        let cursor: Cursor
        let topics: [String]
        let maximum: Int
        let wait: Duration
        fileprivate var id: UInt64?
    }

    /// Sends a FETCH; its reply is waited for by ``finish(_:)``.
    func fetch(after cursor: Cursor, topics: [String], maximum: Int, wait: Duration) throws -> Fetch {
        var fetch = Fetch(cursor: cursor, topics: topics, maximum: maximum, wait: wait)
        try send(&fetch)
        return fetch
    }

    private func send(_ fetch: inout Fetch) throws {
        let json = LogRequests.fetch(
            after: fetch.cursor, topics: fetch.topics, maximum: fetch.maximum, maximumBytes: 4 << 20,
            waitMilliseconds: fetch.wait.wholeMilliseconds)
        fetch.id = try client.send("FETCH", json: json)
    }

    /// Waits for the reply to a FETCH. Where none comes, or the server stops, it is sent again until one does.
    func finish(_ fetch: Fetch) throws -> FetchReply {
        var fetch = fetch
        while true {
            do {
                let reply = try wait(for: fetch)
                failures = 0
                return reply
            } catch let error as CommandClient.Failure {
                client.reset()
                failures += 1
                if failures == 1 { Output.error("dropwire \(tool): \(error); trying again") }
                _ = Poll.readable([], timeout: Backoff.delay(failures: failures))
            } catch let error as WireError where error.code == WireError.Code.unavailable.rawValue {
                _ = Poll.readable([], timeout: .milliseconds(500))
            }
            try send(&fetch)
        }
    }

    private func wait(for fetch: Fetch) throws -> FetchReply {
        let timedOut = CommandClient.Failure.timedOut(endpoint: client.endpoint, command: "FETCH")
        guard let id = fetch.id else { throw timedOut }
        let end = ContinuousClock.now + fetch.wait + LogRequests.grace
        while true {
            while let answer = try client.receive() {
                if answer.id == id { return try FetchReply(answer.outcome.get()) }
            }
            guard ContinuousClock.now < end else { throw timedOut }
            _ = try Poller.poll(client.readable, timeout: end - .now)
        }
    }

    /// Where to go on after an error that says that a cursor cannot be read from as it is, with what was lost.
    ///
    /// - Throws: the error itself, where it is another one, or where nothing can be gone on with.
    func recovery(from error: WireError, _ cursor: Cursor) throws -> Cursor {
        var cursor = cursor
        cursor.timeMilliseconds = 0
        switch error.code {
        case WireError.Code.expired.rawValue:
            guard let low = error.fields["low"]?.integerValue.map({ UInt64(clamping: $0) }), low > cursor.seq + 1
            else { throw error }
            Output.error("dropwire \(tool): retention has removed the records \(cursor.seq + 1) to \(low - 1)")
            cursor.seq = low - 1
        case WireError.Code.epoch.rawValue:
            let table = (error.fields["epochs"]?.arrayValue ?? []).map {
                ($0.arrayValue ?? []).compactMap(\.integerValue)
            }
            .filter { $0.count == 2 }
            guard let later = table.first(where: { $0[0] > Int64(cursor.epoch) }), let current = table.last else {
                throw error
            }
            cursor.seq = min(cursor.seq, UInt64(clamping: later[1] - 1))
            cursor.epoch = UInt32(clamping: current[0])
            Output.error("dropwire \(tool): the log was restored; going on after record \(cursor.seq)")
        default: throw error
        }
        return cursor
    }

    /// Returns a record; nil where retention has removed it, or it is not there yet.
    func record(_ seq: UInt64, of stream: StreamID, epoch: UInt32) throws -> [UInt8]? {
        let cursor = Cursor(stream: stream, epoch: epoch, seq: max(seq, 1) - 1, timeMilliseconds: 0)
        do {
            let reply = try finish(fetch(after: cursor, topics: [], maximum: 1, wait: .zero))
            return reply.records.first.flatMap { $0.position.seq == seq ? $0.bytes : nil }
        } catch let error as WireError where [410, 416].contains(error.code) {
            return nil
        }
    }

    // MARK: GROUP and CONSUMER

    /// Sends a command and returns the json of its reply.
    func ask(_ command: String, _ body: (inout JSONWriter) -> Void) throws -> JSONValue {
        JSONText.read(try client.request(command, json: Reply(body).json, deadline: .seconds(15)).json)
    }

    /// Asks for a list page by page.
    func list(_ command: String, _ member: String, _ body: (JSONValue) -> Void) throws {
        var after: String?
        repeat {
            let reply = try ask(command) { $0.field("after", after) }
            for element in reply[member]?.arrayValue ?? [] { body(element) }
            after = reply["next"]?.stringValue
        } while after != nil
    }
}
