import Articles
import Lifecycle
import Linux
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
        /// The watchers whose logs are followed; of each the addresses of its log, as alternatives.
        package var logs: [[String]]
        /// How long articles, files and results are kept.
        package var retention = Duration.seconds(90 * 86_400)
        /// How long the records of the results log are kept.
        package var resultRetention = Duration.seconds(7 * 86_400)

        /// Makes settings with the default retention.
        package init(databasePath: String, report: [Endpoint], logs: [[String]]) {
            self.databasePath = databasePath
            self.report = report
            self.logs = logs
        }
    }

    package let name = "status"
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
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let bound = Mutex<[String]>([])
    private let logger = Logger(label: "status")

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - replace: takes what has other bytes on the results log since.
    ///   - publish: takes what was committed to the results log, on this service's thread.
    ///   - onProgress: called on the service's thread at least every two seconds while it lives: the watchdog's food.
    package init(
        context: Context, settings: Settings, board: StatusBoard,
        replace: @escaping @Sendable ([ReplacedRecord]) -> Void = { _ in },
        publish: @escaping @Sendable ([LogRecord]) -> Void,
        onProgress: (@Sendable () -> Void)? = nil
    ) throws {
        self.context = context
        self.settings = settings
        self.board = board
        self.publish = publish
        self.replace = replace
        self.onProgress = onProgress
        self.bell = try WakeUp()
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
            context: context, endpoints: settings.report, maximumFrames: 4 + StatusService.maximumResults + 6,
            maximumFrameBytes: Int64(StatusService.maximumReportBytes))
        bound.withLock { $0 = router.addresses }
        board.setEndpoints("report", router.addresses)
        let desk = ReportDesk(
            store: store, board: board, forwarder: QuarantineForwarder(context: context, board: board))
        var followers = settings.logs.map { makeFollower($0, store) }
        var upkeep = Upkeep(settings: settings)
        started()
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            for follower in followers { try follower.requestIfPossible(isWanted: true) }
            noteOwnHeartbeat(store, followers)
            var entries = [router.readable, PollEntry(descriptor: bell.descriptor)]
            entries += followers.compactMap(\.readable) + [desk.forwarder.readable].compactMap { $0 }
            let due = followers.map(\.untilDue) + [desk.forwarder.untilDue, upkeep.untilDue]
            _ = try Poller.poll(entries, timeout: due.min() ?? .seconds(1))
            bell.silence()
            if try !turn(router, desk, followers, store) {
                followers = settings.logs.map { makeFollower($0, store) }
            }
            for (request, outcome) in try desk.forwarder.answered() { try router.reply(to: request, outcome) }
            try store.scrubIfDue()
            try upkeep.run(store)
        }
    }

    /// Takes in what has come, commits it, answers; returns false where the commit failed for want of room.
    private func turn(
        _ router: EnvelopeRouter, _ desk: ReportDesk, _ followers: [LogFollower], _ store: ResultStore
    ) throws -> Bool {
        var requests: [Request] = []
        // A bounded turn: what waits longer is answered in the next, and every turn feeds the watchdog.
        while requests.count < 64, let request = try router.receive() { requests.append(request) }
        let batches = try followers.compactMap { try $0.receive() }
        for (follower, index) in zip(followers, 0...) {
            board.setTrouble("log \(index)", follower.trouble.map { "Articles cannot be followed: \($0)" })
        }
        let reports = requests.filter { $0.command == "REPORT" }
        var answers: [Result<Reply, WireError>] = []
        var isWell = true
        if !reports.isEmpty || !batches.isEmpty {
            do {
                let (taken, arrivals) = try store.transaction {
                    for batch in batches { noteUnreadable(try store.apply(batch)) }
                    return try reports.map { try desk.report($0) }
                }
                replace(store.log.takeReplaced())
                publish(store.log.takeAppended())
                board.count(arrivals)
                board.setTrouble("store", nil)
                answers = taken
            } catch let error as SQLiteError where error.isDiskFull {
                // Nothing was acknowledged and no cursor moved: workers send again, the log is read again.
                logger.error("The store is full; reports are refused until there is room.", ["error": "\(error)"])
                board.setTrouble("store", "The disk is full: results are not taken until there is room")
                let refusal = WireError(
                    .unavailable, "DISK_FULL", "the status service's disk is full", retryMilliseconds: 5000)
                answers = reports.map { _ in .failure(refusal) }
                isWell = false
            }
        }
        var reportAnswers = answers.makeIterator()
        for request in requests {
            if request.command == "REPORT", let answer = reportAnswers.next() {
                try router.reply(to: request, answer)
            } else if let answer = try desk.answer(request, logger) {
                try router.reply(to: request, answer)
            }
        }
        return isWell
    }

    private func makeFollower(_ endpoints: [String], _ store: ResultStore) -> LogFollower {
        LogFollower(context: context, endpoints: endpoints, topics: ["art/", "file/"], consumer: settings.name) {
            try store.cursor(of: $0)
        }
    }

    private func noteUnreadable(_ count: Int) {
        guard count > 0 else { return }
        logger.warning("Records of the log could not be read and were passed over.", ["count": "\(count)"])
    }

    private func noteOwnHeartbeat(_ store: ResultStore, _ followers: [LogFollower]) {
        guard let heartbeat = board.ownHeartbeat(name: settings.name, every: Heartbeat.interval) else { return }
        var own = heartbeat
        let cursors = (try? StoreReader(connection: store.connection).cursors()) ?? []
        // One watcher: its head is known. Several: a cursor does not say whose it is before its follower has read.
        let head = followers.count == 1 ? followers[0].head : 0
        own.streams = cursors.map {
            .init(stream: $0.stream, epoch: $0.epoch, seq: $0.seq, head: max($0.seq, head))
        }
        if cursors.count == 1 { own.lag = own.streams.reduce(0) { $0 + $1.head - $1.seq } }
        own.numbers = ["results": Int64(clamping: store.log.head)]
        board.note(own)
    }
}
