import Glibc
import Linux
import Telemetry

/// One drop directory as it stands: the files that are looked at, and when each is complete. It reads no content.
///
/// The scan is the truth, inotify only a hint that makes it look sooner. A directory that cannot be read is paused with a
/// reason and comes back by itself.
final class DropDirectory {
    /// How long files wait for the first pass to show which of them comes first.
    private static let patience = Duration.seconds(1)

    private(set) var configuration: DropDirectoryConfiguration
    /// Its id in the ledger.
    let id: Int64
    /// The open directory; nil while it cannot be read.
    private(set) var root: Directory?
    /// Reads its files; nil while the directory cannot be read.
    private(set) var reader: FileReader?
    /// Where files go; nil while the directory cannot be read.
    private(set) var disposal: Disposal?
    /// Why it cannot be read; nil where all is well.
    private(set) var trouble: String?
    /// Why nothing is taken though it can be read: what was taken cannot be disposed of. Nil where all is well.
    private(set) var hold: Trouble?
    /// What it keeps in archive and quarantine.
    let kept = KeptCount()
    /// The operator wants nothing to be taken.
    var isPaused = false
    private var fileRate = RateMeter()
    private var byteRate = RateMeter()
    /// A pass was completed.
    private(set) var isScanned = false
    /// Where the ledger's rows of left files were taken in up to; nil before the first.
    private(set) var lastRow: Ledger.Entry?
    /// All of them were taken in.
    private(set) var hasAllRows = false
    let table: FileTable
    private(set) var scanner: DirectoryScanner!
    /// No pass before this moment, but for a refill.
    var nextScan: Readiness.Moment = .zero
    private var failures = 0
    /// What was said of a pause last, and until when the same is not said again.
    private var told: (reason: String, until: Readiness.Moment) = ("", .zero)
    /// The pause that lasts was told of.
    private var isPauseTold = false
    private(set) var isRemote = false
    private var lock: DropDirectoryLock?
    /// The inode of the directory in which files were seen.
    private var home: UInt64?
    private var firstPass: Readiness.Moment?
    /// Folders of the disposal may be others by now.
    private var hasOldFolders = false

    private(set) var selection: Selection
    private(set) var companionNames: CompanionNames
    /// How fast files may go.
    var rate: RateLimit
    /// Companions whose file is not known.
    var early = EarlyCompanions()
    /// Some companion was seen since it was opened: files are looked at for theirs.
    var hasSeenCompanion = false
    /// Markers of whole directories for which files were taken.
    var servedMarkers: Set<RelativePath> = []
    let lookout: Lookout
    /// Names of which it was said that they are no regular files.
    var noticed: Set<UInt64> = []
    /// Files that were put back: the event of that rename is no producer's.
    var putBack: Set<RelativePath> = []
    /// Files that are in hand, until it is told what came of them, and the last event of each of their names since.
    var inHand: Set<RelativePath> = []
    var postponed: [RelativePath: Readiness.Event] = [:]
    let logger = Logger(label: "intake")

    /// Makes it; nothing is read before ``open()`` or the first ``scan(now:until:clock:opened:)``.
    init(configuration: DropDirectoryConfiguration, id: Int64, lookout: Lookout) {
        self.configuration = configuration
        self.id = id
        self.lookout = lookout
        selection = Selection(configuration)
        companionNames = CompanionNames(configuration)
        rate = RateLimit(configuration)
        let rules = DropDirectory.rules(configuration)
        table = FileTable(
            order: configuration.order, watched: rules.watched, polled: rules.polled, budget: lookout.window)
        scanner = DirectoryScanner(self)
    }

    /// Where its events come from; nil where it is to be polled alone.
    var events: DirectoryEvents? { configuration.usesEvents ? lookout.events : nil }

    private static func rules(
        _ configuration: DropDirectoryConfiguration
    ) -> (watched: Readiness.Rules, polled: Readiness.Rules) {
        let watched = Readiness.Rules(
            quiet: configuration.quietTime, settle: configuration.settleTime,
            polling: configuration.settleTimePolling, openFile: configuration.openFileWait,
            needsMarker: !configuration.doneMarkers.isEmpty, needsChecksum: configuration.checksums == .require)
        var polled = watched
        polled.settle = configuration.settleTimePolling
        return (watched, polled)
    }

    // MARK: Opening

    /// Another watcher takes files from the directory.
    struct InUse: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "the drop directory '\(path)' is watched by another dropwire process; two would take each other's files"
        }
    }

    /// Opens the directory where it is not open, and takes its lock.
    ///
    /// - Returns: whether it was opened just now.
    /// - Throws: ``InUse`` where another watcher has it.
    @discardableResult
    func open(patience: Duration = .zero) throws -> Bool {
        guard root == nil else { return false }
        let opened = try Directory(path: configuration.path)
        lock = try DropDirectoryLock(opened, patience: patience)
        isRemote = opened.isRemote
        root = opened
        reader = FileReader(root: opened, configuration: configuration)
        disposal = Disposal(root: opened, configuration: configuration, kept: kept)
        return true
    }

    /// Whether what is not there is gone: an empty directory, or another one than before, may be a mount point without its
    /// mount, and says nothing of files that the ledger knows.
    func isHome() throws(SystemError) -> Bool {
        guard let root else { return false }
        let inode = try root.status().inode
        if home == nil, try DirectoryListing(root).next() { home = inode }
        return home == inode
    }

    /// Takes other keys. What is known of its files stays, so that none that is being written to is taken for complete.
    ///
    /// - Returns: false where it must be made anew for them.
    func change(to new: DropDirectoryConfiguration, now: Readiness.Moment) -> Bool {
        guard new.path == configuration.path, new.usesEvents == configuration.usesEvents else { return false }
        guard new != configuration else { return true }
        // Where files wait for markers, none is known that has no marker.
        guard CompanionNames(new).isNeeded == companionNames.isNeeded else { return false }
        configuration = new
        selection = Selection(new)
        companionNames = CompanionNames(new)
        if !RateLimit(new).isLike(rate) { rate = RateLimit(new) }
        early.removeAll()
        reader = root.map { FileReader(root: $0, configuration: new) }
        disposal = root.map { Disposal(root: $0, configuration: new, kept: kept) }
        hold = nil
        let rules = DropDirectory.rules(new)
        table.set(order: new.order, watched: rules.watched, polled: rules.polled, now: now)
        if scanner.isUnderWay { scanner.abandon() }
        scanner.lookAtAll()
        nextScan = .zero
        return true
    }

    /// Lets the directory go: its lock, its watches and what is open of it.
    func close() {
        if scanner.isUnderWay { scanner.abandon() }
        root = nil
        reader = nil
        disposal = nil
        hold = nil
        lock = nil
        scanner.dropWatches()
        putBack.removeAll()
        early.removeAll()
        hasSeenCompanion = false
    }

    // MARK: Looking

    /// When it wants to look again.
    func untilScan(now: Readiness.Moment) -> Duration {
        if trouble == nil, scanner.isUnderWay || scanner.wantsRefill(now: now) { return .zero }
        return max(.zero, nextScan - now)
    }

    /// Takes in a part of the ledger's rows of files that were left here, in their order; none where those were all.
    func expect(_ rows: [Ledger.Entry]) {
        for row in rows { table.expect(row.path, row.identity, row: row.id, in: scanner.folder(of: row.path)) }
        lastRow = rows.last ?? lastRow
        hasAllRows = rows.isEmpty
    }

    /// Looks at the directory, where that is due, and goes on until a moment, or a little longer.
    ///
    /// - Parameters:
    ///   - clock: says how long it takes.
    ///   - opened: called when the directory was opened, before anything is looked at.
    func scan(
        now: Readiness.Moment, until end: Readiness.Moment, clock: () -> Readiness.Moment,
        opened: (DropDirectory) throws -> Void
    ) {
        guard untilScan(now: now) == .zero else { return }
        do {
            if !scanner.isUnderWay { try begin(now: now, opened) }
            guard try scanner.step(now, until: end, clock: clock) else { return }
            isScanned = true
            let moment = clock()
            nextScan = max(scanner.nextWalk, poll(after: moment))
            if trouble != nil, isPauseTold {
                logger.notice("The directory is looked at again.", [.directory: configuration.path])
            }
            (trouble, isPauseTold) = (nil, false)
            failures = 0
        } catch let error as SystemError {
            pause("\(Trouble(error, during: .list))", now: now)
        } catch {
            pause("\(error)", now: now)
        }
    }

    private func begin(now: Readiness.Moment, _ opened: (DropDirectory) throws -> Void) throws {
        guard let status = try Directory.status(path: configuration.path) else {
            throw SystemError(code: ENOENT, operation: "open the directory '\(configuration.path)'")
        }
        // A directory that was replaced (a share mounted again) is opened anew.
        if let root {
            let mine = try root.status()
            if mine.inode != status.inode || mine.device != status.device { close() }
        }
        if try open() { try opened(self) }
        hasOldFolders = true
        if firstPass == nil { firstPass = now }
        scanner.begin(status, now: now)
    }

    /// The next moment to look, the same for all directories of one interval, so that they are polled together.
    private func poll(after moment: Readiness.Moment) -> Readiness.Moment {
        let interval = configuration.pollInterval.wholeMilliseconds
        return .milliseconds((moment.wholeMilliseconds / interval + 1) * interval)
    }

    /// Forgets folders that the disposal had open before the last look, since somebody may have moved or removed them; not
    /// while it is at work.
    func forgetFolders() {
        guard hasOldFolders else { return }
        disposal?.forgetFolders()
        hasOldFolders = false
    }

    /// Pauses the directory: nothing is taken from it until a later scan succeeds.
    func pause(_ reason: String, now: Readiness.Moment) {
        if trouble != reason { isPauseTold = false }
        // What goes wrong only when something is taken, as with a full disk, comes back with each try.
        if !isPauseTold, told.reason != reason || told.until <= now {
            logger.warning(
                .directoryUnreadable,
                [.source: configuration.source, .directory: configuration.path, .reason: reason])
            told = (reason, now + .seconds(60))
            isPauseTold = true
        }
        trouble = reason
        failures += 1
        close()
        nextScan = now + min(.seconds(5), configuration.pollInterval * (1 << min(failures, 6)))
    }

    // MARK: What is complete

    /// Names that are no regular files, by the last listings.
    var irregularCount: Int { scanner.tree.irregularCount }

    /// A file was taken: its records are durable.
    func countTaken(bytes: Int64, now: Readiness.Moment) {
        fileRate.add(1, at: now.components.seconds)
        byteRate.add(bytes, at: now.components.seconds)
    }

    /// What it says of itself.
    func snapshot(now: Readiness.Moment, pausedSince: Int64?) -> IntakeSnapshot.Directory {
        // It also moves on what has become complete meanwhile.
        let oldest = table.oldestWaiting(now: now)
        let second = now.components.seconds
        return IntakeSnapshot.Directory(
            path: configuration.path, source: configuration.source,
            // At least so many, where not all are known one by one.
            waiting: table.count(.waiting) + table.beyond, settling: table.count(.settling),
            unaccompanied: scanner.tree.unaccompaniedCount, blocked: table.count(.blocked), left: table.count(.left),
            quarantined: kept.quarantineCount,
            unreadable: scanner.tree.troubleCount, unreadableReason: scanner.tree.someTrouble,
            trouble: trouble ?? hold?.description, pausedSince: pausedSince,
            oldestWaitingMilliseconds: oldest.map { $0 / 1_000_000 },
            archivePath: configuration.archivePath, archiveRemoved: kept.removedCount,
            priority: configuration.priority, filesPerSecond: fileRate.perSecond(at: second),
            bytesPerSecond: byteRate.perSecond(at: second))
    }

    /// Files can be taken: the order of a large directory is not known before the first pass, which is not waited for long.
    func canTake(now: Readiness.Moment) -> Bool {
        guard trouble == nil, hold == nil, !isPaused else { return false }
        guard !isScanned, let firstPass else { return isScanned }
        return now >= firstPass + DropDirectory.patience
    }

    /// Takes no file until what stands in the way of disposals is over, or nil is set.
    func hold(_ trouble: Trouble?) {
        switch (hold, trouble) {
        case (nil, let trouble?):
            logger.warning(
                .directoryHeld,
                [.source: configuration.source, .directory: configuration.path, .reason: "\(trouble)"])
        case (_?, nil): logger.notice("Files are taken from the directory again.", [.directory: configuration.path])
        default: break
        }
        hold = trouble
    }

    /// Some file is complete and can be taken.
    func hasNext(now: Readiness.Moment) -> Bool { nextDue(now: now).map { $0 <= now } ?? false }

    /// The moment from which the next file is complete; nil where none is on its way.
    func nextDue(now: Readiness.Moment) -> Readiness.Moment? {
        guard canTake(now: now) else { return nil }
        let file = table.nextDue(now: now)
        let orphan = early.nextDue(after: configuration.openFileWait)
        guard let first = file.map({ min($0, orphan ?? $0) }) ?? orphan else { return nil }
        return max(first, rate.next)
    }
}
