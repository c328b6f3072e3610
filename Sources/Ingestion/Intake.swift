import Articles
import Formats
import Glibc
import Lifecycle
package import Linux
package import Messaging
import SQLite
import Synchronization
import TOML
import Telemetry

/// Takes files from the drop directories: waits until they are complete, reads and parses them, commits their records and
/// outcomes in one transaction with the ledger, hands the records on, and only then disposes of the files.
///
/// It is one loop on one thread that owns the log's connection. It does not serve the log; that is `LogServer`.
package final class Intake: Service {
    /// The version of the watcher's tables beside the log.
    package static var stateVersion: StateVersion { Ledger.stateVersion }

    /// How the intake works, beyond its directories.
    package struct Options: Sendable {
        /// The database of log and ledger.
        package var databasePath: String
        /// Where the note of the file in hand stands.
        package var statePath: String
        /// The size of the log at which no more files are taken, in bytes.
        package var maximumLogBytes: Int
        /// How long records are kept.
        package var retention: Duration
        /// Parses a suspect apart; returns how the child ended. Nil parses it here.
        package var parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?
        /// What is held in memory of the parts of one file.
        var pieces = FileContent.Limit()

        package init(
            databasePath: String, statePath: String, maximumLogBytes: Int = 20 << 30,
            retention: Duration = .seconds(7 * 86_400),
            parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)? = nil
        ) {
            self.databasePath = databasePath
            self.statePath = statePath
            self.maximumLogBytes = maximumLogBytes
            self.retention = retention
            self.parseApart = parseApart
        }
    }

    package let name = "intake"
    package var precedence: SystemThread.Precedence { .background }
    /// The quarantines, for the operator.
    package let quarantine: Quarantine
    private let configuration: Configuration
    private let options: Options
    private let publish: @Sendable ([LogRecord]) -> Void
    private let replace: @Sendable ([ReplacedRecord]) -> Void
    private let hold: @Sendable () -> RetentionHold
    private let onProgress: @Sendable () -> Void
    private let bell: WakeUp
    private let requests: IntakeRequests
    private let isDraining = Atomic<Bool>(false)
    private let shown = Mutex(IntakeSnapshot())
    private let onRest = Callback()

    /// Makes an intake.
    ///
    /// - Parameters:
    ///   - publish: takes what was committed, before its files are disposed of.
    ///   - hold: what retention is not to remove yet.
    ///   - replace: takes what has other bytes on the log since: what stood there before is not to be served.
    ///   - onProgress: called by the loop at least once a few seconds: the watchdog's food.
    package init(
        configuration: Configuration, options: Options, onProgress: @escaping @Sendable () -> Void = {},
        hold: @escaping @Sendable () -> RetentionHold = { .none },
        replace: @escaping @Sendable ([ReplacedRecord]) -> Void = { _ in },
        publish: @escaping @Sendable ([LogRecord]) -> Void
    ) throws {
        self.configuration = configuration
        self.options = options
        self.publish = publish
        self.replace = replace
        self.hold = hold
        self.onProgress = onProgress
        let bell = try WakeUp()
        self.bell = bell
        requests = IntakeRequests(bell: bell)
        self.quarantine = Quarantine(paths: configuration.directories.map(\.path))
    }

    /// What it says of itself; safe on any thread.
    package var snapshot: IntakeSnapshot { shown.withLock { $0 } }

    /// Sets what is called, on the intake's thread, whenever it comes to rest after work.
    package func setOnRest(_ body: @escaping @Sendable () -> Void) { onRest.set(body) }

    /// Takes a new configuration, as soon as nothing is in hand: directories that are new are watched, those that are
    /// gone are let go, and what is known of the files of the others stays. Safe on any thread.
    ///
    /// - Returns: whether it is in force; if not, it will be, after the batch in hand or a trouble of the store.
    package func reload(
        _ configuration: Configuration, maximumLogBytes: Int, retention: Duration, within limit: Duration
    ) throws -> Bool {
        let new = IntakeDesk.NewConfiguration(
            directories: configuration.directories, maximumLogBytes: maximumLogBytes, retention: retention)
        return try requests.ask(within: limit) { try $0.take(new) } ?? false
    }

    /// Drops quarantined files again; their next try knows how often they were tried. Safe on any thread.
    package func retry(_ files: [Quarantine.File], within limit: Duration) throws -> [QuarantineAnswer] {
        try inSlices(files, within: limit) { try $0.retry($1) }
    }

    /// Gives quarantined files up: each is recorded as discarded and removed. Safe on any thread.
    package func discard(_ files: [Quarantine.File], within limit: Duration) throws -> [QuarantineAnswer] {
        try inSlices(files, within: limit) { try $0.discard($1) }
    }

    /// Returns articles that are held until their embargo ends, those of an id or all behind a row. Safe on any thread.
    package func held(
        id: String? = nil, after row: Int64 = 0, limit: Int, within patience: Duration
    ) throws -> [HeldArticle] {
        guard
            let articles = try requests.ask(
                within: patience, { try $0.listHeld(id: id, after: row, limit: limit) })
        else { throw NotAnswered() }
        return articles
    }

    /// Lets held articles go before their time: those of some ids, or at most `limit` of all. Safe on any thread.
    ///
    /// - Returns: the ids of those that went.
    package func release(_ ids: [String]?, limit: Int, within patience: Duration) throws -> [String] {
        guard let released = try requests.ask(within: patience, { try $0.release(ids, limit: limit) }) else {
            throw NotAnswered()
        }
        return released
    }

    /// Withdraws an article, with all of its versions and for ever. Safe on any thread.
    ///
    /// - Parameter note: why, for people.
    /// - Returns: the sequence numbers of the kill, one on each topic of the source.
    package func kill(
        source: String, uri: String, note: String?, within patience: Duration
    ) throws -> ClosedRange<UInt64> {
        guard
            let place = try requests.ask(within: patience, { try $0.kill(source: source, uri: uri, note: note) })
        else { throw NotAnswered() }
        return place
    }

    /// Erases an article, for ever, wherever the watcher has its words. Safe on any thread; it goes through the log on the
    /// caller's, while the intake goes on.
    ///
    /// - Throws: ``ErasureOfNothing`` where nobody knows of it.
    package func erase(_ order: ErasureOrder, within patience: Duration) throws -> ErasureOutcome {
        let connection = try Connection(path: options.databasePath, mode: .readOnly)
        let end = try LogScan.end(connection)
        let found = try LogScan.hits(of: ErasureMatcher([order.subject]), in: connection, through: end)
        guard
            let outcome = try requests.ask(within: patience, { try $0.erase(order, found: found, through: end) })
        else { throw NotAnswered() }
        return outcome
    }

    /// Returns entries of the book of erasures from a place on, which is 0 at first, and the place behind them; nil at the end.
    /// Safe on any thread.
    package func erasures(from place: Int, limit: Int) throws -> (entries: [ErasureEntry], next: Int?) {
        var entries: [ErasureEntry] = []
        let end = try ErasureBook.forEach(in: Directory(path: options.statePath), from: place) { entry, _ in
            if let entry { entries.append(entry) }
            return entries.count < limit
        }
        return (entries, entries.count < limit ? nil : end)
    }

    /// The intake did not come to it in time.
    package struct NotAnswered: Error, CustomStringConvertible {
        package var description: String { "the intake is busy and does not come to it; ask again" }
    }

    /// Few files at a time, so that those that are dropped do not wait for all of them.
    private func inSlices(
        _ files: [Quarantine.File], within limit: Duration,
        _ body: @escaping @Sendable (IntakeDesk, [Quarantine.File]) throws -> [QuarantineAnswer]
    ) throws -> [QuarantineAnswer] {
        var answers: [QuarantineAnswer] = []
        for start in stride(from: 0, to: files.count, by: 100) {
            let slice = Array(files[start..<min(files.count, start + 100)])
            guard let answered = try requests.ask(within: limit, { try body($0, slice) }) else { throw NotAnswered() }
            answers += answered
        }
        return answers
    }

    /// Lets nothing be taken from a directory by its path, or from any where it is nil, or ends that; of all directories it
    /// ends every pause. A pause outlives the process. Safe on any thread.
    ///
    /// - Returns: what it says of itself then; nil where it is done only after the batch in hand.
    /// - Throws: ``PauseRefused`` where nothing was changed.
    package func setPause(_ path: String?, _ isPaused: Bool, within limit: Duration) throws -> IntakeSnapshot? {
        try requests.ask(within: limit) { desk in
            try desk.setPause(path, isPaused)
            return desk.snapshot()
        }
    }

    /// Why a pause was not begun or ended.
    package enum PauseRefused: Error {
        /// There is no such drop directory.
        case unknown(String, known: [String])
        /// It could not be written down.
        case notStored(reason: String)
    }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        var onPoint: ((IntakePoint) throws -> Void)?
        #if DEBUG
            onPoint = try KillSwitch.ofEnvironment()
        #endif
        let desk = try IntakeDesk(
            configuration: configuration, options: options, quarantine: quarantine, hold: hold,
            publish: publish, replace: replace, onPoint: onPoint)
        started()
        var wasBusy = true
        var shownAt = ContinuousClock.now - .seconds(1)
        while !isDraining.load(ordering: .relaxed) {
            onProgress()
            requests.perform(on: desk)
            let isBusy = try desk.work()
            // Of a thousand directories it costs as much as a small batch.
            if !isBusy || ContinuousClock.now - shownAt > .milliseconds(200) {
                let snapshot = desk.snapshot()
                shown.withLock { $0 = snapshot }
                shownAt = .now
            }
            if !isBusy, wasBusy { onRest() }
            wasBusy = isBusy
            guard !isBusy else { continue }
            try desk.rest()
            _ = Poll.readable(desk.descriptors + [bell.descriptor], timeout: min(desk.untilDue(), .seconds(5)))
            // Before it is asked what the bell was for.
            bell.silence()
        }
        try desk.finish()
    }
}
