import Glibc
import Linux
import TOML
import Telemetry

/// One drop directory as it stands: the files that are looked at, and when each is complete. It reads no content.
///
/// The scan is the truth, inotify only a hint that makes it look sooner. A directory that cannot be read is paused with a
/// reason and comes back by itself.
final class DropDirectory {
    /// A file that is looked at.
    struct File {
        var readiness: Readiness
        /// Not before this moment (an unreadable file is tried again with backoff); its failures in a row.
        var blockedUntil: Readiness.Moment?
        var failures = 0
        /// The ledger row of a file that stays where it is; nothing is to be done until it changes.
        var leftRow: Int64?
    }

    let configuration: DropDirectoryConfiguration
    /// Its id in the ledger.
    let id: Int64
    /// The open directory; nil while it cannot be read.
    private(set) var root: Directory?
    /// Why nothing comes from it; nil where all is well.
    private(set) var trouble: String?
    private(set) var files: [RelativePath: File] = [:]
    /// Names that are no regular files, once noticed.
    private(set) var irregular: Set<RelativePath> = []
    /// The first scan is over.
    private(set) var isScanned = false
    private var nextScan: Readiness.Moment = .zero
    private var failures = 0

    private let selection: Selection
    private let inotify: Inotify?
    private var watches: [Int32: RelativePath] = [:]
    private var watchedPaths: Set<RelativePath> = []
    private let logger = Logger(label: "intake")

    /// Makes it; nothing is read before the first ``scan(now:)``.
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

    private var rules: Readiness.Rules {
        Readiness.Rules(
            quiet: configuration.quietTime,
            settle: inotify == nil ? configuration.settleTimePolling : configuration.settleTime,
            openFile: configuration.openFileWait)
    }

    // MARK: Looking

    /// Opens the directory where it is not open, and takes its lock.
    ///
    /// - Throws: ``InUse`` where another watcher has it; that is no trouble that passes.
    func open() throws {
        guard root == nil else { return }
        let opened = try Directory(path: configuration.path)
        guard try opened.lock() else { throw InUse(path: configuration.path) }
        root = opened
    }

    /// Another watcher takes files from the directory.
    struct InUse: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "the drop directory '\(path)' is watched by another dropwire process; two would take each other's files"
        }
    }

    /// When it wants to look again.
    func untilScan(now: Readiness.Moment) -> Duration { max(.zero, nextScan - now) }

    /// Looks at the whole directory, where that is due.
    func scanIfDue(now: Readiness.Moment) {
        guard nextScan <= now else { return }
        do {
            // A directory that was replaced (a share mounted again) is opened anew.
            if let open = root, try Directory(path: configuration.path).status().inode != open.status().inode {
                close()
            }
            try open()
            var seen: Set<RelativePath> = []
            try scan(root!, RelativePath(""), depth: 1, now: now, seen: &seen)
            files = files.filter { seen.contains($0.key) }
            irregular.formIntersection(seen)
            isScanned = true
            nextScan = now + configuration.pollInterval
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

    private func close() {
        root = nil
        for watch in watches.keys { inotify?.unwatch(watch) }
        watches.removeAll()
        watchedPaths.removeAll()
    }

    private func scan(
        _ directory: Directory, _ path: RelativePath, depth: Int, now: Readiness.Moment, seen: inout Set<RelativePath>
    ) throws {
        watch(path)
        for entry in try directory.entries() {
            let entryPath = path.appending(entry.name)
            let name = RelativePath(bytes: entry.name)
            var kind = entry.kind
            var status: FileStatus?
            if kind == nil || kind == .regular {
                guard selection.takesFile(entry.name) || kind == nil else { continue }
                status = try directory.status(of: name)
                kind = status?.kind
            }
            switch kind {
            case .regular:
                guard let status, selection.takesFile(entry.name) else { continue }
                seen.insert(entryPath)
                note(entryPath, status, nil, now: now)
            case .directory:
                guard configuration.isRecursive, depth < configuration.maximumDepth,
                    selection.takesDirectory(entry.name)
                else { continue }
                do {
                    try scan(directory.directory(name), entryPath, depth: depth + 1, now: now, seen: &seen)
                } catch let error as SystemError where [ENOENT, EACCES].contains(error.code) {
                    noteIrregular(entryPath, "directory that cannot be read", &seen)
                }
            case nil: continue
            case .some(let other):
                guard selection.takesFile(entry.name) else { continue }
                noteIrregular(entryPath, other.rawValue, &seen)
            }
        }
    }

    private func noteIrregular(_ path: RelativePath, _ what: String, _ seen: inout Set<RelativePath>) {
        seen.insert(path)
        guard irregular.insert(path).inserted else { return }
        logger.notice(
            "Something that is no regular file is left alone.",
            ["directory": configuration.path, "path": path.description, "kind": what])
    }

    private func note(_ path: RelativePath, _ status: FileStatus, _ event: Readiness.Event?, now: Readiness.Moment) {
        guard status.size >= configuration.minimumBytes.bytes else {
            files[path] = nil
            return
        }
        guard var file = files[path] else {
            // By polling alone the other machine's clock counts for nothing: only what is seen here does.
            let age = inotify == nil ? 0 : Clocks.wallMilliseconds() - status.changed / 1_000_000
            var readiness = Readiness(status, age: .milliseconds(max(0, age)), now: now)
            if let event { readiness.note(event, status, now: now) }
            files[path] = File(readiness: readiness)
            return
        }
        let before = file.readiness.identity
        if let event { file.readiness.note(event, status, now: now) } else { file.readiness.look(status, now: now) }
        if file.readiness.identity != before {
            file.leftRow = nil
            file.blockedUntil = nil
        }
        files[path] = file
    }

    // MARK: Events

    private func watch(_ path: RelativePath) {
        guard let inotify, !watchedPaths.contains(path) else { return }
        do {
            let full = path.bytes.isEmpty ? configuration.path : "\(configuration.path)/\(path)"
            watches[try inotify.watch(full)] = path
            watchedPaths.insert(path)
        } catch {
            // The mark keeps this from being said at every scan.
            watchedPaths.insert(path)
            logger.warning(
                "Events are not to be had for a directory, it is polled alone.",
                [
                    "directory": configuration.path, "error": "\(error)",
                    "hint": "raise the sysctl fs.inotify.max_user_watches",
                ])
        }
    }

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
        case .overflowed: nextScan = .zero
        case .ended:
            if let path = watches.removeValue(forKey: event.watch) { watchedPaths.remove(path) }
            nextScan = .zero
        case .removed:
            guard let path = watches[event.watch] else { return }
            files[path.appending(event.name)] = nil
        case .created, .modified, .closed, .movedIn:
            guard let directory = watches[event.watch], let root, selection.takesDirectory(event.name) else { return }
            let path = directory.appending(event.name)
            guard let status = try? root.status(of: path) else { return }
            if status.kind == .directory { nextScan = .zero }
            guard status.kind == .regular, selection.takesFile(event.name) else { return }
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

    /// The numbers of files that are complete, not yet complete, and unreadable for now.
    func counts(now: Readiness.Moment) -> (waiting: Int, settling: Int, blocked: Int) {
        var counts = (waiting: 0, settling: 0, blocked: 0)
        let rules = rules
        for file in files.values where file.leftRow == nil {
            if file.blockedUntil != nil {
                counts.blocked += 1
            } else if file.readiness.settled(by: rules) <= now {
                counts.waiting += 1
            } else {
                counts.settling += 1
            }
        }
        return counts
    }

    /// Returns complete files, oldest first, at most `limit`; and when the next one will be complete.
    func ready(now: Readiness.Moment, limit: Int) -> (paths: [RelativePath], next: Readiness.Moment?) {
        guard trouble == nil else { return ([], nil) }
        let rules = rules
        var ready: [(path: RelativePath, modified: Int64)] = []
        var next: Readiness.Moment?
        for (path, file) in files where file.leftRow == nil {
            let moment = max(file.readiness.settled(by: rules), file.blockedUntil ?? .zero)
            if moment <= now {
                ready.append((path, file.readiness.identity.modified))
            } else {
                next = min(next ?? moment, moment)
            }
        }
        ready.sort { $0.modified != $1.modified ? $0.modified < $1.modified : $0.path < $1.path }
        return (ready.prefix(limit).map(\.path), next)
    }

    // MARK: What came of it

    /// Forgets a file that was taken or is gone.
    func forget(_ path: RelativePath) { files[path] = nil }

    /// Lets a file settle again.
    func settleAgain(_ path: RelativePath, now: Readiness.Moment) { files[path]?.readiness.settleAgain(now: now) }

    /// Leaves a file where it is; it is looked at again when it changes.
    func leave(_ path: RelativePath, row: Int64) { files[path]?.leftRow = row }

    /// Tries an unreadable file again later.
    func block(_ path: RelativePath, reason: String, now: Readiness.Moment) {
        guard var file = files[path] else { return }
        if file.failures == 0 {
            logger.warning(
                "A file cannot be taken for now; it is tried again.",
                ["directory": configuration.path, "path": path.description, "reason": reason])
        }
        file.failures += 1
        file.blockedUntil = now + min(.seconds(30), .seconds(1 << min(file.failures - 1, 5)))
        files[path] = file
    }
}
