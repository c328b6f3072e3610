import Articles
import Lifecycle
package import Linux
package import Messaging
import SQLite
import Synchronization
import Telemetry
package import ZeroMQ

/// The status service's one writer: takes REPORT and HEARTBEAT, follows the watchers' logs, answers what is known.
///
/// Reports of one turn share a commit, and none is answered before it. It serves no HTTP (``WebService``) and does not
/// publish: what a commit appended to the results log goes to `publish`.
package final class StatusService: Service {
    /// Where it listens, what it follows, and how long it remembers.
    package struct Settings: Sendable {
        /// The name in its own heartbeat.
        package var name = "status"
        /// The store's file.
        package var databasePath: String
        /// Where workers report.
        package var report: [Endpoint]
        /// The watchers' logs that are followed, beside those of the watchers that tell of themselves.
        package var logs: [LogSource]
        /// How long articles, files and results are kept.
        package var retention = Duration.seconds(90 * 86_400)
        /// The size of the store at which the oldest go, whatever their age; nil for none.
        package var maximumBytes: Int64?
        /// How long the records of the results log are kept.
        package var resultRetention = Duration.seconds(7 * 86_400)
        /// The results log, with those who read it.
        package var results: (@Sendable () -> LogStanding?)?
        /// Called on the service's thread with each heartbeat that it notes of itself.
        package var onHeartbeat: (@Sendable (Heartbeat) -> Void)?

        /// Makes settings with the default retention.
        package init(databasePath: String, report: [Endpoint], logs: [LogSource]) {
            self.databasePath = databasePath
            self.report = report
            self.logs = logs
        }
    }

    package let name = "status"
    package var precedence: SystemThread.Precedence { .background }
    /// The most results in a REPORT.
    package static let maximumResults = 500
    /// The most bytes of the results in a REPORT.
    package static let maximumReportBytes = 1 << 20

    private let context: Context
    private let settings: Settings
    private let board: StatusBoard
    private let publish: @Sendable ([LogRecord]) -> Void
    private let replace: @Sendable ([ReplacedRecord]) -> Void
    private let onProgress: (@Sendable () -> Void)?
    private let failures: FailureDesk
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let bound = Mutex<[String]>([])
    private let logger = Logger(label: "status")

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - failures: where the page hands in what is to be done with failures.
    ///   - replace: takes what has other bytes on the results log since.
    ///   - publish: takes what was committed to the results log, on this service's thread.
    ///   - onProgress: called on the service's thread at least every two seconds while it lives: the watchdog's food.
    package init(
        context: Context, settings: Settings, board: StatusBoard, failures: FailureDesk,
        replace: @escaping @Sendable ([ReplacedRecord]) -> Void = { _ in },
        publish: @escaping @Sendable ([LogRecord]) -> Void,
        onProgress: (@Sendable () -> Void)? = nil
    ) throws {
        self.context = context
        self.settings = settings
        self.board = board
        self.failures = failures
        self.publish = publish
        self.replace = replace
        self.onProgress = onProgress
        let bell = try WakeUp()
        self.bell = bell
        context.security?.whenReloaded { bell.ring() }
        failures.whenPosted { bell.ring() }
    }

    /// The addresses of `report`, once it serves.
    package var addresses: [String] { bound.withLock { $0 } }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let store = try ResultStore(path: settings.databasePath)
        // The version, the command, the id and the json stand before the results; some more make a clear refusal.
        let router = try EnvelopeRouter(
            context: context, endpoints: settings.report, domain: .report,
            maximumFrames: 4 + StatusService.maximumResults + 6,
            maximumFrameBytes: Int64(StatusService.maximumReportBytes))
        bound.withLock { $0 = router.addresses }
        board.setEndpoints("report", router.addresses)
        let clerk = FailureClerk(context: context, store: store, board: board, desk: failures)
        let desk = ReportDesk(
            store: store, board: board, forwarder: WatcherForwarder(context: context, board: board), clerk: clerk)
        let watchers = WatcherLogs(context: context, settings: settings, board: board, store: store)
        var upkeep = Upkeep(settings: settings)
        var survey = Survey(settings: settings, board: board)
        started()
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            if board.damage == nil { try watchers.request() }
            noteOwnHeartbeat(store, watchers)
            var entries = [router.readable, PollEntry(descriptor: bell.descriptor)]
            entries += watchers.readable + desk.forwarder.readable + clerk.readable
            let due = min(watchers.untilDue, desk.forwarder.untilDue, upkeep.untilDue, survey.untilDue)
            _ = try Poller.poll(entries, timeout: due)
            bell.silence()
            if try !turn(router, desk, clerk, watchers, store) { watchers.startOver() }
            for (request, outcome) in try desk.forwarder.answered() { try router.reply(to: request, outcome) }
            try keepUp(store, &upkeep, &survey)
        }
        if board.damage == nil { try store.noteOpen(false) }
    }

    /// What is done beside the turns.
    private func keepUp(_ store: ResultStore, _ upkeep: inout Upkeep, _ survey: inout Survey) throws {
        guard board.damage == nil else { return }
        do {
            try store.scrubIfDue()
            try upkeep.run(store)
            try survey.run(store)
        } catch { try note(error) }
    }

    /// Takes note of a damaged store, of which nothing is taken as long as the process lives; throws any other error.
    private func note(_ error: any Error) throws {
        guard let damage = StoreDamage(error, path: settings.databasePath) else { throw error }
        logger.error(.storeDamaged, [.error: "\(error)"])
        board.noteDamage(damage)
    }

    /// Takes in what has come, commits it, answers; returns false where the commit failed.
    private func turn(
        _ router: EnvelopeRouter, _ desk: ReportDesk, _ clerk: FailureClerk, _ watchers: WatcherLogs,
        _ store: ResultStore
    ) throws -> Bool {
        var requests: [Request] = []
        // A bounded turn: what waits longer is answered in the next, and every turn feeds the watchdog.
        while requests.count < 64, let request = try router.receive() { requests.append(request) }
        let batches = board.damage == nil ? try watchers.receive() : []
        let writes = requests.filter(ReportDesk.writes)
        let hasFailures = try turn(clerk)
        var answers: [Result<Reply, WireError>] = []
        var isWell = true
        if board.damage != nil {
            answers = writes.map { _ in .failure(StatusService.damaged) }
            clerk.failed(StatusService.damaged)
        } else if !writes.isEmpty || !batches.isEmpty || hasFailures {
            do {
                let (taken, arrivals) = try store.transaction {
                    for batch in batches { noteUnreadable(try store.apply(batch)) }
                    try clerk.work()
                    return try writes.map { try desk.write($0) }
                }
                replace(store.log.takeReplaced())
                publish(store.log.takeAppended())
                watchers.committed(batches)
                clerk.committed()
                board.count(arrivals)
                board.setTrouble("store", nil)
                answers = taken
            } catch let error as SQLiteError where error.isDiskFull {
                // Nothing was acknowledged and no cursor moved: workers send again, the log is read again.
                logger.error(.storeFull, [.error: "\(error)"])
                board.setTrouble("store", "The disk is full: results are not taken until there is room")
                let refusal = WireError(
                    .unavailable, "DISK_FULL", "the status service's disk is full", retryMilliseconds: 5000)
                answers = writes.map { _ in .failure(refusal) }
                clerk.failed(refusal)
                isWell = false
            } catch {
                try note(error)
                answers = writes.map { _ in .failure(StatusService.damaged) }
                clerk.failed(StatusService.damaged)
                isWell = false
            }
        }
        var writeAnswers = answers.makeIterator()
        for request in requests {
            if ReportDesk.writes(request), let answer = writeAnswers.next() {
                try router.reply(to: request, answer)
            } else if let answer = try desk.answer(request, logger) {
                try router.reply(to: request, answer)
            }
        }
        return isWell
    }

    private static let damaged = WireError(
        .unavailable, "DAMAGED", "the status service's store is damaged", retryMilliseconds: 30_000)

    /// Lets the clerk take in what has come; returns whether it has something to do in a transaction.
    private func turn(_ clerk: FailureClerk) throws -> Bool {
        do { return try clerk.turn(isStoreWell: board.damage == nil) } catch {
            try note(error)
            return false
        }
    }

    private func noteUnreadable(_ count: Int) {
        guard count > 0 else { return }
        logger.warning("Records of the log could not be read and were passed over.", [.count: "\(count)"])
    }

    private func noteOwnHeartbeat(_ store: ResultStore, _ watchers: WatcherLogs) {
        guard let heartbeat = board.ownHeartbeat(name: settings.name, every: Heartbeat.interval) else { return }
        var own = heartbeat
        own.streams = watchers.places
        own.lag = own.streams.lag
        own.numbers = ["results": Int64(clamping: store.log.head)]
        own.logs = settings.results?().map { [$0] }
        board.note(own)
        settings.onHeartbeat?(own)
    }
}
