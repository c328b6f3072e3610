import Linux
import Telemetry
import ZeroMQ

/// The logs that a ``StatelessWorker`` works on, which may come and go. What is wrong with one holds up no other, and they
/// are served in turn.
final class LeasedLogs {
    private let context: Context
    private let roster: LogRoster
    private let holders = StreamHolders()
    private let terms: LeasedLog.Terms
    private let logger: Logger
    private var logs: [LeasedLog] = []
    /// The log that is asked first for the next batch.
    private var turn = 0

    init(
        context: Context, sources: [LogSource], statusEndpoints: [String]?, terms: LeasedLog.Terms, logger: Logger
    ) {
        self.context = context
        self.terms = terms
        self.logger = logger
        roster = LogRoster(context: context, configured: sources, statusEndpoints: statusEndpoints)
        arrange()
    }

    /// To wait for answers.
    var readable: [PollEntry] { logs.flatMap(\.readable) + roster.readable }

    /// How long until there is something to do beside receiving.
    var untilDue: Duration { min(roster.untilDue, logs.map(\.untilDue).min() ?? .seconds(60)) }

    /// Nothing is left to work on in all logs that can be reached, and there is one that can.
    var isAtRest: Bool {
        logs.contains(where: \.isAtRest) && logs.allSatisfy { $0.isAtRest || $0.isStandby || $0.trouble != nil }
    }

    /// Why nothing comes from some of the logs, in a sentence; nil where nothing is wrong.
    var trouble: String? { logs.map { ($0.source, $0.trouble) }.sentence }

    /// The place in every stream that is worked on.
    var places: [Heartbeat.StreamPosition] { logs.compactMap(\.place) }

    /// Sends what is due; `maximum` says how many records to claim of each log.
    func turn(claiming maximum: Int) {
        if roster.turn() { arrange() }
        for log in logs { log.turn(claiming: maximum) }
    }

    /// Takes in what was answered, and keeps what is leased.
    func receive() {
        for log in logs {
            log.receive()
            log.extendIfDue()
        }
    }

    /// The next log of which records are in hand.
    func nextInHand() -> LeasedLog? {
        for offset in logs.indices {
            let index = (turn + offset) % logs.count
            guard logs[index].batch != nil else { continue }
            turn = index + 1
            return logs[index]
        }
        return nil
    }

    /// Ends everything: waits for what is settled, then gives back what is left. Without an answer the leases run out.
    func end() {
        settle(within: .seconds(2))
        let released = logs.filter { $0.release() }
        guard !released.isEmpty else { return }
        settle(within: .seconds(1))
    }

    private func settle(within limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while logs.contains(where: \.isSettling), deadline > .now {
            guard (try? Poller.poll(logs.flatMap(\.readable), timeout: deadline - .now)) != nil else { return }
            for log in logs { log.receive() }
        }
    }

    /// Has a line to every source, and keeps those that are there.
    private func arrange() {
        let before = logs
        logs = roster.sources.map { source in
            before.first { $0.source == source }
                ?? LeasedLog(context: context, source: source, holders: holders, terms: terms, logger: logger)
        }
        for log in before where !logs.contains(where: { $0 === log }) { log.letGo() }
        turn = 0
    }
}
