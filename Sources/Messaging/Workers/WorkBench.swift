import Articles
import FoundationEssentials
import Linux
import SQLite
import Telemetry

/// Applies batches of records for a ``StatefulWorker``: the transaction, the savepoints, failures and their retries.
final class WorkBench {
    let store: WorkerStore
    private let connection: Connection
    private let processor: any StatefulProcessor
    private let configuration: WorkerConfiguration
    private let inHand: InHandFile
    private let logger: Logger

    /// The cursors that were committed since the start.
    private(set) var cursors: [StreamID: Cursor] = [:]
    private(set) var outboxCount: Int
    private var done: Int64 = 0
    private var failed: Int64 = 0
    private var retrying = 0
    private var dead = 0
    private var nextRetry: Int64?
    private var dataVersion: Int64?
    private var nextLook = ContinuousClock.now
    private static let lookInterval = Duration.seconds(1)
    /// Something changed since ``newsIsTold()``.
    private(set) var hasNews = true
    /// What was erased in the open transaction.
    private var gone: [(record: GoneRecord, position: Position)] = []
    /// Something was erased, and older states of its pages may stand in the write-ahead log: also that of the last run.
    private var needsScrub = true

    init(connection: Connection, processor: any StatefulProcessor, configuration: WorkerConfiguration) throws {
        self.connection = connection
        self.processor = processor
        self.configuration = configuration
        store = try WorkerStore(connection: connection)
        inHand = try InHandFile(path: configuration.statePath + "-in-hand")
        outboxCount = try store.outboxCount()
        logger = Logger(label: configuration.name)
        try countFailures()
    }

    /// The kind of the results.
    var kind: String { processor.kind }

    /// Numbers for the heartbeat.
    var numbers: [String: Int64] {
        [
            "done": done, "failed": failed, "outbox": Int64(outboxCount), "retrying": Int64(retrying),
            "dead": Int64(dead),
        ]
    }

    /// The state as it is now was told.
    func newsIsTold() { hasNews = false }

    /// How long until a failed article comes again.
    var untilRetry: Duration {
        guard let nextRetry else { return .seconds(60) }
        return .milliseconds(max(0, nextRetry - Clocks.wallMilliseconds()))
    }

    /// Applies a batch: effects, cursor and results in one transaction.
    func apply(_ batch: FetchReply) throws {
        let moved = cursors[batch.next.stream] != batch.next
        guard moved || !batch.records.isEmpty else { return }
        try perform {
            var results = 0
            for (position, bytes) in batch.records where try work(position, bytes, attempt: 1) { results += 1 }
            try eraseOwn()
            try processor.willCommit()
            try store.cursors.save(batch.next)
            return results
        }
        cursors[batch.next.stream] = batch.next
        if retrying > 0 || nextRetry != nil { try countFailures() }
        try scrubIfDue()
    }

    /// Lets no older state of what was erased stay on the disk, where something was.
    func scrubIfDue() throws { if needsScrub { needsScrub = try !connection.emptyLog() } }

    /// Sees what others did to the database: an operator who retries or discards dead letters.
    func lookAtOthers() throws {
        guard nextLook <= .now else { return }
        nextLook = .now + WorkBench.lookInterval
        // It changes with every commit of another connection, and with none of this one.
        let version = try connection.scalar("PRAGMA data_version")
        guard version != dataVersion else { return }
        dataVersion = version
        try reportDiscarded()
        try countFailures()
        hasNews = true
    }

    /// Puts among the results what an operator has discarded in the database, and forgets it.
    private func reportDiscarded() throws {
        var discarded = try store.discardedFailures()
        while !discarded.isEmpty {
            try perform {
                for failure in discarded { try discard(failure.position, failure, id: nil, by: nil) }
                return discarded.count
            }
            discarded = try store.discardedFailures()
        }
    }

    /// Does what operators want done with failures. A wish comes again until its result is stored: done twice it has the
    /// same effect as once.
    func grant(_ wishes: [Wish]) throws {
        // Each may be answered by a result; while those are not taken, wishes can wait as well.
        guard !wishes.isEmpty, outboxCount < configuration.outboxCapacity else { return }
        try perform {
            var results = 0
            for wish in wishes {
                let failure = try store.failure(at: wish.position)
                switch wish.action {
                case .retry where failure != nil:
                    // Only once a wish: what ends the process again and again is counted again.
                    if failure?.isDead == true { inHand.pardon(wish.position) }
                    try store.revive(wish.position, now: Clocks.wallMilliseconds())
                    continue
                case .retry:
                    // What worked meanwhile has its result, which stands against this one.
                    try append(
                        wish.position, wish.articleID, 1,
                        .failed("the worker has nothing left of this failure", code: "GONE", isDead: true))
                case .discard: try discard(wish.position, failure, id: wish.articleID, by: wish.by)
                }
                results += 1
            }
            return results
        }
        try countFailures()
    }

    /// Settles a failure, whether it is still here or not, by a result that says so.
    private func discard(
        _ position: Position, _ failure: WorkerStore.Failure?, id: ArticleID?, by: String?
    ) throws {
        let known = id ?? failure.flatMap { WorkBench.articleID(in: $0.bytes) }
        try store.forget(position)
        try append(position, known, max(1, failure?.attempts ?? 1), .discarded(by: by))
    }

    /// The id in a record of whatever kind; nil where there is none.
    private static func articleID(in record: [UInt8]) -> ArticleID? {
        struct Head: Decodable { var id: ArticleID? }
        return (try? JSONDecoder().decode(Head.self, from: Data(record)))?.id
    }

    /// Tries failed articles again whose time has come.
    func retryDue() throws {
        guard let nextRetry, nextRetry <= Clocks.wallMilliseconds() else { return }
        let due = try store.dueFailures(now: Clocks.wallMilliseconds())
        try perform {
            var results = 0
            for failure in due {
                // What fails again is noted again.
                try store.forget(failure.position)
                if try work(failure.position, failure.bytes, attempt: failure.attempts + 1) { results += 1 }
            }
            try processor.willCommit()
            return results
        }
        try countFailures()
    }

    /// Sees which store the status service has: one that was made anew gets the last results again.
    func noteStore(_ store: String) throws {
        guard try self.store.noteStore(store) else { return }
        outboxCount = try self.store.outboxCount()
        hasNews = true
        logger.notice(
            "The status service has another store; results are reported again.", [.count: "\(outboxCount)"])
    }

    /// Removes results that are stored elsewhere now.
    func removeOutbox(upTo id: Int64) throws {
        outboxCount -= try store.removeOutbox(upTo: id)
        hasNews = true
    }

    /// Runs `body` in one transaction; it returns how many results it put in the outbox.
    private func perform(_ body: () throws -> Int) throws {
        let results: Int
        do {
            results = try connection.transaction(body)
        } catch let error as SQLiteError where error.isPassing || error.isCorrupt {
            // A full disk is no fault of the article in hand: it costs no attempt.
            inHand.putDown()
            throw error
        }
        outboxCount += results
        hasNews = true
        inHand.putDown()
        try processor.didCommit()
    }

    private func countFailures() throws { (retrying, dead, nextRetry) = try store.failureCounts() }

    /// Works on one record within the open transaction; returns whether it put a result in the outbox.
    private func work(_ position: Position, _ bytes: [UInt8], attempt: Int) throws -> Bool {
        switch RecordType.of(bytes) {
        case .article: break
        case .kill:
            guard let kill = read(KillRecord.self, position, bytes, warning: "A kill could not be read.") else {
                return false
            }
            try processor.kill(kill, bytes: bytes, at: position)
            return false
        case .gone:
            try erase(position, bytes)
            return false
        default: return false
        }
        inHand.take(position)
        var attempt = attempt
        if let suspect = inHand.suspect, suspect.isAt(position) {
            attempt = max(attempt, suspect.crashes)
            if suspect.crashes >= configuration.maximumAttempts {
                try fail(
                    position, bytes, nil, attempt: suspect.crashes,
                    reason: "the worker died \(suspect.crashes) times on it")
                return true
            }
        }
        var id: ArticleID?
        try connection.execute("SAVEPOINT article")
        do {
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            id = article.id
            let result = try processor.apply(WorkItem(position: position, bytes: bytes, article: article))
            try append(position, article.id, attempt, result)
            try connection.execute("RELEASE article")
            done += 1
            if attempt > 1 { try store.forget(position) }
        } catch let error as SQLiteError where !error.isConstraint {
            // A store that does not work fails every article: the worker waits or ends, and begins anew.
            throw error
        } catch {
            try connection.execute("ROLLBACK TO article; RELEASE article")
            try processor.didRollBack()
            try fail(position, bytes, id, attempt: attempt, reason: "\(error)")
        }
        return true
    }

    /// Reads a record of a type; one that cannot be read is passed over.
    ///
    /// - Parameter warning: what is logged then.
    private func read<Record: Decodable>(
        _ type: Record.Type, _ position: Position, _ bytes: [UInt8], warning: LogMessage
    ) -> Record? {
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch {
            logger.warning(warning, [.seq: "\(position.seq)", .reason: "\(error)"])
            return nil
        }
    }

    /// A record that says of nothing what it takes is passed over.
    private func erase(_ position: Position, _ bytes: [UInt8]) throws {
        guard
            let record = read(GoneRecord.self, position, bytes, warning: "An erasure could not be read."),
            record.subject != nil
        else { return }
        try processor.erase(record, at: position)
        gone.append((record, position))
        needsScrub = true
    }

    /// Removes what the worker itself has of the words of what was erased: articles that failed, and results that wait.
    private func eraseOwn() throws {
        guard !gone.isEmpty else { return }
        defer { gone.removeAll() }
        try store.erase(gone)
    }

    private func fail(
        _ position: Position, _ bytes: [UInt8], _ id: ArticleID?, attempt: Int, reason: String
    ) throws {
        let isDead = attempt >= configuration.maximumAttempts
        let reason = String(reason.prefix(1000))
        let due = Clocks.wallMilliseconds() + configuration.delayMilliseconds(after: attempt)
        try store.note(position, bytes: bytes, attempts: attempt, due: due, isDead: isDead, reason: reason)
        nextRetry = min(nextRetry ?? .max, due)
        failed += 1
        try append(position, id, attempt, .failed(reason, isDead: isDead))
        logger.warning(
            isDead ? .articleGivenUp : "An article failed.",
            [.articleID: id?.description ?? "", .seq: "\(position.seq)", .attempt: "\(attempt)", .reason: reason])
    }

    private func append(_ position: Position, _ id: ArticleID?, _ attempt: Int, _ result: WorkResult) throws {
        let record = ResultRecord(
            stream: position.stream.description, epoch: position.epoch, seq: position.seq, kind: processor.kind,
            generation: configuration.generation, attempt: attempt, status: result.status,
            timeMilliseconds: Clocks.wallMilliseconds(), articleID: id, data: result.data)
        try store.append(record.encodeRow())
    }
}
