import Articles
import FoundationEssentials
import Glibc
import Lifecycle
package import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// A worker without state: CLAIM, work, REPORT until it is stored, DONE. Any number of processes share a group, which
/// there is on each log.
///
/// While the status service cannot take its results it extends its leases and claims no more, so that an outage there
/// makes no dead letters.
package final class StatelessWorker: Service {
    package let name: String
    package var precedence: SystemThread.Precedence { .background }
    private let context: Context
    private let configuration: WorkerConfiguration
    private let lease: Duration
    private let makeProcessor: @Sendable () throws -> any StatelessProcessor
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let onProgress: (@Sendable () -> Void)?
    private let logger: Logger

    private static let largestBatch = 50

    /// Makes a worker; its group has the name of its processor's kind.
    package init(
        context: Context, configuration: WorkerConfiguration, lease: Duration = .seconds(60),
        onProgress: (@Sendable () -> Void)? = nil,
        makeProcessor: @escaping @Sendable () throws -> any StatelessProcessor
    ) throws {
        self.name = configuration.name
        self.context = context
        self.configuration = configuration
        self.lease = lease
        self.makeProcessor = makeProcessor
        self.onProgress = onProgress
        self.bell = try WakeUp()
        self.logger = Logger(label: configuration.name)
    }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let owner = try StatelessWorker.owner(path: configuration.statePath + "-owner")
        let inHand = try InHandFile(path: configuration.statePath + "-in-hand")
        let processor = try makeProcessor()
        let shift = Shift(
            processor: processor, inHand: inHand,
            logs: LeasedLogs(
                context: context, sources: configuration.logs,
                statusEndpoints: configuration.discoversLogs ? configuration.reportEndpoints : nil,
                terms: .init(
                    group: processor.kind, owner: owner, topics: configuration.topics, lease: lease,
                    maximumAttempts: configuration.maximumAttempts), logger: logger),
            status: CommandClient(context: context, endpoints: configuration.reportEndpoints))
        started()
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            configuration.onTurn? { makeHeartbeat(shift) }
            shift.logs.turn(claiming: shift.batch)
            if let log = shift.logs.nextInHand(), let claimed = log.batch {
                do { try work(shift, log, claimed) } catch CommandClient.Failure.interrupted { break }
                continue
            }
            heartbeat(shift, isWanted: shift.hasNews && shift.logs.isAtRest)
            let due = min(shift.logs.untilDue, max(.zero, shift.lastHeartbeat + Heartbeat.interval - .now))
            _ = try Poller.poll(shift.logs.readable + [PollEntry(descriptor: bell.descriptor)], timeout: due)
            shift.logs.receive()
        }
        shift.logs.end()
    }

    /// What one run of the worker holds.
    private final class Shift {
        let processor: any StatelessProcessor
        let inHand: InHandFile
        let logs: LeasedLogs
        let status: CommandClient
        /// The record that was in hand when the last run ended uncleanly, until it was given back.
        var suspect: InHandFile.Suspect?
        /// How many articles are claimed at once: as many as take about half a second.
        var batch = 8
        var done: Int64 = 0
        var failed: Int64 = 0
        var lastHeartbeat = ContinuousClock.now - .seconds(60)
        var hasNews = true

        init(
            processor: any StatelessProcessor, inHand: InHandFile, logs: LeasedLogs, status: CommandClient
        ) {
            self.processor = processor
            self.inHand = inHand
            self.suspect = inHand.suspect
            self.logs = logs
            self.status = status
        }

        var kind: String { processor.kind }
    }

    /// Works on what was claimed of a log, until its results are stored and its leases end.
    ///
    /// - Throws: `interrupted` where the worker drains and the results could not be stored.
    private func work(_ shift: Shift, _ log: LeasedLog, _ claimed: FetchReply) throws {
        shift.hasNews = true
        let started = ContinuousClock.now
        var results: [ResultRecord] = []
        var done: [UInt64] = []
        var failed: [LeasedLog.Failure] = []
        // Before all articles: also those that stand before it are not worth their work.
        for record in claimed.records {
            let data = Data(record.bytes)
            switch RecordType.of(record.bytes) {
            case .kill: (try? JSONDecoder().decode(KillRecord.self, from: data)).map(shift.processor.kill)
            case .gone: (try? JSONDecoder().decode(GoneRecord.self, from: data)).map(shift.processor.erase)
            default: break
            }
        }
        for (index, record) in claimed.records.enumerated() {
            // What is worked on is finished; the rest goes back when the run ends.
            if isDraining.load(ordering: .relaxed) { break }
            let attempt = index < claimed.leases.count ? claimed.leases[index].attempt : 1
            if RecordType.of(record.bytes) == .article {
                guard let (result, failure) = work(shift, record.position, record.bytes, attempt: attempt) else {
                    break
                }
                results.append(result)
                if let failure {
                    failed.append(
                        .init(
                            seq: record.position.seq, reason: failure,
                            delayMilliseconds: configuration.delayMilliseconds(after: attempt)))
                    if shift.suspect?.isAt(record.position) == true { shift.suspect = nil }
                } else {
                    done.append(record.position.seq)
                }
            } else {
                done.append(record.position.seq)
            }
            onProgress?()
            // What was claimed of other logs meanwhile waits for its turn, and is kept.
            shift.logs.receive()
        }
        shift.batch = StatelessWorker.batch(after: results.count, taking: ContinuousClock.now - started)
        try report(shift, results)
        log.settle(done: done, failed: failed)
        heartbeat(shift, isWanted: false)
    }

    /// How many articles to claim next: slow work is shared out in small portions, so that no other worker stands idle.
    static func batch(after count: Int, taking time: Duration) -> Int {
        guard count > 0 else { return 8 }
        let each = max(time / count, .microseconds(1))
        return max(1, min(largestBatch, Int(Duration.milliseconds(500) / each)))
    }

    /// Returns what came of an article, and where it failed why; nil where the work was broken off for the drain.
    private func work(
        _ shift: Shift, _ position: Position, _ bytes: [UInt8], attempt: Int
    ) -> (ResultRecord, String?)? {
        var id: ArticleID?
        var failure: String?
        let result: WorkResult
        do {
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            id = article.id
            if shift.suspect?.isAt(position) == true { throw DiedOnIt() }
            shift.inHand.take(position)
            result = try shift.processor.work(WorkItem(position: position, bytes: bytes, article: article))
            shift.done += 1
        } catch is WorkInterrupted {
            shift.inHand.putDown()
            return nil
        } catch {
            let reason = String("\(error)".prefix(1000))
            let isDead = attempt >= configuration.maximumAttempts
            failure = reason
            shift.failed += 1
            result = .failed(reason, isDead: isDead)
            logger.warning(
                isDead ? .articleGivenUp : "An article failed.",
                [.articleID: id?.description ?? "", .seq: "\(position.seq)", .attempt: "\(attempt)", .reason: reason])
        }
        shift.inHand.putDown()
        let record = ResultRecord(
            stream: position.stream.description, epoch: position.epoch, seq: position.seq, kind: shift.kind,
            generation: configuration.generation, attempt: attempt, status: result.status,
            timeMilliseconds: Clocks.wallMilliseconds(), articleID: id, data: result.data)
        return (record, failure)
    }

    /// The failure of an article that was in hand when the worker's process ended: this attempt is charged, not repeated.
    private struct DiedOnIt: Error, CustomStringConvertible {
        var description: String { "the worker died on it" }
    }

    /// Sends results until they are stored; meanwhile the leases are kept alive.
    private func report(_ shift: Shift, _ results: [ResultRecord]) throws {
        guard !results.isEmpty else { return }
        var failures = 0
        for batch in StatelessWorker.batches(results.map { $0.encodeRow() }) {
            let json = Reply { writer in
                writer.field("producer", configuration.name)
                writer.field("kind", shift.kind)
                writer.field("count", batch.count)
            }.json
            while true {
                do {
                    try ask(shift, "REPORT", json, batch)
                    break
                } catch {
                    // While it drains there was one last try: what is not stored is worked on again.
                    if isDraining.load(ordering: .relaxed) { throw CommandClient.Failure.interrupted }
                    failures += 1
                    shift.status.reset()
                    onProgress?()
                    if failures == 3 {
                        logger.warning(
                            "The status service does not answer; leases are extended until it does.",
                            [.error: "\(error)"])
                    }
                    rest(shift, until: .now + Backoff.delay(failures: failures))
                }
            }
        }
    }

    /// Sends a request to the status service and waits for its answer. A drain does not interrupt it: what is worked out
    /// is worth a moment.
    private func ask(_ shift: Shift, _ command: String, _ json: [UInt8], _ payload: [[UInt8]]) throws {
        let limit = isDraining.load(ordering: .relaxed) ? Duration.seconds(2) : .seconds(5)
        let failure = CommandClient.Failure.timedOut(endpoint: shift.status.endpoint, command: command)
        guard let request = try shift.status.send(command, json: json, payload: payload) else { throw failure }
        let deadline = ContinuousClock.now + limit
        while deadline > .now {
            let entries = shift.logs.readable + shift.status.readable
            _ = try Poller.poll(entries, timeout: min(deadline - .now, lease / 6))
            shift.logs.receive()
            while let answer = try shift.status.receive() {
                guard answer.id == request else { continue }
                _ = try answer.outcome.get()
                return
            }
        }
        throw failure
    }

    /// Waits, and keeps what is leased; a drain ends it.
    private func rest(_ shift: Shift, until end: ContinuousClock.Instant) {
        while end > .now, !isDraining.load(ordering: .relaxed) {
            let entries = shift.logs.readable + [PollEntry(descriptor: bell.descriptor)]
            guard (try? Poller.poll(entries, timeout: min(end - .now, lease / 6))) != nil else { return }
            shift.logs.receive()
        }
    }

    /// Cuts rows into REPORTs of at most 1 MiB.
    static func batches(_ rows: [[UInt8]]) -> [[[UInt8]]] {
        var batches: [[[UInt8]]] = []
        var bytes = 0
        for row in rows {
            if batches.isEmpty || bytes + row.count > ResultRecord.largestRow * 2 {
                batches.append([])
                bytes = 0
            }
            batches[batches.count - 1].append(row)
            bytes += row.count
        }
        return batches
    }

    private func heartbeat(_ shift: Shift, isWanted: Bool) {
        let age = ContinuousClock.now - shift.lastHeartbeat
        guard age >= Heartbeat.interval || isWanted else { return }
        shift.lastHeartbeat = .now
        if shift.logs.isAtRest { shift.hasNews = false }
        _ = try? shift.status.request(
            "HEARTBEAT", json: makeHeartbeat(shift).json, deadline: .seconds(1), interrupt: bell)
    }

    private func makeHeartbeat(_ shift: Shift) -> Heartbeat {
        var heartbeat = Heartbeat(name: configuration.name, kind: shift.kind)
        heartbeat.numbers = ["done": shift.done, "failed": shift.failed, "outbox": 0]
        heartbeat.endpoints = configuration.endpoints
        heartbeat.trouble = shift.logs.trouble
        heartbeat.streams = shift.logs.places
        heartbeat.lag = heartbeat.streams.lag
        return heartbeat
    }

    /// The name under which leases are held: it stays the same over restarts, so that a restart gets its own back.
    private static func owner(path: String) throws -> String {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(path)'") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 36)
        if read(descriptor, &bytes, 36) == 36, let known = StreamID(String(decoding: bytes, as: UTF8.self)) {
            return known.description
        }
        let made = StreamID.random().description
        guard pwrite(descriptor, made, 36, 0) == 36 else { throw SystemError(operation: "write '\(path)'") }
        return made
    }
}
