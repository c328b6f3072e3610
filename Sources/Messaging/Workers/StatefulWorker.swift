import Articles
import FoundationEssentials
import Lifecycle
package import Linux
import SQLite
import Synchronization
import Telemetry
package import ZeroMQ

/// A worker with state: one transaction applies a batch of articles, moves the cursor and puts the results in the outbox.
///
/// It long-polls FETCH on each of its logs; the next batch is on its way while one is applied. The outbox drains to the
/// status service whenever that is there; at its capacity the worker stops fetching. Where the database takes nothing, as
/// on a full disk, it waits, and goes on from what is committed.
package final class StatefulWorker: Service {
    package let name: String
    package var precedence: SystemThread.Precedence { .background }
    private let context: Context
    private let configuration: WorkerConfiguration
    private let makeProcessor: @Sendable () throws -> any StatefulProcessor
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let onProgress: (@Sendable () -> Void)?

    /// Makes a worker.
    ///
    /// - Parameters:
    ///   - onProgress: called on the worker's thread at least once a few seconds while it lives: the watchdog's food.
    ///   - makeProcessor: called on the worker's thread at the start, and again after the database could not be written.
    package init(
        context: Context, configuration: WorkerConfiguration, onProgress: (@Sendable () -> Void)? = nil,
        makeProcessor: @escaping @Sendable () throws -> any StatefulProcessor
    ) throws {
        self.name = configuration.name
        self.context = context
        self.configuration = configuration
        self.makeProcessor = makeProcessor
        self.onProgress = onProgress
        self.bell = try WakeUp()
    }

    /// The version of a worker's own tables, beside those of its processor.
    package static var stateVersion: StateVersion { WorkerStore.stateVersion }

    /// The size of the pages of a worker's database.
    package static let pageBytes = 4096

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        var shift: Shift? = try makeShift()
        let report = ReportLink(
            context: context, endpoints: configuration.reportEndpoints, producer: configuration.name,
            kind: shift?.bench.kind ?? "")
        var outage = StateOutage(path: configuration.statePath, label: name)
        started()
        while !isDraining.load(ordering: .relaxed) {
            do {
                let current = try shift ?? makeShift()
                shift = current
                try work(current, report, &outage)
            } catch let error as SQLiteError where error.isPassing {
                outage.begin(error)
                try wait(for: &outage, shift, report)
                // Two would not fit into memory.
                shift = nil
            }
        }
    }

    /// The time in which one connection to the database is good: what was opened and read, and where reading went on.
    private struct Shift {
        let bench: WorkBench
        let logs: LogFollowers
    }

    /// Opens the database, loads what the processor has in memory, and goes to the committed places.
    private func makeShift() throws -> Shift {
        let connection = try Connection(path: configuration.statePath)
        // What a worker keeps is looked up by keys: its commits meet many pages, and few bytes of each.
        try connection.configure(durability: .full, pageBytes: StatefulWorker.pageBytes)
        let processor = try makeProcessor()
        let bench = try WorkBench(connection: connection, processor: processor, configuration: configuration)
        try processor.prepare(connection)
        let logs = LogFollowers(
            context: context, sources: configuration.logs,
            statusEndpoints: configuration.discoversLogs ? configuration.reportEndpoints : nil,
            topics: configuration.topics, consumer: configuration.name
        ) { try bench.store.cursors.cursor(of: $0) }
        return Shift(bench: bench, logs: logs)
    }

    /// Works until drained.
    private func work(_ shift: Shift, _ report: ReportLink, _ outage: inout StateOutage) throws {
        let (bench, logs) = (shift.bench, shift.logs)
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            let canWrite = outage.isOver()
            configuration.onTurn? { heartbeat(bench, logs, outage) }
            try logs.requestIfPossible(isWanted: canWrite && bench.outboxCount < configuration.outboxCapacity)
            if bench.outboxCount > 0, report.isFree { try report.send(bench.store.outboxBatch()) }
            // Coming to rest is news for whoever waits for it.
            let hasNews = bench.outboxCount == 0 && logs.isAtEnd && bench.hasNews
            let isTold = try report.heartbeat(isWanted: hasNews) { heartbeat(bench, logs, outage) }
            if hasNews, isTold { bench.newsIsTold() }

            let due = hasNews && !isTold ? min(.milliseconds(50), report.untilDue) : report.untilDue
            let entries = logs.readable + report.readable + [PollEntry(descriptor: bell.descriptor)]
            let untilRetry = canWrite ? bench.untilRetry : outage.untilDue
            _ = try Poller.poll(entries, timeout: min(due, logs.untilDue, untilRetry))
            bell.silence()
            if case .stored(let last) = try report.tick() { try bench.removeOutbox(upTo: last) }
            if let store = report.takeNewStore() { try bench.noteStore(store) }
            if let batch = try logs.receive() {
                // The next one is on its way while this one is applied.
                try logs.requestIfPossible(isWanted: canWrite && bench.outboxCount < configuration.outboxCapacity)
                try bench.apply(batch)
            }
            guard canWrite else { continue }
            try bench.grant(report.takeWishes())
            try bench.lookAtOthers()
            try bench.retryDue()
            try bench.scrubIfDue()
        }
    }

    /// Waits until the database can be opened again; the status service hears why.
    private func wait(for outage: inout StateOutage, _ shift: Shift?, _ report: ReportLink) throws {
        while !isDraining.load(ordering: .relaxed), !outage.isOver() {
            onProgress?()
            if let shift {
                configuration.onTurn? { heartbeat(shift.bench, shift.logs, outage) }
                _ = try report.heartbeat(isWanted: false) { heartbeat(shift.bench, shift.logs, outage) }
            }
            let entries = report.readable + [PollEntry(descriptor: bell.descriptor)]
            _ = try Poller.poll(entries, timeout: min(report.untilDue, outage.untilDue))
            bell.silence()
            // What was stored meanwhile is reported again, and stored once.
            _ = try report.tick()
        }
    }

    private func heartbeat(_ bench: WorkBench, _ logs: LogFollowers, _ outage: StateOutage) -> Heartbeat {
        var heartbeat = Heartbeat(name: configuration.name, kind: bench.kind)
        heartbeat.endpoints = configuration.endpoints
        heartbeat.logs = configuration.servedLogs?()
        heartbeat.numbers = bench.numbers
        heartbeat.streams = logs.places { bench.cursors[$0] }
        heartbeat.lag = heartbeat.streams.lag
        heartbeat.trouble = outage.trouble.map { "nothing is written: \($0)" } ?? logs.trouble
        heartbeat.grants = Wish.Action.allCases.map(\.rawValue)
        return heartbeat
    }
}
