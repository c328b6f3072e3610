import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import ZeroMQ

extension Command {
    static let tail = Command(
        name: "tail",
        summary: "print records as they come",
        explanation: """
            Follows the log, so nothing is missed: after a lost connection it goes on where it
            was. Without --from it begins with what comes next.
            """,
        options: [
            Command.Option("--topic", "PREFIX", "only topics that begin so, for example art/bbc/ (may be repeated)"),
            Command.Option("--from", "SEQ|TIME", "begin at a sequence number, or at a time as 2025-02-26T03:27:00Z"),
            Command.Option("--count", "N", "end after N records"),
            Command.Option("--stream", "NAME", "articles (the default), unique, results or matches"),
            .config, .json,
        ], run: { try Tail.run($0) })
}

/// `dropwire tail`.
enum Tail {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let configuration = try Configuration.load(for: arguments)
        let endpoints = try endpoints(arguments.value("--stream") ?? "articles", configuration)
        var left = try arguments.integer("--count", in: 1...Int.max) ?? .max
        let context = try Context()
        let client = CommandClient(context: context, endpoints: endpoints)
        var next = try start(arguments.value("--from"), client)
        let topics = arguments.all("--topic")
        var failures = 0
        while left > 0 {
            do {
                let request = LogRequests.fetch(after: next, topics: topics, maximum: min(left, 256))
                let reply = try FetchReply(
                    client.request("FETCH", json: request, deadline: .seconds(5) + LogRequests.grace))
                failures = 0
                for record in reply.records {
                    write(record.position, record.bytes, isJSON: arguments.has("--json"))
                    left -= 1
                }
                next = reply.next
            } catch let error as CommandClient.Failure {
                failures += 1
                if failures == 1 { Output.error("dropwire tail: \(error); trying again") }
                _ = Poll.readable([], timeout: Backoff.delay(failures: failures))
            } catch let error as WireError where error.code == 503 {
                _ = Poll.readable([], timeout: .milliseconds(500))
            }
        }
        return ExitCode.done
    }

    static func endpoints(_ stream: String, _ configuration: Configuration) throws -> [String] {
        switch stream {
        case "articles": configuration.watch.stream.logForClients
        case "unique": configuration.deduplicate.stream.logForClients
        case "results": configuration.status.stream.logForClients
        case "matches": configuration.index.stream.logForClients
        default: throw UsageError("--stream is articles, unique, results or matches, not '\(stream)'")
        }
    }

    private static func start(_ from: String?, _ client: CommandClient) throws -> Cursor? {
        let place: SeekPlace
        if let from {
            if let seq = UInt64(from) {
                let first = try client.request("SEEK", json: LogRequests.seek(.first)).decode(Cursor.self)
                return Cursor(
                    stream: first.stream, epoch: first.epoch, seq: max(seq, 1, first.seq + 1) - 1, timeMilliseconds: 0)
            }
            guard let time = Timestamp(from) ?? Timestamp(from + "T00:00:00Z") else {
                throw UsageError("--from is a sequence number or a time as 2025-02-26T03:27:00Z, not '\(from)'")
            }
            place = .time(milliseconds: time.milliseconds)
        } else {
            place = .end
        }
        return try client.request("SEEK", json: LogRequests.seek(place)).decode(Cursor.self)
    }

    private static func write(_ position: Position, _ bytes: [UInt8], isJSON: Bool) {
        if isJSON {
            Output.line(bytes)
            return
        }
        let record = JSONText.read(bytes)
        func text(_ name: String) -> String { JSONText.terminalSafe(record[name]?.stringValue ?? "") }
        let time = Timestamp(milliseconds: position.timeMilliseconds).description
        switch record["type"]?.stringValue {
        case "article":
            Output.line("\(position.seq)  \(time)  \(text("source"))  \(text("language"))  \(text("title"))")
        case "file":
            let message = text("message").isEmpty ? "" : "  \(text("message"))"
            Output.line("\(position.seq)  \(time)  \(text("source"))  \(text("outcome"))  \(text("path"))\(message)")
        case "result":
            Output.line(
                "\(position.seq)  \(time)  \(text("kind"))  \(text("status"))  article \(record["seq"]?.integerValue ?? 0)"
            )
        case "match": Output.line("\(position.seq)  \(time)  \(text("name"))  article \(text("id"))")
        case "gone":
            let what = text("uri").isEmpty ? text("id") : "\(text("uri")) of \(text("source"))"
            Output.line("\(position.seq)  \(time)  gone  \(what)  \(text("reason"))")
        default: Output.line("\(position.seq)  \(time)  \(text("type"))")
        }
    }
}
