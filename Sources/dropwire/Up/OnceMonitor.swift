import Articles
import Glibc
import Lifecycle
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// Ends `up --once` when everything is done: the first scan is over and nothing of it waits, every cursor is at the head,
/// the groups are empty, and the outboxes too.
final class OnceMonitor: Service {
    let name = "once"
    private let context: Context
    private let configuration: Configuration
    private let waiter: StatusWaiter
    private let console: Console
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let made = Mutex<UpSummary?>(nil)
    private static let interval = Duration.milliseconds(50)

    init(context: Context, configuration: Configuration, waiter: StatusWaiter, console: Console) throws {
        self.context = context
        self.configuration = configuration
        self.waiter = waiter
        self.console = console
        self.bell = try WakeUp()
    }

    /// What was done; nil where the run was ended before.
    var summary: UpSummary? { made.withLock { $0 } }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        let begin = ContinuousClock.now
        let log = CommandClient(
            context: context, endpoints: configuration.watch.stream.logForClients)
        let queries = StatusQueries(
            client: CommandClient(context: context, endpoints: configuration.status.report.forClients),
            interrupt: bell)
        let progress = Progress(isTerminal: isatty(2) == 1)
        started()
        while !isDraining.load(ordering: .relaxed) {
            do {
                let state = try OnceState(name: configuration.watch.name, log: log, queries: queries, interrupt: bell)
                progress.show(state)
                if state.isDone {
                    progress.clear()
                    let summary = UpSummary(
                        before: waiter.baseline, after: state.summary, blocked: state.blockedFiles,
                        held: state.heldArticles, seconds: Double((.now - begin).wholeMilliseconds) / 1000)
                    made.withLock { $0 = summary }
                    return
                }
            } catch CommandClient.Failure.interrupted {
                return
            } catch is CommandClient.Failure {
                // A process that is just being started, or started again.
            } catch is WireError {
                // Likewise; the next round tells.
            }
            _ = Poll.readable([bell.descriptor], timeout: OnceMonitor.interval)
        }
    }
}

/// The state of all processes at one moment, as `up --once` looks at it.
struct OnceState {
    let summary: StatusQueries.Summary
    /// Files that wait, settle or are in hand.
    let openFiles: Int
    /// Files that cannot be read for now (permissions), or are paused: they end the run as failed.
    let blockedFiles: Int
    /// Articles that wait for the end of their embargo: the run does not wait for them.
    let heldArticles: Int
    /// Results that the workers still owe, roughly.
    let openWork: UInt64
    let isDone: Bool

    private struct Group: Decodable {
        var floor: UInt64
        var high: UInt64
        var inflight: Int
    }

    /// - Parameter name: the watcher's.
    init(name: String, log: CommandClient, queries: StatusQueries, interrupt: WakeUp) throws {
        let processes = try queries.processes()
        // Others may report here, too: what is waited for is this run's.
        let own = processes.first { $0.kind == "watch" && $0.host == ProcessInformation.hostName && $0.name == name }
        guard let watch = own, let stream = watch.streams.first?.stream else {
            summary = try queries.summary()
            (openFiles, blockedFiles, heldArticles, openWork, isDone) = (0, 0, 0, 0, false)
            return
        }
        let number = { (heartbeat: Heartbeat, name: String) in Int(heartbeat.numbers[name] ?? 0) }
        // What is paused would be waited for as long as the operator likes.
        let pausedFiles = number(watch, "paused")
        openFiles = ["waiting", "settling", "in_hand"].map { number(watch, $0) }.reduce(0, +) - pausedFiles
        blockedFiles = number(watch, "blocked") + pausedFiles
        heldArticles = number(watch, "held")
        var isDone = watch.state == "watching" && openFiles == 0

        let head = try OnceState.head(log, interrupt)
        var open: UInt64 = 0
        for kind in ["deduplicate", "index"] {
            guard let worker = processes.first(where: { $0.kind == kind }),
                let place = worker.streams.first(where: { $0.stream == stream })
            else {
                isDone = false
                continue
            }
            open = max(open, head - min(head, place.seq))
            let isIdle = number(worker, "outbox") == 0 && number(worker, "retrying") == 0
            let hasMore = try OnceState.hasArticles(log, after: place, head: head, interrupt)
            if !isIdle || hasMore { isDone = false }
        }
        let group = try? log.request(
            "GROUP", json: Reply { $0.field("group", "summarize") }.json, interrupt: interrupt
        ).decode(Group.self)
        if group?.inflight != 0 || group?.high != head { isDone = false }

        summary = try queries.summary()
        if !summary.cursors.contains(where: { $0.stream == stream && $0.seq >= head }) { isDone = false }
        openWork = open
        self.isDone = isDone
    }

    private struct Head: Decodable {
        var head: UInt64
    }

    private static func head(_ log: CommandClient, _ interrupt: WakeUp) throws -> UInt64 {
        try log.request("PING", interrupt: interrupt).decode(Head.self).head
    }

    /// A worker's cursor stays behind file records that no filter of its matches: only articles count.
    private static func hasArticles(
        _ log: CommandClient, after place: Heartbeat.StreamPosition, head: UInt64, _ interrupt: WakeUp
    ) throws -> Bool {
        var cursor = Cursor(stream: place.stream, epoch: place.epoch, seq: place.seq, timeMilliseconds: 0)
        while cursor.seq < head {
            let json = LogRequests.fetch(after: cursor, topics: ["art/"], maximum: 1, waitMilliseconds: 0)
            let reply = try FetchReply(log.request("FETCH", json: json, interrupt: interrupt))
            if !reply.records.isEmpty { return true }
            guard reply.next.seq > cursor.seq else { return false }
            cursor = reply.next
        }
        return false
    }
}

/// A line on the terminal that says how far a long run is; nothing in a pipe.
private final class Progress {
    private let isTerminal: Bool
    private var lastShown = ContinuousClock.now

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func show(_ state: OnceState) {
        guard isTerminal, ContinuousClock.now - lastShown > .milliseconds(500) else { return }
        lastShown = .now
        let done = state.summary.files.values.reduce(0, +)
        Output.errorText(
            "\r\u{1b}[K\(done) files done, \(state.openFiles) to read, \(state.openWork) records to work on")
    }

    func clear() { if isTerminal { Output.errorText("\r\u{1b}[K") } }
}
