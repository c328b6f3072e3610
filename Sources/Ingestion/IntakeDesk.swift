import Articles
import Formats
import Glibc
import Hashing
import Linux
import Messaging
import SQLite
import Synchronization
import Telemetry

/// The work of the ``Intake``: one turn looks, reads, commits and disposes. It belongs to the intake's thread.
final class IntakeDesk {
    private enum Limit {
        /// Files and bytes of one transaction.
        static let files = 500
        static let bytes = 8 << 20
        /// Batches from this size on are disposed of while the next one is read.
        static let apart = 64
    }

    typealias Point = IntakePoint

    struct Claim {
        let directory: DropDirectory
        let path: RelativePath
        let reading: FileReader.Reading
    }

    struct Committed {
        let directory: DropDirectory
        let entry: Ledger.Entry
        let articles: Int
        let reason: QuarantineReason?
    }

    private var options: Intake.Options
    private let publish: @Sendable ([LogRecord]) -> Void
    private let holdPosition: @Sendable () -> UInt64
    let connection: Connection
    let log: ArticleLog
    let ledger: Ledger
    private let inHand: InHandNote
    private var suspect: InHandNote.Suspect?
    let quarantine: Quarantine
    var directories: [DropDirectory]
    /// A configuration that could not be taken yet, because the store is in trouble.
    var coming: NewConfiguration?
    let events = DirectoryEvents()
    private let reader = FileReader(formats: .standard)
    private let clock: () -> Readiness.Moment
    let onPoint: ((Point) throws -> Void)?
    let logger = Logger(label: "intake")

    let disposer: Disposer
    let housekeeper: Housekeeper
    /// What is disposed of apart at this moment.
    var inFlight: [Committed] = []
    /// Rows whose files are disposed of, for the next transaction.
    var disposed: Set<Int64> = []
    /// Disposals that hold up their directories, by directory.
    var holds: [Int64: Hold] = [:]
    var outcomes: [FileOutcome: Int] = [:]
    var articles = 0
    private var trouble: String?
    private var troubleUntil: Readiness.Moment = .zero
    private var troubles = 0
    private var nextTrim: Readiness.Moment = .zero
    private var batches = 0
    private var turn = 0

    init(
        configuration: Configuration, options: Intake.Options, quarantine: Quarantine,
        holdPosition: @escaping @Sendable () -> UInt64, publish: @escaping @Sendable ([LogRecord]) -> Void,
        clock: (() -> Readiness.Moment)? = nil, onPoint: ((Point) throws -> Void)? = nil
    ) throws {
        let start = ContinuousClock.now
        self.clock = clock ?? { ContinuousClock.now - start }
        self.onPoint = onPoint
        self.options = options
        self.quarantine = quarantine
        self.holdPosition = holdPosition
        self.publish = publish
        disposer = try Disposer()
        housekeeper = try Housekeeper()
        connection = try Connection(path: options.databasePath)
        try connection.configure(durability: .full)
        log = try ArticleLog(connection: connection)
        let ledger = try Ledger(connection: connection)
        self.ledger = ledger
        inHand = try InHandNote(path: options.statePath + "/in-hand")
        suspect = inHand.suspect
        // One transaction: of a thousand new directories each would be synced by itself.
        let ids = try connection.transaction { try configuration.directories.map { try ledger.directory($0.path) } }
        directories = zip(configuration.directories, ids).map { [events] in
            DropDirectory(configuration: $0, id: $1, events: events)
        }
        for directory in directories {
            do {
                try directory.open()
                try repair(directory)
            } catch let error as SystemError {
                directory.pause("\(Trouble(error, during: .list))", now: self.clock())
            } catch let trouble as Trouble {
                directory.pause("\(trouble)", now: self.clock())
            }
        }
        setHouses()
    }

    /// Tells the housekeeper what to look after.
    func setHouses() { housekeeper.set(directories.map { Housekeeper.House($0.configuration, kept: $0.kept) }) }

    // MARK: The loop's parts

    /// Descriptors that say that something happened.
    var descriptors: [Int32] { [events.descriptor].compactMap { $0 } }

    var now: Readiness.Moment { clock() }

    /// How long until there is something to do without an event.
    func untilDue() -> Duration {
        let now = now
        if trouble != nil { return max(.zero, troubleUntil - now) }
        var due = max(.zero, nextTrim - now)
        for directory in directories {
            due = min(due, directory.untilScan(now: now))
            if let next = directory.nextDue(now: now) { due = min(due, next - now) }
        }
        if let next = nextHold { due = min(due, next - now) }
        return max(.zero, due)
    }

    /// Looks, and works on one batch; returns whether there was one.
    func work() throws -> Bool {
        if coming != nil, troubleUntil <= now { try takeComing() }
        events.take(now: self.now)
        // A scan renews what disposals use.
        if directories.contains(where: { $0.untilScan(now: self.now) == .zero }) { collect() }
        for directory in directories where directory.untilScan(now: self.now) == .zero && inFlight.isEmpty {
            directory.scanIfDue(now: self.now, clock: clock) { try repair($0) }
        }
        // What is disposed of apart may be of the same directories.
        if let next = nextHold, next <= now {
            collect()
            retryHolds()
        }
        let now = now
        let hasTime = trouble == nil ? directories.contains { $0.hasNext(now: now) } : troubleUntil <= now
        guard hasTime else { return collect() }
        // Before anything is read in vain.
        guard try withStore({ try checkRoom() }) else { return false }
        let reason = trouble
        trouble = nil
        // The ledger is asked for every file: in one read transaction that costs no locks a file.
        var (claims, isBusy) = ([Claim](), false)
        guard try withStore({ (claims, isBusy) = try connection.snapshot { try claimBatch() } }) else { return false }
        guard trouble == nil else {
            for claim in claims { claim.directory.giveBack(claim.path, now: self.now) }
            return false
        }
        guard !claims.isEmpty else {
            if reason != nil, try !withStore({ try probe() }) {
                try ledger.reload()
                return false
            }
            resume(reason)
            return isBusy
        }
        var committed: [Committed] = []
        guard try withStore({ committed = try commit(claims) }) else {
            try log.forgetAppended()
            try ledger.reload()
            for claim in claims { claim.directory.giveBack(claim.path, now: self.now) }
            return false
        }
        try onPoint?(.afterCommit)
        publish(log.takeAppended())
        try onPoint?(.afterPublish)
        try withStore { try ledger.mergeIfDue() }
        collect()
        if committed.count >= Limit.apart {
            try onPoint?(.beforeDispose)
            begin(committed)
        } else {
            for item in committed {
                try onPoint?(.beforeDispose)
                dispose(item)
                try onPoint?(.afterDispose)
            }
        }
        resume(reason)
        return true
    }

    private func resume(_ reason: String?) {
        if reason != nil { logger.notice("Files are taken again.") }
        troubles = 0
    }

    /// Shows that the store takes a transaction again.
    private func probe() throws {
        let marked = takeDisposed()
        try connection.transaction { try ledger.markDisposed(marked) }
        disposed.subtract(marked)
    }

    /// What is done when there is nothing else to do.
    func rest() throws {
        if trouble == nil { try flushDisposed() }
        guard nextTrim <= now, trouble == nil else { return }
        let end = Clocks.wallMilliseconds() - options.retention.wholeMilliseconds
        // One slice at a time: what is dropped meanwhile does not wait for the whole.
        try withStore {
            let removed = try log.trim(before: end, notPast: holdPosition())
            nextTrim = removed > 0 ? now : now + .seconds(60)
        }
    }

    /// Writes down what is done, at the end.
    func finish() throws {
        collect()
        try flushDisposed()
    }

    /// What the intake says of itself.
    func snapshot() -> IntakeSnapshot {
        var snapshot = IntakeSnapshot()
        let now = now
        snapshot.isFirstScanDone = directories.allSatisfy { $0.isScanned || $0.trouble != nil }
        for directory in directories {
            func count(_ stage: FileTable.Stage) -> Int { directory.count(stage, now: now) }
            snapshot.directories.append(
                .init(
                    path: directory.configuration.path, source: directory.configuration.source,
                    waiting: count(.waiting), settling: count(.settling), blocked: count(.blocked), left: count(.left),
                    trouble: directory.trouble ?? directory.hold?.description,
                    oldestWaitingMilliseconds: directory.oldestWaiting(now: now).map { $0 / 1_000_000 },
                    quarantined: directory.kept.quarantineCount, archiveRemoved: directory.kept.removedCount))
            snapshot.irregular += directory.irregular.count
        }
        snapshot.outcomes = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.key.rawValue, $0.value) })
        snapshot.articles = articles
        snapshot.trouble = trouble
        snapshot.timeMilliseconds = Clocks.wallMilliseconds()
        return snapshot
    }

    // MARK: Claiming

    /// Takes complete files in hand and reads them, one batch; returns them and whether there were any.
    private func claimBatch() throws -> (claims: [Claim], isBusy: Bool) {
        var claims: [Claim] = []
        var bytes = 0
        var isBusy = false
        let now = now
        let ready = directories.indices.filter { directories[$0].hasNext(now: now) }
        guard !ready.isEmpty else { return ([], false) }
        // Each has its share, and another one begins each time, so that a full directory starves none.
        turn += 1
        let share = max(1, Limit.files / ready.count)
        for offset in ready.indices {
            let directory = directories[ready[(offset + turn) % ready.count]]
            var taken = 0
            while taken < share, bytes < Limit.bytes, trouble == nil, let next = directory.takeNext(now: now) {
                taken += 1
                isBusy = true
                try onPoint?(.afterClaim)
                do throws(SystemError) {
                    guard let claim = try claim(next.path, next.identity, in: directory) else { continue }
                    bytes += claim.reading.sha256 == nil ? 0 : Int(claim.reading.identity.size)
                    claims.append(claim)
                } catch {
                    directory.giveBack(next.path, now: now)
                    directory.pause(error.description, now: now)
                }
            }
        }
        try onPoint?(.afterParse)
        inHand.putDown()
        return (claims, isBusy)
    }

    /// Reads a complete file; nil where there is nothing to commit.
    private func claim(
        _ path: RelativePath, _ identity: FileIdentity, in directory: DropDirectory
    ) throws(SystemError) -> Claim? {
        do {
            // A row whose file was disposed of stands for nothing, also while that is not written down yet.
            // Mostly there is none at all.
            if ledger.openCount > disposed.count, let known = try ledger.current(directory.id, path),
                !disposed.contains(known.id)
            {
                if known.identity == identity {
                    finish(known, path, directory)
                    return nil
                }
                // Another file has taken the name since.
                disposed.insert(known.id)
            }
        } catch {
            // The look-up fails only where the store does: the commit would, too.
            directory.giveBack(path, now: now)
            pauseAll("\(error)")
            return nil
        }
        inHand.take(directory.id, path)
        let isSuspect = suspect == InHandNote.Suspect(directory: directory.id, path: path)
        if isSuspect { suspect = nil }
        let result = try reader.read(
            path, expecting: identity, in: directory, parseApart: isSuspect ? { self.parseApart($0) } : nil)
        switch result {
        case .read(let reading): return Claim(directory: directory, path: path, reading: reading)
        case .truncated(let reading):
            if directory.letTruncatedSettle(path, now: now) { return nil }
            return Claim(directory: directory, path: path, reading: reading)
        case .changed: directory.settleAgain(path, now: now)
        case .gone: directory.forget(path)
        case .blocked(let reason): directory.block(path, reason: reason, now: now)
        }
        return nil
    }

    /// A file whose records are committed already: only its disposal is repeated.
    private func finish(_ known: Ledger.Entry, _ path: RelativePath, _ directory: DropDirectory) {
        if known.state == .left || directory.configuration.after == .leave && known.outcome != .quarantined {
            directory.leave(path, row: known.id, now: now)
        } else {
            let reason = reason(of: known, directory, nil)
            collect()
            dispose(Committed(directory: directory, entry: known, articles: 0, reason: reason))
        }
    }

    /// Parses a file that was in hand at an unclean end in a child: only the child's death is held against it.
    private func parseApart(_ path: String) -> ParseError? {
        guard let parse = options.parseApart else { return nil }
        logger.warning("The file in hand at the last end is parsed apart.", ["path": path])
        guard case .killed(let signal) = parse(path) else { return nil }
        return ParseError(
            code: .parserCrashed, format: "-", message: "the parser died on this file (signal \(signal))",
            hint: "keep the file and report it: no file should do that")
    }

    // MARK: Limits

    /// Sets the size at which the log takes no more, and how long it keeps records.
    func setLimits(maximumLogBytes: Int, retention: Duration) {
        options.maximumLogBytes = maximumLogBytes
        options.retention = retention
        // Both may end a trouble or give room: they are looked at without waiting.
        troubleUntil = .zero
        nextTrim = .zero
        batches = 0
    }

    // MARK: Trouble

    /// The log is at its size limit.
    private struct LogFull: Error, CustomStringConvertible {
        let bytes: Int
        let limit: Int
        var description: String {
            "the log has \(bytes) bytes, max_log_bytes is \(limit): files stay in their drop directories until there "
                + "is room"
        }
    }

    private func checkRoom() throws {
        batches += 1
        guard batches % 16 == 1 || trouble != nil else { return }
        let used = try log.usedBytes()
        if used >= options.maximumLogBytes { throw LogFull(bytes: used, limit: options.maximumLogBytes) }
    }

    /// Runs what needs the store; its passing troubles pause everything. Returns whether it went through.
    @discardableResult
    func withStore(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch let error as SQLiteError where error.isDiskFull || error.isInputOutput || error.isBusy {
            pauseAll("\(error)")
        } catch let error as LogFull {
            pauseAll("\(error)")
        }
        return false
    }

    /// Takes no file for a while: the store is in trouble, which is no fault of the files.
    func pauseAll(_ reason: String) {
        if trouble != reason { logger.error("No files are taken.", ["reason": reason]) }
        trouble = reason
        troubles += 1
        troubleUntil = now + min(.seconds(5), .milliseconds(200 << min(troubles, 5)))
    }

    /// Sets the size at which SQLite itself finds the disk full, in pages.
    func limitPages(_ count: Int) throws { _ = try connection.scalar("PRAGMA max_page_count=\(count)") }
}
