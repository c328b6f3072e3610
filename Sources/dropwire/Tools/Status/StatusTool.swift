import Articles
import Glibc
import Linux
import Messaging
import Status
import Terminal
import ZeroMQ

extension Command {
    static let status = Command(
        name: "status",
        summary: "show what flows, waits and fails; with --serve run the status service",
        explanation: """
            Without --serve it asks the running status service for what its page shows: what flows,
            by worker and by source, what is wrong, what waits, and who is alive. --watch shows it
            again and again, in place on a terminal, until ^C. With --serve it is the role: results,
            page and API. With --rebuild it makes a new store of what can be read of a damaged one,
            with the service stopped; the old file is kept beside it. What is missing comes again
            from the watchers' logs and the workers.
            """,
        options: Role.options + [
            Command.Option("--serve", "run the status service"),
            Command.Option("--rebuild", "make a damaged store anew of what can be read"),
            Command.Option("--watch", "go on showing it"),
            Command.Option("--interval", "SECONDS", "with --watch: how often, 2 where nothing is said"),
            Command.Option("--json", "print what GET /api/v1/status answers, an object a line"),
        ],
        failure: "where something is in trouble",
        examples: [
            Command.Example("dropwire status", "See what flows, waits and fails."),
            Command.Example("dropwire status --json | jq .articles", "How many articles there are."),
            Command.Example("dropwire status --serve", "Run the service in the foreground, as its unit does."),
        ],
        run: {
            if $0.has("--rebuild") { return try StatusRebuild.run($0) }
            return try $0.has("--serve") ? StatusRole.run($0) : StatusTool.run($0)
        })
}

/// `dropwire status`: what the page shows, in a terminal.
enum StatusTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let interval = try arguments.integer("--interval", in: 1...3600)
        guard interval == nil || arguments.has("--watch") else { throw UsageError("--interval goes with --watch") }
        let configuration = try Configuration.load(for: arguments)
        let client = CommandClient(
            context: try configuration.makeContext(), endpoints: configuration.status.report.forClients)
        let isJSON = arguments.has("--json")
        if arguments.has("--watch") {
            return try watch(StatusFeed(client: client, interval: .seconds(interval ?? 2)), isJSON: isJSON)
        }
        let reply = try client.request("STATUS")
        let page = StatusPage(JSONText.read(reply.json))
        if isJSON {
            Output.line(reply.json)
        } else {
            let paint = Paint(isOn: Paint.isWanted)
            for line in lines(page, width: TerminalSize(of: 1)?.columns) { Output.line(paint.draw(line)) }
        }
        return page.isWell ? ExitCode.done : ExitCode.failed
    }

    /// Everything, one table below the other; those that have nothing to say are left out.
    static func lines(_ page: StatusPage, width: Int?) -> [ScreenLine] {
        var lines = [headline(page)] + page.troubles.map { $0.cut(to: width) }
        lines += [ScreenLine("")] + page.flow(sparkWidth: 30).lines(width: width)
        lines += [ScreenLine("")] + page.outcomes.map { $0.cut(to: width) }
        if let oldest = page.oldestWaiting { lines.append(oldest.cut(to: width)) }
        for table in [
            page.failures, page.quarantine, page.directories, page.sources(sparkWidth: (width ?? .max) < 100 ? 12 : 30),
            page.processes, page.consumers,
            page.storage,
        ] where !table.rows.isEmpty {
            lines += [ScreenLine("")] + table.lines(width: width)
        }
        return lines
    }

    /// When it was, and whether all is well.
    static func headline(_ page: StatusPage) -> ScreenLine {
        let count = page.troubles.count
        let state =
            page.isWell ? "all is well" : count == 1 ? "something is wrong" : "\(max(1, count)) things are wrong"
        return ScreenLine("\(page.time)  \(state)", page.isWell ? .good : .bad)
    }

    // MARK: Again and again

    private static func watch(_ feed: StatusFeed, isJSON: Bool) throws -> Int32 {
        let signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGWINCH])
        let isInPlace = !isJSON && isatty(1) == 1
        let paint = Paint(isOn: Paint.isWanted)
        var isShown = false
        while true {
            var isNew = try feed.turn()
            for signal in signals.received() {
                guard signal == SIGWINCH else { return feed.failure == nil && feed.last?.page.isWell ?? false ? 0 : 1 }
                isNew = isInPlace
            }
            if isNew {
                switch (isJSON, isInPlace) {
                case (true, _): show(json: feed)
                case (_, true): show(feed, inPlace: paint)
                default:
                    if isShown { Output.line("") }
                    for line in lines(feed, width: nil) { Output.line(line.text) }
                }
                isShown = true
            }
            let pipe = PollEntry(descriptor: signals.descriptor)
            _ = try Poller.poll(feed.readable + [pipe], timeout: feed.untilDue)
        }
    }

    private static func lines(_ feed: StatusFeed, width: Int?) -> [ScreenLine] {
        let stale = [feed.staleness].compactMap { $0?.cut(to: width) }
        return stale + (feed.last.map { lines($0.page, width: width) } ?? [])
    }

    /// One object a line; while nothing new is told, why, on standard error.
    private static func show(json feed: StatusFeed) {
        if let stale = feed.staleness { return Output.error("dropwire status: \(stale.text)") }
        if let page = feed.last?.page { Output.line(page.document) }
    }

    private static func show(_ feed: StatusFeed, inPlace paint: Paint) {
        let size = TerminalSize(of: 1) ?? TerminalSize(columns: 80, rows: 24)
        var lines = lines(feed, width: size.columns)
        // The last row stays free: a line end there would scroll.
        let room = max(1, size.rows - 1)
        if lines.count > room {
            let more = lines.count - room + 1
            lines = Array(lines.prefix(room - 1)) + [ScreenLine("… \(more) more lines: see dropwire top", .faint)]
        }
        // Each line is overwritten and its rest cleared: nothing flickers.
        let text = lines.map { "\(paint.draw($0.cut(to: size.columns)))\u{1b}[K\n" }.joined()
        Output.bytes(Array("\u{1b}[H\(text)\u{1b}[J".utf8))
    }
}
