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
/// status service whenever that is there; at its capacity the worker stops fetching.
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
    ///   - makeProcessor: called once on the worker's thread.
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
        let report = ReportLink(
            context: context, endpoints: configuration.reportEndpoints, producer: configuration.name,
            kind: processor.kind)
        started()
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            configuration.onTurn? { heartbeat(bench, logs, processor.kind) }
            try logs.requestIfPossible(isWanted: bench.outboxCount < configuration.outboxCapacity)
            if bench.outboxCount > 0, report.isFree { try report.send(bench.store.outboxBatch()) }
            // Coming to rest is news for whoever waits for it.
            let hasNews = bench.outboxCount == 0 && logs.isAtEnd && bench.hasNews
            let isTold = try report.heartbeat(isWanted: hasNews) { heartbeat(bench, logs, processor.kind) }
            if hasNews, isTold { bench.newsIsTold() }

            let due = hasNews && !isTold ? min(.milliseconds(50), report.untilDue) : report.untilDue
            let entries = logs.readable + report.readable + [PollEntry(descriptor: bell.descriptor)]
            _ = try Poller.poll(entries, timeout: min(due, logs.untilDue, bench.untilRetry))
            bell.silence()
            if case .stored(let last) = try report.tick() { try bench.removeOutbox(upTo: last) }
            if let store = report.takeNewStore() { try bench.noteStore(store) }
            if let batch = try logs.receive() {
                // The next one is on its way while this one is applied.
                try logs.requestIfPossible(isWanted: bench.outboxCount < configuration.outboxCapacity)
                try bench.apply(batch)
            }
            try bench.grant(report.takeWishes())
            try bench.lookAtOthers()
            try bench.retryDue()
            try bench.scrubIfDue()
        }
    }

    private func heartbeat(_ bench: WorkBench, _ logs: LogFollowers, _ kind: String) -> Heartbeat {
        var heartbeat = Heartbeat(name: configuration.name, kind: kind)
        heartbeat.endpoints = configuration.endpoints
        heartbeat.logs = configuration.servedLogs?()
        heartbeat.numbers = bench.numbers
        heartbeat.streams = logs.places { bench.cursors[$0] }
        heartbeat.lag = heartbeat.streams.lag
        heartbeat.trouble = logs.trouble
        heartbeat.grants = Wish.Action.allCases.map(\.rawValue)
        return heartbeat
    }
}
