import Glibc
import Linux
import Messaging
import Terminal
import ZeroMQ

extension Command {
    static let top = Command(
        name: "top",
        summary: "show live what flows, waits and fails, on the whole terminal",
        explanation: """
            What `dropwire status` prints, every two seconds, as much of it as the terminal has room
            for. Keys: q quits, p shows the next table, s sorts it, arrows scroll, ? tells of the
            others.
            """,
        options: [
            Command.Option("--interval", "SECONDS", "how often, 2 where nothing is said"), .config,
        ], failure: "where something was in trouble at the end",
        examples: [Command.Example("dropwire top --interval 5", "Look every five seconds.")],
        run: { try TopTool.run($0) })
}

/// `dropwire top`: the screen, the keys and the signals around ``TopScreen``.
struct TopTool {
    private let feed: StatusFeed
    private let signals: SignalPipe
    private let paint = Paint(isOn: Paint.isWanted)
    private var state = TopState()

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let interval = try arguments.integer("--interval", in: 1...3600) ?? 2
        let configuration = try Configuration.load(for: arguments)
        guard isatty(0) == 1, isatty(1) == 1 else {
            throw UsageError("it needs a terminal; `dropwire status --watch` goes without one")
        }
        let client = CommandClient(
            context: try configuration.makeContext(), endpoints: configuration.status.report.forClients)
        var tool = TopTool(
            feed: StatusFeed(client: client, interval: .seconds(interval)),
            signals: try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]))
        guard FullScreen.enter() else { throw SystemError(operation: "take the terminal's screen") }
        defer { FullScreen.leave() }
        return try tool.show()
    }

    private init(feed: StatusFeed, signals: SignalPipe) {
        self.feed = feed
        self.signals = signals
    }

    private mutating func show() throws -> Int32 {
        var isNew = true
        while true {
            if try feed.turn() { isNew = true }
            for signal in signals.received() {
                guard try take(signal) else { return exitCode }
                isNew = true
            }
            if isNew { draw() }
            let entries = [PollEntry(descriptor: 0), PollEntry(descriptor: signals.descriptor)] + feed.readable
            // The age of what is not of now grows, too.
            let due = feed.failure == nil ? feed.untilDue : min(feed.untilDue, .seconds(1))
            let ready = try Poller.poll(entries, timeout: due)
            isNew = feed.failure != nil
            guard ready[0] else { continue }
            // A terminal that is gone is at its end for good.
            guard let keys = FullScreen.keys() else { return exitCode }
            for key in keys {
                let screen = screen
                let columns = screen.table?.columns.count ?? 0
                guard state.press(key, columns: columns, height: screen.pageHeight) == .draw else { return exitCode }
            }
            isNew = true
        }
    }

    private var exitCode: Int32 {
        feed.failure == nil && feed.last?.page.isWell ?? false ? ExitCode.done : ExitCode.failed
    }

    /// Does what a signal says; false where it is the end.
    private func take(_ signal: Int32) throws -> Bool {
        switch signal {
        case SIGWINCH: return true
        case SIGTSTP:
            FullScreen.leave()
            kill(getpid(), SIGSTOP)
            return true
        case SIGCONT:
            _ = FullScreen.enter()
            return true
        default: return false
        }
    }

    private var screen: TopScreen {
        TopScreen(
            page: feed.last?.page, staleness: feed.staleness, state: state,
            size: TerminalSize(of: 1) ?? TerminalSize(columns: 80, rows: 24))
    }

    private func draw() {
        let lines = screen.lines.map { "\(paint.draw($0))\u{1b}[K" }
        Output.bytes(Array("\u{1b}[H\(lines.joined(separator: "\n"))".utf8))
    }
}
