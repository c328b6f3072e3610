import Articles
import FoundationEssentials
import Glibc
import Lifecycle
import Linux
import Synchronization
import Telemetry
package import ZeroMQ

/// A worker without state: CLAIM, work, REPORT until it is stored, DONE. Any number of processes share a group.
///
/// While the status service cannot take its results it extends its leases and claims no more, so that an outage there
/// makes no dead letters.
package final class StatelessWorker: Service {
    package let name: String
    private let context: Context
    private let configuration: WorkerConfiguration
    private let lease: Duration
    private let makeProcessor: @Sendable () throws -> any StatelessProcessor
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let onProgress: (@Sendable () -> Void)?
    private let logger: Logger

    private static let largestBatch = 50
    private static let waitMilliseconds: Int64 = 2500

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
        let shift = Shift(
            processor: try makeProcessor(), owner: owner, inHand: inHand,
            log: CommandClient(context: context, endpoints: configuration.logEndpoints),
            status: CommandClient(context: context, endpoints: configuration.reportEndpoints))
        started()
        var failures = 0
        while !isDraining.load(ordering: .relaxed) {
            onProgress?()
            do {
                try workOnce(shift)
                failures = 0
                shift.trouble = nil
            } catch CommandClient.Failure.interrupted {
                continue
            } catch {
                failures += 1
                shift.trouble = "\(error)"
                if failures == 3 {
                    logger.warning("The log cannot be worked on; it is tried again.", ["error": "\(error)"])
                }
                _ = Poll.readable([bell.descriptor], timeout: Backoff.delay(failures: failures))
            }
        }
        // Whatever is still leased goes back untouched; without an answer the leases run out. On a new connection: a CLAIM
        // that still waits on the old one finds nobody and keeps nothing.
        shift.log.reset()
        let release = LogRequests.release(group: shift.kind, owner: owner)
        _ = try? shift.log.request("RELEASE", json: release, deadline: .seconds(1))
    }

    /// What one run of the worker holds.
    private final class Shift {
        let processor: any StatelessProcessor
        let owner: String
        let inHand: InHandFile
        let log: CommandClient
        let status: CommandClient
        /// The record that was in hand when the last run ended uncleanly, until it was given back.
        var suspect: InHandFile.Suspect?
        /// How many articles are claimed at once: as many as take about half a second.
        var batch = 8
        /// When the leases in hand were made or lengthened.
        var leased = ContinuousClock.now
        var done: Int64 = 0
        var failed: Int64 = 0
        var head: UInt64 = 0
        var claimedUpTo: UInt64 = 0
        var last: Position?
        var trouble: String?
        var lastHeartbeat = ContinuousClock.now - .seconds(60)
        var hasNews = true

        init(
            processor: any StatelessProcessor, owner: String, inHand: InHandFile, log: CommandClient,
            status: CommandClient
        ) {
            self.processor = processor
            self.owner = owner
            self.inHand = inHand
            self.suspect = inHand.suspect
            self.log = log
            self.status = status
        }

        var kind: String { processor.kind }
    }

    private func workOnce(_ shift: Shift) throws {
        // Without a wait first, so that coming to rest is told at once.
        var claimed = try claim(shift, waitMilliseconds: 0)
        if claimed.records.isEmpty {
            heartbeat(shift, isWanted: shift.hasNews)
            shift.hasNews = false
            claimed = try claim(shift, waitMilliseconds: StatelessWorker.waitMilliseconds)
        }
        guard !claimed.records.isEmpty else { return heartbeat(shift, isWanted: false) }
        shift.hasNews = true
        shift.leased = .now
        let started = ContinuousClock.now
        var results: [ResultRecord] = []
        var done: [UInt64] = []
        var failed: [(seq: UInt64, attempt: Int, reason: String)] = []
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
                    failed.append((record.position.seq, attempt, failure))
                } else {
                    done.append(record.position.seq)
                }
            } else {
                done.append(record.position.seq)
            }
            shift.last = record.position
            onProgress?()
            extendLeases(shift, claimed.records.map(\.position.seq))
        }
        shift.batch = StatelessWorker.batch(after: results.count, taking: ContinuousClock.now - started)
        try report(shift, results, holding: claimed.records.map(\.position.seq))
        try settle(shift, done, failed)
        if failed.contains(where: { $0.seq == shift.suspect?.seq }) { shift.suspect = nil }
        heartbeat(shift, isWanted: false)
    }

    /// How many articles to claim next: slow work is shared out in small portions, so that no other worker stands idle.
    static func batch(after count: Int, taking time: Duration) -> Int {
        guard count > 0 else { return 8 }
        let each = max(time / count, .microseconds(1))
        return max(1, min(largestBatch, Int(Duration.milliseconds(500) / each)))
    }

    private func settle(
        _ shift: Shift, _ done: [UInt64], _ failed: [(seq: UInt64, attempt: Int, reason: String)]
    ) throws {
        if !done.isEmpty {
            try ask(shift.log, "DONE", LogRequests.settle(group: shift.kind, owner: shift.owner, seqs: done))
        }
        for failure in failed {
            let json = LogRequests.settle(
                group: shift.kind, owner: shift.owner, seqs: [failure.seq],
                delayMilliseconds: configuration.delayMilliseconds(after: failure.attempt), reason: failure.reason)
            try ask(shift.log, "NACK", json)
        }
    }

    /// Sends a request that ends a batch. A drain does not interrupt it: what is worked out is worth a moment.
    private func ask(_ client: CommandClient, _ command: String, _ json: [UInt8], payload: [[UInt8]] = []) throws {
        let deadline = isDraining.load(ordering: .relaxed) ? Duration.seconds(2) : .seconds(5)
        _ = try client.request(command, json: json, payload: payload, deadline: deadline)
    }

    private func claim(_ shift: Shift, waitMilliseconds: Int64) throws -> FetchReply {
        let json = LogRequests.claim(
            group: shift.kind, owner: shift.owner, maximum: shift.batch,
            leaseMilliseconds: lease.wholeMilliseconds, waitMilliseconds: waitMilliseconds,
            topics: configuration.topics, maximumAttempts: configuration.maximumAttempts)
        let reply = try FetchReply(
            shift.log.request(
                "CLAIM", json: json, deadline: .milliseconds(waitMilliseconds) + LogRequests.grace, interrupt: bell))
        shift.head = reply.head
        shift.claimedUpTo = reply.next.seq
        return reply
    }

    /// Keeps the leases in hand alive while work or the status service takes long.
    private func extendLeases(_ shift: Shift, _ seqs: [UInt64]) {
        guard ContinuousClock.now - shift.leased > lease / 3 else { return }
        shift.leased = .now
        let json = LogRequests.settle(
            group: shift.kind, owner: shift.owner, seqs: seqs, leaseMilliseconds: lease.wholeMilliseconds)
        // Where it fails the leases run out: the work is done twice and stored once.
        _ = try? shift.log.request("EXTEND", json: json, deadline: .seconds(2))
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
            if shift.suspect?.seq == position.seq { throw DiedOnIt() }
            shift.inHand.take(position.seq)
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
            result = WorkResult(
                status: .failed, data: .object(["reason": .string(reason), "dead": .boolean(isDead)]))
            logger.warning(
                "An article failed.",
                ["seq": "\(position.seq)", "attempt": "\(attempt)", "dead": "\(isDead)", "reason": reason])
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
    private func report(_ shift: Shift, _ results: [ResultRecord], holding seqs: [UInt64]) throws {
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
                    try ask(shift.status, "REPORT", json, payload: batch)
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
                            ["error": "\(error)"])
                    }
                    extendLeases(shift, seqs)
                    _ = Poll.readable([bell.descriptor], timeout: Backoff.delay(failures: failures))
                }
            }
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
        var heartbeat = Heartbeat(name: configuration.name, kind: shift.kind)
        heartbeat.numbers = ["done": shift.done, "failed": shift.failed, "outbox": 0]
        heartbeat.endpoints = configuration.endpoints
        heartbeat.trouble = shift.trouble
        heartbeat.lag = max(shift.head, shift.claimedUpTo) - shift.claimedUpTo
        if let last = shift.last {
            heartbeat.streams = [
                .init(stream: last.stream, epoch: last.epoch, seq: last.seq, head: max(shift.head, last.seq))
            ]
        }
        _ = try? shift.status.request("HEARTBEAT", json: heartbeat.json, deadline: .seconds(1), interrupt: bell)
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
