import Articles
import Glibc
import Linux
import Messaging

extension Command {
    static let replay = Command(
        name: "replay",
        summary: "print the records between two places of a stream",
        explanation: """
            Nothing is published again: what stands in the log is read and printed, in its order, to
            its end. --from and --to name places: first, end, a sequence number (that record is
            printed, too), a time as 2025-02-26T03:27:00Z or 2025-02-26 (the records committed from
            then on, or before then), or a cursor as dw1:… (what comes after it, or up to it). On a
            terminal the progress stands on standard error.
            """,
        options: [
            Command.Option("--from", Command.Value(NamedPlace.forms), "where to begin"),
            Command.Option(
                "--to", Command.Value(NamedPlace.forms), "where to end; without it at what is the last record now"),
            Command.Option("--topic", "PREFIX", "only topics that begin so, for example art/bbc/ (may be repeated)"),
            LogLine.option, .watcher, .config, .json,
        ],
        failure: "where retention has removed a part of what was asked for, or the log ends before it",
        examples: [
            Command.Example(
                "dropwire replay --from 2025-02-26 --to 2025-02-27 --json",
                "Print the records of one day.")
        ],
        run: { try Replay.run($0) })
}

/// `dropwire replay`. While one batch is printed the next one is on its way; memory holds two.
struct Replay {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard let from = arguments.value("--from") else {
            throw UsageError("--from says where to begin: first, a sequence number, a time or a cursor")
        }
        let start = try NamedPlace(from, option: "--from")
        let end = try NamedPlace(arguments.value("--to") ?? "end", option: "--to")
        let configuration = try Configuration.load(for: arguments)
        let line = try LogLine(arguments, configuration, tool: "replay")
        var replay = Replay(
            line: line, topics: arguments.all("--topic"), isJSON: arguments.has("--json"),
            next: try start.start(line.client), last: 0)
        let head = try NamedPlace.seek(.end, line.client).seq
        replay.last = try end.last(line.client, head: head)
        if replay.last > head {
            Output.error("dropwire replay: the log ends at \(head), before \(replay.last)")
            replay.last = head
            replay.isComplete = false
        }
        try replay.play()
        return replay.isComplete ? ExitCode.done : ExitCode.failed
    }

    /// Records of one batch.
    private static let batch = 1000
    private static let progressSpacing = Duration.milliseconds(250)

    let line: LogLine
    let topics: [String]
    let isJSON: Bool
    /// After what the next batch comes.
    var next: Cursor
    /// The last record that is asked for.
    var last: UInt64
    /// Nothing that was asked for is missing.
    var isComplete = true

    private mutating func play() throws {
        var progress = Progress(first: next.seq, last: last)
        var fetch: LogLine.Fetch?
        while next.seq < last {
            let reply: FetchReply
            do {
                reply = try line.finish(fetch ?? send())
            } catch let error as WireError {
                fetch = nil
                next = try line.recovery(from: error, next)
                if error.code == WireError.Code.expired.rawValue { isComplete = false }
                continue
            }
            next = reply.next
            fetch = next.seq < last ? try send() : nil
            var bytes: [UInt8] = []
            for record in reply.records where record.position.seq <= last {
                bytes += RecordLine.bytes(record.position, record.bytes, isJSON: isJSON)
                bytes.append(0x0a)
                progress.records += 1
            }
            if !bytes.isEmpty { Output.bytes(bytes) }
            progress.tell(at: min(next.seq, last), every: Replay.progressSpacing)
        }
        progress.tell(at: last, every: .zero)
        progress.end()
    }

    private func send() throws -> LogLine.Fetch {
        try line.fetch(after: next, topics: topics, maximum: Replay.batch, wait: .zero)
    }

    /// What a terminal shows meanwhile.
    private struct Progress {
        let first: UInt64
        let last: UInt64
        var records = 0
        // Where the records themselves go to the same terminal they are progress enough.
        private let isShown = isatty(2) == 1 && isatty(1) == 0
        private let started = ContinuousClock.now
        private var told = ContinuousClock.now

        init(first: UInt64, last: UInt64) {
            self.first = first
            self.last = last
        }

        mutating func tell(at seq: UInt64, every spacing: Duration) {
            guard isShown, ContinuousClock.now - told >= spacing else { return }
            told = .now
            let seconds = Double((told - started).wholeMilliseconds) / 1000
            let rate = seconds > 0 ? Int(Double(records) / seconds) : 0
            let part = last > first ? 100 * (max(seq, first) - first) / (last - first) : 100
            Output.errorText("\r\u{1b}[Kat \(seq) of \(last) (\(part) %), \(records) records, \(rate) a second")
        }

        func end() { if isShown { Output.errorText("\n") } }
    }
}

extension NamedPlace {
    /// Returns the last record up to this place.
    fileprivate func last(_ client: CommandClient, head: UInt64) throws -> UInt64 {
        switch self {
        case .first: 0
        case .end: head
        case .seq(let seq): seq
        case .cursor(let cursor): cursor.seq
        case .time(let milliseconds): try NamedPlace.seek(.time(milliseconds: milliseconds), client).seq
        }
    }
}
