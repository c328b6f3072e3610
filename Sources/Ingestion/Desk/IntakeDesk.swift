import Articles
import Glibc
import Linux
import Messaging
import SQLite
import Telemetry

/// The work of the ``Intake``: one turn looks, claims, reads, commits and disposes. It belongs to the intake's thread.
///
/// Each of these is a room of its own; here stands in which order they work, and who has a file in hand. While one batch is
/// committed, the next one is read and the one before is disposed of, each on a thread of its own.
final class IntakeDesk {
    /// Batches from this size on are read and disposed of apart.
    private static let apart = 64
    /// Likewise from this many bytes on.
    private static let apartBytes = 1 << 20

    typealias Point = IntakePoint

    let publish: @Sendable ([LogRecord]) -> Void
    let replace: @Sendable ([ReplacedRecord]) -> Void
    let book: ErasureBook
    /// When files of erased articles are looked for again.
    var nextErasedFiles: Readiness.Moment = .zero
    /// They are not looked for before this moment, whatever comes.
    var earliestErasedFiles: Readiness.Moment = .zero
    let store: IntakeStore
    let pauses: Pauses
    let quarantine: Quarantine
    var directories: [DropDirectory]
    /// A configuration that could not be taken yet, because the store is in trouble.
    var coming: NewConfiguration?
    let lookout: Lookout
    /// The directory that looks first, since the last one had no time left.
    var firstToLook = 0
    private let claims: ClaimDesk
    private let reading: ReadingDesk
    private let examiner: Examiner
    let streams = StreamDesk()
    let commits: CommitDesk
    /// Whose turn it was, of a batch and a file that is read piece by piece.
    private var wasStreaming = false
    let disposer: Disposer
    let housekeeper: Housekeeper
    /// What is disposed of apart at this moment.
    var inFlight: [Committed] = []
    /// Disposals that hold up their directories, by directory.
    var holds: [Int64: Hold] = [:]
    /// It is not written down before this moment that files are disposed of.
    var nextFlush: Readiness.Moment = .zero
    let clock: () -> Readiness.Moment
    /// Milliseconds since 1970, which may jump: what embargoes go by.
    let wallClock: () -> Int64
    let onPoint: ((Point) throws -> Void)?
    let logger = Logger(label: "intake")

    var ledger: Ledger { store.ledger }

    init(
        configuration: Configuration, options: Intake.Options, quarantine: Quarantine,
        hold: @escaping @Sendable () -> RetentionHold, publish: @escaping @Sendable ([LogRecord]) -> Void,
        replace: @escaping @Sendable ([ReplacedRecord]) -> Void = { _ in },
        lookout: Lookout = Lookout(), clock: (() -> Readiness.Moment)? = nil,
        wallClock: @escaping () -> Int64 = Clocks.wallMilliseconds,
        onPoint: ((Point) throws -> Void)? = nil
    ) throws {
        let start = ContinuousClock.now
        self.clock = clock ?? { ContinuousClock.now - start }
        self.wallClock = wallClock
        self.lookout = lookout
        self.onPoint = onPoint
        self.quarantine = quarantine
        self.publish = publish
        self.replace = replace
        let store = try IntakeStore(options, hold: hold)
        self.store = store
        book = try ErasureBook(directory: options.statePath, from: store.erased.bookPlace())
        claims = ClaimDesk(store, onPoint: onPoint)
        let note = try InHandNote(path: options.statePath + "/in-hand")
        reading = try ReadingDesk(note: note, upTo: options.pieces, onPoint: onPoint)
        examiner = try Examiner(suspects: note.suspects, parseApart: options.parseApart)
        commits = CommitDesk(store, onPoint: onPoint, wallClock: wallClock)
        disposer = try Disposer()
        housekeeper = try Housekeeper()
        pauses = try Pauses(connection: store.connection)
        // One transaction: of a thousand new directories each would be synced by itself.
        let ids = try store.connection.transaction {
            try configuration.directories.map { try store.ledger.directory($0.path) }
        }
        directories = zip(configuration.directories, ids).map { [lookout] in
            DropDirectory(configuration: $0, id: $1, lookout: lookout)
        }
        applyPauses()
        tellPauses()
        for directory in directories {
            do {
                try directory.open(patience: FileLock.patience)
                try repair(directory)
            } catch let error as SystemError {
                directory.pause("\(Trouble(error, during: .list))", now: self.clock())
            } catch let trouble as Trouble {
                directory.pause("\(trouble)", now: self.clock())
            }
        }
        setHouses()
        commits.ends = { [unowned self] id in
            let configuration = directories.first { $0.id == id }?.configuration
            return (configuration?.expires ?? .erase, configuration?.retentionDays ?? 0)
        }
        try replayErasures()
    }

    /// Tells the housekeeper what to look after.
    func setHouses() { housekeeper.set(directories.map { Housekeeper.House($0.configuration, kept: $0.kept) }) }

    // MARK: The loop's parts

    /// Descriptors that say that something happened.
    var descriptors: [Int32] { [lookout.events.descriptor, examiner.descriptor].compactMap { $0 } }

    /// A child parses a file: that it ends is told by a descriptor.
    var isExamining: Bool { examiner.isBusy }

    var now: Readiness.Moment { clock() }

    /// How long until there is something to do without an event.
    func untilDue() -> Duration {
        let now = now
        if store.trouble != nil { return max(.zero, store.troubleUntil - now) }
        var due = store.untilTrim(now: now)
        for directory in directories {
            due = min(due, directory.untilScan(now: now))
            if let next = directory.nextDue(now: now) { due = min(due, next - now) }
        }
        if let next = nextHold { due = min(due, next - now) }
        if let next = untilRelease { due = min(due, next) }
        if let next = untilFlush { due = min(due, next) }
        if let next = untilErasedFiles { due = min(due, next) }
        if let next = untilEnd { due = min(due, next) }
        return max(.zero, due)
    }

    /// Looks, and works on one batch; returns whether there was one.
    func work() throws -> Bool {
        if coming != nil, store.troubleUntil <= now { try takeComing() }
        if try releaseDue() { return true }
        let hasErased = try eraseDue()
        try look()
        guard isDue else { return collect() || hasErased }
        // Before anything is read in vain.
        guard try store.attempt(now: now, store.checkRoom) else { return false }
        let pause = store.endPause()
        var files = try takeRead()
        guard try beginStreams() else {
            giveBack(files)
            return false
        }
        // While what was read is committed, the next is read.
        let isBusy: Bool
        if let stream = streams.next(now: now), isTurn(of: stream) {
            streams.take(stream)
            reading.begin(stream)
            (wasStreaming, isBusy) = (true, true)
        } else {
            guard let batch = try takeBatch() else {
                giveBack(files)
                return false
            }
            if files.isEmpty, streams.nextReady == nil, isSmall(batch) {
                if !batch.claims.isEmpty { files = try reading.read(batch.claims) }
            } else if !batch.claims.isEmpty {
                reading.begin(batch.claims)
            }
            (wasStreaming, isBusy) = (false, !batch.isEmpty)
        }
        let isIdle = files.isEmpty && streams.nextReady == nil
        let isThrough = try isIdle ? pause == nil || store.probe(now: now) : process(files) && processStreams()
        guard isThrough else { return false }
        store.resume(pause)
        return isBusy || !isIdle || hasErased
    }

    private var isDue: Bool {
        let now = now
        guard store.trouble == nil else { return store.troubleUntil <= now }
        return reading.isBusy || examiner.isDone || streams.hasWork(now: now)
            || directories.contains { $0.hasNext(now: now) }
    }

    /// Returns the files that were read meanwhile.
    private func takeRead() throws -> [ReadFile] {
        var files: [ReadFile] = []
        switch try reading.finish() {
        case .files(let read): files = read
        case .step(let file, let step): note(step, of: file)
        case nil: break
        }
        if let (claim, verdict) = examiner.finish() {
            guard let verdict else {
                claim.directory.giveBack(claim.path, now: now)
                return files
            }
            let result = try claim.reader.read(claim.next, verdict: verdict)
            files.append(ReadFile(claim: claim, result: result))
        }
        return files
    }

    /// Takes a batch in hand; nil where the store is in trouble.
    private func takeBatch() throws -> ClaimDesk.Batch? {
        var batch = ClaimDesk.Batch()
        guard
            try store.attempt(
                now: now,
                {
                    batch = try claims.takeBatch(from: directories, now: now)
                    try commits.closeAbandoned(batch.abandoned)
                })
        else {
            try store.forgetTransaction(now: now)
            for claim in batch.claims { claim.directory.giveBack(claim.path, now: now) }
            for (directory, entry) in batch.undisposed { directory.giveBack(entry.path, now: now) }
            return nil
        }
        if !batch.abandoned.isEmpty { publish(store.log.takeAppended()) }
        for (directory, entry) in batch.undisposed { finish(entry, directory) }
        while let index = batch.claims.firstIndex(where: examiner.suspects) {
            examiner.begin(batch.claims.remove(at: index))
        }
        return batch
    }

    /// A small batch is read here and now: nobody need wait for a thread.
    private func isSmall(_ batch: ClaimDesk.Batch) -> Bool {
        batch.claims.count < IntakeDesk.apart && batch.bytes < IntakeDesk.apartBytes
    }

    /// It is a file's turn that is read piece by piece, and not that of a batch.
    private func isTurn(of stream: StreamedFile) -> Bool {
        guard let priority = claims.priority(of: directories, now: now) else { return true }
        return stream.priority == priority ? !wasStreaming : stream.priority > priority
    }

    /// Commits what was read, publishes it and has the files disposed of; returns whether the store took it.
    private func process(_ files: [ReadFile]) throws -> Bool {
        var readings = readings(of: files)
        keepParts(of: &readings)
        guard !readings.isEmpty else { return true }
        noteDeparted()
        var committed: [Committed] = []
        guard try commit({ committed = try commits.commit(readings) }) else {
            for (claim, _) in readings { claim.directory.giveBack(claim.path, now: now) }
            return false
        }
        for item in committed { item.directory.countTaken(bytes: item.entry.identity.size, now: now) }
        try onPoint?(.afterCommit)
        publish(store.log.takeAppended())
        try onPoint?(.afterPublish)
        try store.attempt(now: now) { try ledger.mergeIfDue() }
        store.checkpoint()
        try disposeOf(committed)
        return true
    }

    /// Runs a transaction; returns whether the store took it. A full disk holds room for what is in flight: nothing more
    /// is taken then.
    func commit(_ body: () throws -> Void) throws -> Bool {
        func attempt() throws -> Bool {
            if try store.attempt(now: now, body) { return true }
            try store.forgetTransaction(now: now)
            return false
        }
        let isCommitted = try attempt()
        return try isCommitted || store.takeRoomMade() && attempt()
    }

    /// Disposes of committed files, of many apart.
    func disposeOf(_ committed: [Committed]) throws {
        collect()
        syncDisposalsIfMany()
        guard committed.count < IntakeDesk.apart else {
            try onPoint?(.beforeDispose)
            return begin(committed)
        }
        for item in committed {
            try onPoint?(.beforeDispose)
            dispose(item)
            try onPoint?(.afterDispose)
        }
    }

    /// Returns what is to be committed; tells the directories what came of the other files.
    private func readings(of files: [ReadFile]) -> [(claim: Claim, reading: Reading)] {
        var readings: [(claim: Claim, reading: Reading)] = []
        readings.reserveCapacity(files.count)
        for file in files {
            let directory = file.claim.directory
            let path = file.claim.path
            switch file.result {
            case .read(let reading): readings.append((file.claim, reading))
            case .truncated(let reading):
                if !directory.letTruncatedSettle(file.claim.next, now: now) { readings.append((file.claim, reading)) }
            case .mismatch(let reading):
                if !directory.letMismatchSettle(file.claim.next, now: now) { readings.append((file.claim, reading)) }
            case .long: streams.add(file.claim)
            case .changed: directory.settleAgain(path, now: now)
            case .gone: directory.forget(path, now: now)
            case .trouble(let trouble): note(trouble, directory, path)
            }
        }
        return readings
    }

    func note(_ trouble: Trouble, _ directory: DropDirectory, _ path: RelativePath) {
        switch trouble.scope {
        case .file: directory.block(path, reason: "\(trouble)", now: now)
        case .directory:
            directory.giveBack(path, now: now)
            directory.pause("\(trouble)", now: now)
        case .everything:
            directory.giveBack(path, now: now)
            store.pause("\(trouble)", now: now)
        }
    }

    private func giveBack(_ files: [ReadFile]) {
        for file in files { file.claim.directory.giveBack(file.claim.path, now: now) }
    }

    /// Lets go of what is read and not committed.
    func giveBackRead() throws { giveBack(try takeRead()) }

    /// A file whose records are committed already: only its disposal is repeated.
    private func finish(_ known: Ledger.Entry, _ directory: DropDirectory) {
        if known.state == .left || directory.configuration.after == .leave && !known.isQuarantined {
            directory.leave(known.path, row: known.id, now: now)
        } else {
            let reason: QuarantineReason?
            do { reason = try store.book.reason(of: known.id) } catch {
                directory.giveBack(known.path, now: now)
                return store.pause("\(error)", now: now)
            }
            collect()
            dispose(Committed(directory: directory, entry: known, articles: 0, reason: reason))
        }
    }

    /// What is done when there is nothing else to do.
    func rest() throws {
        if store.trouble == nil {
            try flushDisposedIfDue()
            try removeErasedFilesIfDue()
        }
        store.checkpoint()
        try store.trimIfDue(now: now)
    }

    /// Writes down what is done, at the end.
    func finish() throws {
        try giveBackRead()
        collect()
        try flushDisposed()
    }

    /// What the intake says of itself.
    func snapshot() -> IntakeSnapshot {
        var snapshot = IntakeSnapshot()
        let now = now
        snapshot.isFirstScanDone = directories.allSatisfy { $0.isScanned || $0.trouble != nil }
        for directory in directories {
            snapshot.directories.append(directory.snapshot(now: now, pausedSince: pauses[directory.id]))
            snapshot.irregular += directory.irregularCount
        }
        snapshot.outcomes = Dictionary(uniqueKeysWithValues: commits.outcomes.map { ($0.key.rawValue, $0.value) })
        snapshot.articles = commits.articles
        snapshot.inHand = directories.reduce(0) { $0 + $1.inHand.count }
        snapshot.held = store.held.count
        snapshot.nextRelease = store.held.nextRelease
        snapshot.trouble = store.trouble
        snapshot.pausedSince = pauses.all
        snapshot.end = Cursor(
            stream: store.log.stream, epoch: store.log.epoch, seq: store.log.head, timeMilliseconds: 0)
        snapshot.timeMilliseconds = wallClock()
        return snapshot
    }
}
