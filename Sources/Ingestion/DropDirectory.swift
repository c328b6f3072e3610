import Linux
import Telemetry

/// One drop directory as it stands: the files that are looked at, and when each is complete. It reads no content.
///
/// The scan is the truth, inotify only a hint that makes it look sooner. A directory that cannot be read is paused with a
/// reason and comes back by itself.
final class DropDirectory {
    /// A part of the time that scans may take, as a divisor: a directory of a million files is scanned less often.
    private static let scanShare = 20

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
    /// Names that are no regular files, once noticed.
    private(set) var irregular: Set<RelativePath> = []
    /// A scan was completed.
    private(set) var isScanned = false
    var table = FileTable()
    var nextScan: Readiness.Moment = .zero
    private var failures = 0
    private var isRemote = false
    private var lock: DropDirectoryLock?

    private(set) var selection: Selection
    /// The next scan looks at everything, also at what waits for its turn: the selection is another one.
    private(set) var looksAtAll = false
    /// Where its events come from; nil where it is to be polled alone.
    let events: DirectoryEvents?
    /// The watch of each directory that is watched, by its path.
    var watches: [RelativePath: Int32] = [:]
    /// Some directory below cannot be watched: where no event comes, the rule of polling holds.
    var isUnwatched = false
    /// Files that were put back: the event of that rename is no producer's.
    var putBack: Set<RelativePath> = []
    /// Files that are in hand, until it is told what came of them, and the last event of each of their names since.
    var inHand: Set<RelativePath> = []
    var postponed: [RelativePath: Readiness.Event] = [:]
    let logger = Logger(label: "intake")

    /// Makes it; nothing is read before ``open()`` or the first ``scanIfDue(now:clock:opened:)``.
    init(configuration: DropDirectoryConfiguration, id: Int64, events: DirectoryEvents) {
        self.configuration = configuration
        self.id = id
        self.events = configuration.usesEvents ? events : nil
        selection = Selection(configuration)
    }

    deinit { close() }

    /// No event tells of what happens in some part of it.
    var isPolledAlone: Bool { events?.isMissing ?? true || isUnwatched || isRemote }

    var rules: Readiness.Rules {
        Readiness.Rules(
            quiet: configuration.quietTime,
            settle: isPolledAlone ? configuration.settleTimePolling : configuration.settleTime,
            polling: configuration.settleTimePolling, openFile: configuration.openFileWait)
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
    func open() throws -> Bool {
        guard root == nil else { return false }
        let opened = try Directory(path: configuration.path)
        lock = try DropDirectoryLock(opened)
        isRemote = opened.isRemote
        root = opened
        reader = FileReader(root: opened, configuration: configuration)
        disposal = Disposal(root: opened, configuration: configuration, kept: kept)
        return true
    }

    /// Takes other keys. What is known of its files stays, so that none that is being written to is taken for complete.
    ///
    /// - Returns: false where it must be made anew for them.
    func change(to new: DropDirectoryConfiguration, now: Readiness.Moment) -> Bool {
        guard new.path == configuration.path, new.usesEvents == configuration.usesEvents else { return false }
        guard new != configuration else { return true }
        configuration = new
        selection = Selection(new)
        reader = root.map { FileReader(root: $0, configuration: new) }
        disposal = root.map { Disposal(root: $0, configuration: new, kept: kept) }
        hold = nil
        table.setRules(rules, now: now)
        looksAtAll = true
        nextScan = .zero
        return true
    }

    /// Lets the directory go: its lock, its watches and what is open of it.
    func close() {
        root = nil
        reader = nil
        disposal = nil
        hold = nil
        lock = nil
        for (path, number) in watches { events?.unwatch(number, of: path, owner: self) }
        watches.removeAll()
        putBack.removeAll()
    }

    // MARK: Looking

    /// When it wants to look again.
    func untilScan(now: Readiness.Moment) -> Duration { max(.zero, nextScan - now) }

    /// Looks at the whole directory, where that is due.
    ///
    /// - Parameters:
    ///   - clock: says how long the scan took.
    ///   - opened: called when the directory was opened, before anything is looked at.
    func scanIfDue(now: Readiness.Moment, clock: () -> Readiness.Moment, opened: (DropDirectory) throws -> Void) {
        guard nextScan <= now else { return }
        do {
            // A directory that was replaced (a share mounted again) is opened anew.
            if let root {
                let there = try Directory(path: configuration.path).status()
                let mine = try root.status()
                if there.inode != mine.inode || there.device != mine.device { close() }
            }
            if try open() { try opened(self) }
            disposal?.forgetFolders()
            table.beginScan()
            isUnwatched = false
            var scanner = DirectoryScanner(self, now: now)
            try scanner.scan(root!, RelativePath(""), depth: 1)
            table.endScan()
            looksAtAll = false
            irregular = scanner.irregular
            for (path, number) in watches where !scanner.folders.contains(path) {
                watches[path] = nil
                events?.unwatch(number, of: path, owner: self)
            }
            isScanned = true
            let took = clock() - now
            nextScan = now + took + max(configuration.pollInterval, took * DropDirectory.scanShare)
            if trouble != nil { logger.notice("The directory can be read again.", ["directory": configuration.path]) }
            trouble = nil
            failures = 0
        } catch let error as SystemError {
            pause("\(Trouble(error, during: .list))", now: now)
        } catch {
            pause("\(error)", now: now)
        }
    }

    /// Pauses the directory: nothing is taken from it until a later scan succeeds.
    func pause(_ reason: String, now: Readiness.Moment) {
        if trouble != reason {
            logger.warning("The directory is paused.", ["directory": configuration.path, "reason": reason])
        }
        trouble = reason
        failures += 1
        close()
        nextScan = now + min(.seconds(5), configuration.pollInterval * (1 << min(failures, 6)))
    }

    // MARK: What is complete

    /// The number of files at each stage.
    func count(_ stage: FileTable.Stage, now: Readiness.Moment) -> Int {
        _ = table.hasNext(now: now)
        return table.count(stage)
    }

    /// The time of change of the oldest file that waits, in nanoseconds since 1970; nil where none does.
    func oldestWaiting(now: Readiness.Moment) -> Int64? { table.oldestWaiting(now: now) }

    private var canTake: Bool { trouble == nil && hold == nil }

    /// Takes no file until what stands in the way of disposals is over, or nil is set.
    func hold(_ trouble: Trouble?) {
        switch (hold, trouble) {
        case (nil, let trouble?):
            logger.warning(
                "No files are taken from the directory.", ["directory": configuration.path, "reason": "\(trouble)"])
        case (_?, nil): logger.notice("Files are taken from the directory again.", ["directory": configuration.path])
        default: break
        }
        hold = trouble
    }

    /// Some file is complete and can be taken.
    func hasNext(now: Readiness.Moment) -> Bool { canTake && table.hasNext(now: now) }

    /// The moment from which the next file is complete; nil where none is on its way.
    func nextDue(now: Readiness.Moment) -> Readiness.Moment? { canTake ? table.nextDue(now: now) : nil }

    /// Takes the oldest complete file in hand. One of the functions below must tell what came of it.
    func takeNext(now: Readiness.Moment) -> (path: RelativePath, identity: FileIdentity)? {
        guard canTake, let path = table.takeNext(now: now), let file = table[path] else { return nil }
        inHand.insert(path)
        return (path, file.readiness.identity)
    }
}
