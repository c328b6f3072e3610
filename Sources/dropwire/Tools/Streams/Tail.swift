import Articles
import Messaging

extension Command {
    static let tail = Command(
        name: "tail",
        summary: "print records as they come",
        explanation: """
            Follows the log, so nothing is missed: after a lost connection it goes on where it
            was. Without --from it begins with what comes next; with it, it goes through what is
            there and on into what comes. --cursor-file keeps the place in a file, which is replaced
            when the records up to it are printed: the next start goes on there.
            """,
        options: [
            Command.Option("--topic", "PREFIX", "only topics that begin so, for example art/bbc/ (may be repeated)"),
            Command.Option(
                "--from", Command.Value(NamedPlace.forms),
                "begin at a sequence number, at a time as 2025-02-26T03:27:00Z, or after a cursor as dw1:…"),
            Command.Option("--cursor-file", "FILE", "go on after the cursor in FILE, and keep it there"),
            Command.Option("--count", "N", "end after N records"),
            LogLine.option, .watcher, .config, .json,
        ], failure: "where retention has removed what was to come next",
        examples: [
            Command.Example("dropwire tail --topic art/bbc/", "Watch one source."),
            Command.Example(
                "dropwire tail --json --cursor-file place >> articles.jsonl",
                "Append every article to a file, over restarts."),
        ],
        run: { try Tail.run($0) })
}

/// `dropwire tail`.
enum Tail {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let from = try arguments.value("--from").map { text throws(UsageError) in
            try NamedPlace(text, option: "--from")
        }
        var left = try arguments.integer("--count", in: 1...Int.max) ?? .max
        let file = try arguments.value("--cursor-file").map(CursorFile.init)
        let line = try LogLine(arguments, try Configuration.load(for: arguments), tool: "tail")
        let topics = arguments.all("--topic")
        let isJSON = arguments.has("--json")
        var next = try start(line, from, file)
        var isComplete = true
        while left > 0 {
            do {
                let fetch = try line.fetch(after: next, topics: topics, maximum: min(left, 256), wait: .seconds(5))
                let reply = try line.finish(fetch)
                for record in reply.records {
                    Output.line(RecordLine.bytes(record.position, record.bytes, isJSON: isJSON))
                    left -= 1
                }
                // Each line is written when it is printed: the file never tells of what is not.
                if reply.next != next { try file?.write(reply.next) }
                next = reply.next
            } catch let error as WireError {
                next = try line.recovery(from: error, next)
                if error.code == WireError.Code.expired.rawValue { isComplete = false }
            }
        }
        return isComplete ? ExitCode.done : ExitCode.failed
    }

    private static func start(_ line: LogLine, _ from: NamedPlace?, _ file: CursorFile?) throws -> Cursor {
        if let kept = try file?.read() { return kept }
        var cursor = try (from ?? .end).start(line.client)
        if case .seq = from {
            // What is not there any more is not asked for by number: the oldest record is the nearest.
            cursor.seq = max(cursor.seq, try NamedPlace.seek(.first, line.client).seq)
        }
        // A start without work is one to go on from, too: what comes while nobody looks is not to be missed.
        try file?.write(cursor)
        return cursor
    }
}
