import Glibc
import Linux
import TOML
import Telemetry

/// One drop directory as it stands: the files that are looked at, and when each is complete. It reads no content.
///
/// The scan is the truth, inotify only a hint that makes it look sooner. A directory that cannot be read is paused with a
/// reason and comes back by itself.
final class DropDirectory {
    /// A part of the time that scans may take, as a divisor: a directory of a million files is scanned less often.
    private static let scanShare = 20

    let configuration: DropDirectoryConfiguration
    /// Its id in the ledger.
    let id: Int64
    /// The open directory; nil while it cannot be read.
    private(set) var root: Directory?
    /// Where files go; nil while the directory cannot be read.
    private(set) var disposal: Disposal?
    /// Why nothing comes from it; nil where all is well.
    private(set) var trouble: String?
    /// Names that are no regular files, once noticed.
    private(set) var irregular: Set<RelativePath> = []
    /// A scan was completed.
    private(set) var isScanned = false
    private var table = FileTable()
    private var nextScan: Readiness.Moment = .zero
    private var failures = 0
    private var isRemote = false
    private var lock: DropDirectoryLock?

    private let selection: Selection
    private let inotify: Inotify?
    private var watches: [Int32: RelativePath] = [:]
    private var watchNumbers: [RelativePath: Int32] = [:]
    /// Some directory below cannot be watched: where no event comes, the rule of polling holds.
    private var isUnwatched = false
    /// Files that were put back: the event of that rename is no producer's.
    private var putBack: Set<RelativePath> = []
    /// Files that are disposed of apart at this moment, and the last event of each of their names since.
    private var leaving: Set<RelativePath> = []
    private var postponed: [RelativePath: Readiness.Event] = [:]
    private let logger = Logger(label: "intake")

    /// Makes it; nothing is read before the first ``scanIfDue(now:)``.
    init(configuration: DropDirectoryConfiguration, id: Int64) {
        self.configuration = configuration
        self.id = id
        selection = Selection(configuration)
        var events: Inotify?
        if configuration.usesEvents {
            do { events = try Inotify() } catch {
                logger.warning(
                    "Events of the file system are not to be had, the directory is polled alone.",
                    [
                        "directory": configuration.path, "error": "\(error)",
                        "hint": "raise the sysctl fs.inotify.max_user_instances",
                    ])
            }
        }
        inotify = events
    }

    /// To poll for events; nil where only polling is.
    var descriptor: Int32? { inotify?.descriptor }

    private var isPolledAlone: Bool { inotify == nil || isUnwatched || isRemote }

    private var rules: Readiness.Rules {
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
        disposal = Disposal(root: opened, after: configuration.after)
        return true
    }

    private func close() {
        root = nil
        disposal = nil
        lock = nil
        for watch in watches.keys { inotify?.unwatch(watch) }
        watches.removeAll()
        watchNumbers.removeAll()
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
            var irregularNow: Set<RelativePath> = []
            var watched: Set<RelativePath> = []
            isUnwatched = false
            try scan(root!, RelativePath(""), depth: 1, now: now, &irregularNow, &watched)
            table.endScan()
            irregular = irregularNow
            for (path, number) in watchNumbers where !watched.contains(path) {
                watchNumbers[path] = nil
                if watches[number] == path {
                    watches[number] = nil
                    inotify?.unwatch(number)
                }
            }
            isScanned = true
            let took = clock() - now
            nextScan = now + took + max(configuration.pollInterval, took * DropDirectory.scanShare)
            if trouble != nil { logger.notice("The directory can be read again.", ["directory": configuration.path]) }
            trouble = nil
            failures = 0
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

    private func scan(
        _ directory: Directory, _ path: RelativePath, depth: Int, now: Readiness.Moment,
        _ irregularNow: inout Set<RelativePath>, _ watched: inout Set<RelativePath>
    ) throws(SystemError) {
        watched.insert(path)
        // Before the listing, so that nothing falls between the two.
        watch(directory, path)
        for entry in try directory.entries() {
            let entryPath = entry.name.below(path)
            var kind = entry.kind
            var status: FileStatus?
            if kind == nil || kind == .regular {
                guard kind == nil || selection.takesFile(entry.name) else { continue }
                // What waits for its turn is looked at when that comes.
                if kind == .regular, table.see(entryPath) == .waiting { continue }
                status = try directory.status(of: entry.name)
                kind = status?.kind
            }
            switch kind {
            case .regular:
                guard let status, selection.takesFile(entry.name) else { continue }
                note(entryPath, status, nil, now: now)
                _ = table.see(entryPath)
            case .directory:
                guard configuration.isRecursive, depth < configuration.maximumDepth,
                    selection.takesDirectory(entry.name)
                else { continue }
                do {
                    try scan(
                        directory.directory(entry.name), entryPath, depth: depth + 1, now: now, &irregularNow, &watched)
                } catch  where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
                    // It went, or something else has its name; the next scan tells.
                } catch  where [EACCES, EPERM, EIO, ENAMETOOLONG].contains(error.code) {
                    noteIrregular(entryPath, error.description, &irregularNow)
                }
            case nil: continue
            case .some(let other):
                guard selection.takesFile(entry.name) else { continue }
                noteIrregular(entryPath, other.rawValue, &irregularNow)
            }
        }
    }

    private func noteIrregular(_ path: RelativePath, _ what: String, _ irregularNow: inout Set<RelativePath>) {
        irregularNow.insert(path)
        table.remove(path)
        guard !irregular.contains(path) else { return }
        logger.notice(
            "Something that is no regular file is left alone.",
            ["directory": configuration.path, "path": path.description, "kind": what])
    }

    private func note(_ path: RelativePath, _ status: FileStatus, _ event: Readiness.Event?, now: Readiness.Moment) {
        if leaving.contains(path) {
            // What lies there may be the old file still; it is looked at when that is gone.
            if let event { postponed[path] = event }
            return
        }
        guard status.size >= configuration.minimumBytes.bytes else { return table.remove(path) }
        guard var file = table[path] else {
            // Only what lay there before the first scan is judged by its age; where another machine's clock may have set
            // the time, nothing is.
            let age = isPolledAlone || isScanned ? 0 : Clocks.wallMilliseconds() - status.changed / 1_000_000
            var readiness = Readiness(status, age: .milliseconds(max(0, age)), now: now)
            if let event { readiness.note(event, status, now: now) }
            return table.put(path, FileTable.File(readiness: readiness), rules: rules, now: now)
        }
        let before = file.readiness
        if let event { file.readiness.note(event, status, now: now) } else { file.readiness.look(status, now: now) }
        guard file.readiness != before else { return }
        if file.readiness.identity != before.identity {
            file.leftRow = nil
            file.blockedUntil = nil
            file.truncatedSince = nil
        }
        table.put(path, file, rules: rules, now: now)
    }

    // MARK: Events

    private func watch(_ directory: Directory, _ path: RelativePath) {
        guard let inotify, watchNumbers[path] == nil else { return }
        do {
            let number = try inotify.watch(directory)
            // The same directory under a new name.
            if let old = watches[number], old != path { watchNumbers[old] = nil }
            watches[number] = path
            watchNumbers[path] = number
        } catch {
            if !isUnwatched, !wasUnwatched {
                logger.warning(
                    "Events are not to be had for some directories, they are polled alone.",
                    [
                        "directory": directory.path, "error": "\(error)",
                        "hint": "raise the sysctl fs.inotify.max_user_watches",
                    ])
            }
            isUnwatched = true
            wasUnwatched = true
        }
    }

    private var wasUnwatched = false

    /// Takes in the events that have come: looks at each named file, or at everything where events were lost.
    func takeEvents(now: Readiness.Moment) {
        guard let inotify else { return }
        while true {
            let events = inotify.events()
            guard !events.isEmpty else { return }
            for event in events { take(event, now: now) }
        }
    }

    private func take(_ event: Inotify.Event, now: Readiness.Moment) {
        switch event.kind {
        case .overflowed:
            nextScan = .zero
            table.updateAll(rules: rules, now: now) { $0.eventsWereLost(now: now) }
        case .ended:
            if let path = watches.removeValue(forKey: event.watch), watchNumbers[path] == event.watch {
                watchNumbers[path] = nil
            }
            nextScan = .zero
        case .created, .modified, .closed, .movedIn:
            let name = RelativePath(bytes: event.name)
            guard let directory = watches[event.watch], let root, selection.takesDirectory(name) else { return }
            let path = name.below(directory)
            if event.kind == .movedIn, putBack.remove(path) != nil { return }
            guard let status = try? root.status(of: path) else { return }
            if status.kind == .directory { nextScan = .zero }
            guard status.kind == .regular, selection.takesFile(name) else { return }
            let kind: Readiness.Event =
                switch event.kind {
                case .movedIn: .movedIn
                case .closed: .closed
                case .created: .created
                default: .modified
                }
            note(path, status, kind, now: now)
        }
    }

    // MARK: What is complete

    /// The numbers of files that are complete, not yet complete, and blocked for now.
    func counts(now: Readiness.Moment) -> (waiting: Int, settling: Int, blocked: Int) {
        _ = table.hasNext(now: now)
        return (table.count(.waiting), table.count(.settling), table.count(.blocked))
    }

    /// The time of change of the oldest file that waits, in nanoseconds since 1970; nil where none does.
    func oldestWaiting(now: Readiness.Moment) -> Int64? { table.oldestWaiting(now: now) }

    /// Some file is complete and can be taken.
    func hasNext(now: Readiness.Moment) -> Bool { trouble == nil && table.hasNext(now: now) }

    /// The moment from which the next file is complete; nil where none is on its way.
    func nextDue(now: Readiness.Moment) -> Readiness.Moment? { trouble == nil ? table.nextDue(now: now) : nil }

    /// Takes the oldest complete file in hand. One of the functions below must tell what came of it.
    func takeNext(now: Readiness.Moment) -> (path: RelativePath, identity: FileIdentity)? {
        guard trouble == nil, let path = table.takeNext(now: now), let file = table[path] else { return nil }
        return (path, file.readiness.identity)
    }

    // MARK: What came of it

    /// The file was taken or is gone.
    func forget(_ path: RelativePath) { table.remove(path) }

    /// The file is disposed of apart from now on: what is seen of its name counts when that has ended.
    func beginDisposal(_ path: RelativePath) { leaving.insert(path) }

    /// The disposal has ended, and what came of it was told.
    func endDisposal(_ path: RelativePath, now: Readiness.Moment) {
        leaving.remove(path)
        guard let event = postponed.removeValue(forKey: path) else { return }
        if event == .movedIn, putBack.remove(path) != nil { return }
        guard let root, let status = try? root.status(of: path),
            status.kind == .regular
        else { return }
        note(path, status, event, now: now)
    }

    /// It is not to be taken now after all, through no fault of its own.
    func giveBack(_ path: RelativePath, now: Readiness.Moment) { change(path, now: now) { _ in } }

    /// The file settles again; it is another one than was looked at.
    ///
    /// - Parameter wasPutBack: it was moved away and back, so that an event of that rename will come.
    func settleAgain(_ path: RelativePath, wasPutBack: Bool = false, now: Readiness.Moment) {
        if wasPutBack, inotify != nil { putBack.insert(path) }
        guard let root, let status = try? root.status(of: path), status.kind == .regular else { return forget(path) }
        change(path, now: now) { file in
            file.readiness.look(status, now: now)
            file.readiness.settleAgain(now: now)
            file.blockedUntil = nil
        }
    }

    /// Returns whether a file that looks truncated may be a copy under way: for a while it settles again.
    func letTruncatedSettle(_ path: RelativePath, now: Readiness.Moment) -> Bool {
        guard let file = table[path] else { return false }
        let since = file.truncatedSince ?? now
        guard now - since < configuration.settleTimePolling else { return false }
        change(path, now: now) { file in
            file.truncatedSince = since
            file.readiness.settleAgain(now: now)
        }
        return true
    }

    /// The file stays where it is; it is looked at again when it changes.
    func leave(_ path: RelativePath, row: Int64, now: Readiness.Moment) { change(path, now: now) { $0.leftRow = row } }

    /// The file cannot be taken for now, and is tried again later.
    func block(_ path: RelativePath, reason: String, now: Readiness.Moment) {
        change(path, now: now) { file in
            if file.failures == 0 {
                logger.warning(
                    "A file cannot be taken for now; it is tried again.",
                    ["directory": configuration.path, "path": path.description, "reason": reason])
            }
            file.failures += 1
            file.blockedUntil = now + min(.seconds(30), .seconds(1 << min(file.failures - 1, 5)))
        }
    }

    /// Returns the rows of left files that are gone or were replaced since the last call.
    func takeDeparted() -> [Int64] { table.takeDeparted() }

    private func change(_ path: RelativePath, now: Readiness.Moment, _ body: (inout FileTable.File) -> Void) {
        guard var file = table[path] else { return }
        body(&file)
        table.put(path, file, rules: rules, now: now)
    }
}
