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

    private static let batch = 50
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
                try refuseSuspect(shift)
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
        // Whatever is still leased goes back untouched; without an answer the leases run out.
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
        var isSuspectHandled = false
        var done: Int64 = 0
        var failed: Int64 = 0
        var head: UInt64 = 0
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
            self.log = log
            self.status = status
        }

        var kind: String { processor.kind }
    }

    /// After an unclean end: the article that was in hand is refused, which charges its attempt; the others come again.
    private func refuseSuspect(_ shift: Shift) throws {
        guard !shift.isSuspectHandled else { return }
        if let suspect = shift.inHand.suspect {
            let json = LogRequests.settle(
                group: shift.kind, owner: shift.owner, seqs: [suspect.seq], delayMilliseconds: 1000,
                reason: "the worker died on it")
            do {
                _ = try shift.log.request("NACK", json: json, interrupt: bell)
                logger.warning("The article in hand at the last end was given back.", ["seq": "\(suspect.seq)"])
            } catch is WireError {
                // There is no such group any more, so there is nothing to give back.
            }
            shift.inHand.putDown()
        }
        shift.isSuspectHandled = true
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
        var results: [ResultRecord] = []
        var failed: [(seq: UInt64, attempt: Int, reason: String)] = []
        for (index, record) in claimed.records.enumerated() {
            let attempt = index < claimed.leases.count ? claimed.leases[index].attempt : 1
            guard RecordType.of(record.bytes) == .article else { continue }
            let (result, failure) = work(shift, record.position, record.bytes, attempt: attempt)
            results.append(result)
            if let failure { failed.append((record.position.seq, attempt, failure)) }
            shift.last = record.position
            onProgress?()
        }
        try report(shift, results, holding: claimed.records.map(\.position.seq))
        let failedSeqs = Set(failed.map(\.seq))
        let done = claimed.records.map(\.position.seq).filter { !failedSeqs.contains($0) }
        if !done.isEmpty {
            _ = try shift.log.request(
                "DONE", json: LogRequests.settle(group: shift.kind, owner: shift.owner, seqs: done), interrupt: bell)
        }
        for failure in failed {
            let json = LogRequests.settle(
                group: shift.kind, owner: shift.owner, seqs: [failure.seq],
                delayMilliseconds: Int64(1000) << Int64(min(failure.attempt - 1, 6)), reason: failure.reason)
            _ = try shift.log.request("NACK", json: json, interrupt: bell)
        }
        heartbeat(shift, isWanted: false)
    }

    private func claim(_ shift: Shift, waitMilliseconds: Int64) throws -> FetchReply {
        let json = LogRequests.claim(
            group: shift.kind, owner: shift.owner, maximum: StatelessWorker.batch,
            leaseMilliseconds: lease.wholeMilliseconds, waitMilliseconds: waitMilliseconds,
            topics: configuration.topics)
        let reply = try FetchReply(
            shift.log.request(
                "CLAIM", json: json, deadline: .milliseconds(waitMilliseconds) + LogRequests.grace, interrupt: bell))
        shift.head = reply.head
        return reply
    }

    private func work(_ shift: Shift, _ position: Position, _ bytes: [UInt8], attempt: Int) -> (ResultRecord, String?) {
        shift.inHand.take(position.seq)
        defer { shift.inHand.putDown() }
        var id: ArticleID?
        var failure: String?
        let result: WorkResult
        do {
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            id = article.id
            result = try shift.processor.work(WorkItem(position: position, bytes: bytes, article: article))
            shift.done += 1
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
        let record = ResultRecord(
            stream: position.stream.description, epoch: position.epoch, seq: position.seq, kind: shift.kind,
            generation: configuration.generation, attempt: attempt, status: result.status,
            timeMilliseconds: Clocks.wallMilliseconds(), articleID: id, data: result.data)
        return (record, failure)
    }

    /// Sends results until they are stored; meanwhile the leases are kept alive.
    private func report(_ shift: Shift, _ results: [ResultRecord], holding seqs: [UInt64]) throws {
        guard !results.isEmpty else { return }
        let json = Reply { writer in
            writer.field("producer", configuration.name)
            writer.field("kind", shift.kind)
            writer.field("count", results.count)
        }.json
        let rows = results.map { $0.encodeRecord() }
        var failures = 0
        var extended = ContinuousClock.now
        while true {
            do {
                _ = try shift.status.request("REPORT", json: json, payload: rows, interrupt: bell)
                return
            } catch CommandClient.Failure.interrupted {
                throw CommandClient.Failure.interrupted
            } catch {
                failures += 1
                shift.status.reset()
                onProgress?()
                if failures == 3 {
                    logger.warning(
                        "The status service does not answer; leases are extended until it does.", ["error": "\(error)"])
                }
                if ContinuousClock.now - extended > lease / 3 {
                    extended = .now
                    let json = LogRequests.settle(
                        group: shift.kind, owner: shift.owner, seqs: seqs, leaseMilliseconds: lease.wholeMilliseconds)
                    _ = try? shift.log.request("EXTEND", json: json, interrupt: bell)
                }
                if !Poll.readable([bell.descriptor], timeout: Backoff.delay(failures: failures)).isEmpty {
                    throw CommandClient.Failure.interrupted
                }
            }
        }
    }

    private func heartbeat(_ shift: Shift, isWanted: Bool) {
        let age = ContinuousClock.now - shift.lastHeartbeat
        guard age >= Heartbeat.interval || isWanted else { return }
        shift.lastHeartbeat = .now
        var heartbeat = Heartbeat(name: configuration.name, kind: shift.kind)
        heartbeat.numbers = ["done": shift.done, "failed": shift.failed, "outbox": 0]
        heartbeat.endpoints = configuration.endpoints
        heartbeat.trouble = shift.trouble
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
