import Lifecycle
import Linux
import Messaging
import Synchronization
import Telemetry
import ZeroMQ

/// A worker with a store of the caller's: follows the log, hands over batches, reports what their checkpoints have, and
/// sends heartbeats, also while a batch is applied.
final class BatchWorker: Service {
    let name: String
    private let kind: String
    private let connection: Connection
    private let options: WorkerOptions
    private let statePath: String
    private let saved: Checkpoint?
    private let desk: Desk<WorkBatch, Result<Void, any Error>>
    private let isDraining = Atomic<Bool>(false)
    private let logger: Logger

    init(
        kind: String, name: String, connection: Connection, options: WorkerOptions, statePath: String,
        saved: Checkpoint?, desk: Desk<WorkBatch, Result<Void, any Error>>
    ) {
        self.kind = kind
        self.name = name
        self.connection = connection
        self.options = options
        self.statePath = statePath
        self.saved = saved
        self.desk = desk
        logger = Logger(label: name)
    }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        desk.bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        let shift = try Shift(self)
        started()
        while true {
            try shift.takeOutcome()
            let isDraining = isDraining.load(ordering: .relaxed)
            if isDraining, shift.batch == nil { return }
            if !isDraining { try shift.handOver() }
            try shift.follow(isWanted: !isDraining)
            try shift.report()
            _ = try Poller.poll(shift.entries, timeout: shift.untilDue)
            desk.bell.silence()
            try shift.receive()
        }
    }

    /// What one run of the worker holds; it belongs to the worker's thread.
    private final class Shift {
        private let worker: BatchWorker
        private let context: Context
        private var log: StreamFollower
        private let status: ReportLink
        private let inHand: InHandFile
        private var suspect: BatchPlan.Suspect?
        private var queue: ReportQueue
        /// The batch that is applied, with the results that were open when it was begun.
        private(set) var batch: (step: BatchPlan.Step, work: WorkBatch, open: [ResultRecord])?
        private var plan: BatchPlan?
        private var next: Batch?
        private var cursor: Cursor?
        private var pauseUntil = ContinuousClock.now
        private var trouble: String?
        private var hasNews = true
        private var done: Int64 = 0
        private var failed: Int64 = 0

        init(_ worker: BatchWorker) throws {
            self.worker = worker
            context = try worker.connection.context()
            cursor = worker.saved?.cursor
            queue = ReportQueue(worker.saved?.results ?? [])
            inHand = try InHandFile(path: worker.statePath + "-in-hand")
            suspect = inHand.suspect.map { .init(seq: $0.seq, crashes: $0.crashes) }
            log = Shift.follower(worker, context, from: cursor)
            status = ReportLink(
                context: context, endpoints: worker.connection.status, producer: worker.name, kind: worker.kind)
        }

        private static func follower(_ worker: BatchWorker, _ context: Context, from cursor: Cursor?) -> StreamFollower
        {
            var stream = ArticleStream(
                worker.connection, from: cursor.map { .cursor($0) } ?? .beginning, topics: worker.options.topics,
                consumer: worker.name)
            stream.maximumRecords = worker.options.maximumRecords
            return StreamFollower(stream, context: context)
        }

        // MARK: The batch

        /// Puts the next step on the desk, where one may be applied now.
        func handOver() throws {
            guard batch == nil, pauseUntil <= .now, !queue.isFull else { return }
            if plan?.step == nil, let fetched = next {
                next = nil
                plan = BatchPlan(
                    fetched.records, upTo: fetched.cursor, maximumAttempts: worker.options.maximumAttempts,
                    suspect: suspect)
                if let last = fetched.records.last, last.position.seq >= suspect?.seq ?? .max { suspect = nil }
            }
            guard let step = plan?.step else { return }
            let open = queue.records
            let work = WorkBatch(
                step.records, upTo: step.cursor, kind: worker.kind, generation: worker.options.generation,
                pending: open)
            if let dead = step.dead { work.report(.failed(dead.reason), at: dead.position, id: nil) }
            if let last = step.records.last { inHand.take(last.position.wire) }
            batch = (step, work, open)
            worker.desk.put(work)
        }

        /// Takes in what became of the step.
        func takeOutcome() throws {
            guard let (step, work, open) = batch, let outcome = worker.desk.takeOutcome() else { return }
            batch = nil
            inHand.putDown()
            switch outcome {
            case .success:
                guard let saved = work.saved else { throw WorkerError.checkpointNotTaken }
                queue.replace(open, by: saved)
                cursor = step.cursor
                plan?.succeed()
                trouble = nil
                done += Int64(work.articles.count)
                if let dead = step.dead {
                    failed += 1
                    worker.logger.warning(
                        "An article is passed by.", [.seq: "\(dead.position.seq)", .reason: dead.reason])
                }
            case .failure(let error):
                // Broken off by the end of its task: it comes again at the next start.
                if error is CancellationError, worker.isDraining.load(ordering: .relaxed) { return }
                trouble = String("\(error)".prefix(1000))
                plan?.fail(trouble!)
                let isPassing = plan?.step?.records.isEmpty ?? false
                if !isPassing { pauseUntil = .now + pause(plan?.failures ?? 1) }
                worker.logger.warning(
                    "A batch failed; it comes again.",
                    [.seq: "\(step.records.first?.position.seq ?? 0)", .reason: trouble!])
            }
            hasNews = true
        }

        /// The retry delay, doubled at each failure, 64 times at most.
        private func pause(_ failures: Int) -> Duration {
            worker.options.retryDelay * (1 << min(max(0, failures - 1), 6))
        }

        // MARK: The log

        func follow(isWanted: Bool) throws {
            try passLosses { try log.requestIfPossible(isWanted: isWanted && next == nil) }
            try log.commit(cursor?.seq ?? 0)
        }

        /// Goes on behind what the log cannot give any more, where the caller wants that.
        private func passLosses(_ body: () throws -> Void) throws {
            do { try body() } catch let error as StreamError {
                guard worker.options.onLoss == .goOn, let resume = error.resume else { throw error }
                worker.logger.error("Reading goes on elsewhere.", [.reason: "\(error)"])
                log = Shift.follower(worker, context, from: resume)
            }
        }

        // MARK: The status service

        func report() throws {
            if !queue.isEmpty, status.isFree { try status.send(queue.batch()) }
            let isTold = try status.heartbeat(isWanted: isAtRest && hasNews, makeHeartbeat)
            if isTold, isAtRest { hasNews = false }
        }

        private var isAtRest: Bool {
            queue.isEmpty && batch == nil && next == nil && plan?.step == nil && (cursor?.seq ?? 0) >= log.head
        }

        private func makeHeartbeat() -> Heartbeat {
            var heartbeat = Heartbeat(name: worker.name, kind: worker.kind)
            heartbeat.numbers = ["done": done, "failed": failed, "outbox": Int64(queue.count)]
            heartbeat.trouble = trouble ?? log.trouble
            if let cursor {
                let head = max(log.head, cursor.seq)
                heartbeat.lag = head - cursor.seq
                heartbeat.streams = [
                    .init(stream: cursor.wire.stream, epoch: cursor.wire.epoch, seq: cursor.seq, head: head)
                ]
            }
            return heartbeat
        }

        // MARK: Waiting

        var entries: [PollEntry] {
            log.readable + status.readable + [PollEntry(descriptor: worker.desk.bell.descriptor)]
        }

        var untilDue: Duration {
            var due = min(log.untilDue, status.untilDue)
            if isAtRest, hasNews { due = min(due, .milliseconds(50)) }
            if batch == nil, plan?.step != nil || next != nil, !queue.isFull {
                due = min(due, max(.zero, pauseUntil - .now))
            }
            return due
        }

        func receive() throws {
            if case .stored(let last) = try status.tick() {
                queue.remove(upTo: last)
                hasNews = true
            }
            try passLosses { if next == nil, let reply = try log.receive() { next = Batch(reply, reader: nil) } }
        }
    }
}
