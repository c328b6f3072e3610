import Ingestion

/// What must come of files, said as simply as it can be: of every file that stands in the drop directory, what is known by
/// looking at the disk after everything that is done; and what each record may say.
///
/// It knows nothing of claims, batches, rows or private names. Every record must tell of a file that stood there with that
/// content, long enough by the rules, and was not told of before; every file that goes must have been told of.
struct IntakeModel {
    /// What is asked of the watcher.
    struct Rules {
        var quiet: Duration
        var settle: Duration
        var openFile: Duration
        var usesEvents: Bool
        /// Files stay.
        var leaves: Bool
        var republishes: Bool
    }

    /// What tells one file from another without reading it.
    private struct Identity: Hashable {
        let path: String
        let inode: UInt64
        let size: Int
        let modified: Int64

        init(_ path: String, _ file: StandingFile) {
            (self.path, inode, size, modified) = (path, file.inode, file.content.count, file.modified)
        }
    }

    private enum Telling {
        case untold
        /// A record tells of it, or of what lay there with the same content a moment before, while the watcher worked; or it
        /// lay there before.
        case perhaps
        case told
    }

    /// A file as it stands, from the moment at which it has this name, inode, content and time.
    private final class Version {
        let path: String
        let file: StandingFile
        let since: Moment
        /// What is in it where it went.
        var kept: [UInt8]
        /// It came with its name and was not touched since.
        var wasRenamed: Bool
        /// Its writer has it open, and the watcher was told.
        var isOpen = false
        /// The watcher has worked since.
        var wasSeen = false
        var telling = Telling.untold

        init(_ path: String, _ file: StandingFile, since: Moment, wasRenamed: Bool) {
            self.path = path
            self.file = file
            kept = file.content
            self.since = since
            self.wasRenamed = wasRenamed
        }
    }

    /// The watcher's clock, which the test moves, and the machine's, by which it judges the age of what it finds.
    struct Moment {
        var bench: Duration
        var machine: ContinuousClock.Instant

        func elapsed(until later: Moment) -> Duration {
            later.bench - bench + machine.duration(to: later.machine)
        }
    }

    /// A record of a file, as the log has it.
    struct Told: CustomStringConvertible {
        var path: String
        var sha256: String
        var outcome: String
        var code: String
        /// The articles with this digest that came with it.
        var articles: Int

        var description: String { "\(path) \(outcome) \(code)" }
    }

    private let rules: Rules
    private let digest: ([UInt8]) -> String
    private var standing: [String: Version] = [:]
    /// What stood when the watcher had worked the last time.
    private var atRest: [String: Version] = [:]
    /// What stood at some moment since the last records.
    private var recent: [Version] = []
    private var published: Set<String> = []
    /// Files of which a record tells, as the ledger knows them: one that comes back may be known again.
    private var known: Set<Identity> = []
    /// Folders in which the watcher sees what happens.
    private var watched: Set<String> = []
    /// What went to the archive or was deleted, and what went to the quarantine.
    private(set) var disposed: [[UInt8]] = []
    private(set) var quarantined: [[UInt8]] = []
    /// What is in files that were written to where they went.
    private var changedLater: Set<[UInt8]> = []
    /// What was gone when the watcher had worked, of which records must tell.
    private var gone: [Version] = []
    private(set) var toldCount = 0

    init(rules: Rules, digest: @escaping ([UInt8]) -> String) {
        self.rules = rules
        self.digest = digest
    }

    // MARK: What happens

    /// A producer has done something.
    ///
    /// - Parameters:
    ///   - writing: what it has open and has written to, or closed.
    ///   - whileWorking: the watcher is in the middle of something, and may have read what was there before.
    mutating func produced(
        _ action: ModelAction, _ files: [String: StandingFile], _ writing: ModelHand.Writing,
        whileWorking: Bool, now: Moment
    ) {
        let renamed: String? =
            switch action {
            case .renameIn(let name, _), .rename(_, let name), .moveOut(let name): name
            default: nil
            }
        if case .renameFolder(let folder, let other) = action { watched.subtract([folder, other]) }
        if case .folderIn(let folder, _) = action { watched.remove(folder) }
        for path in Set(standing.keys).union(files.keys) {
            guard let file = files[path] else {
                standing[path] = nil
                continue
            }
            // The same file under the same name is no other one for having been away.
            if let same = [standing[path], atRest[path]].compactMap({ $0 }).first(where: { $0.file == file }) {
                if path == renamed { (same.wasRenamed, same.wasSeen, same.isOpen) = (true, false, false) }
                if standing[path] !== same { recent.append(same) }
                standing[path] = same
                continue
            }
            // Of other times, without another content, no event tells.
            let isTimed = standing[path].map {
                $0.wasRenamed && !$0.wasSeen && $0.file.inode == file.inode && $0.file.content == file.content
            }
            let version = Version(path, file, since: now, wasRenamed: path == renamed || isTimed == true)
            if known.contains(Identity(path, file)) { version.telling = .perhaps }
            standing[path] = version
            recent.append(version)
        }
        if !whileWorking { recent = Array(standing.values) }
        // Whoever closes it, under whatever name it was opened: the watcher sees a close.
        for version in standing.values where version.file.inode == writing.closed { version.isOpen = false }
        if let (name, inode) = writing.written, let version = standing[name], version.file.inode == inode {
            version.isOpen = watched.contains(folder(of: name))
        }
    }

    /// The watcher has worked, or does.
    mutating func worked(_ files: [String: StandingFile], now: Moment) -> String? {
        for (path, version) in standing {
            guard let file = files[path] else {
                gone.append(version)
                standing[path] = nil
                continue
            }
            if file != version.file { return "the watcher changed \(path)" }
        }
        for (path, file) in files where standing[path] == nil {
            guard let index = disposed.firstIndex(of: file.content), changedLater.contains(file.content) else {
                return "the watcher made \(path)"
            }
            // What was written to in the archive was not read so, and is put back after an unclean end.
            disposed.remove(at: index)
            let version = Version(path, file, since: now, wasRenamed: true)
            standing[path] = version
            recent.append(version)
        }
        return nil
    }

    /// A producer who still has a file open, or knows it by another name, has written to it where it went.
    mutating func keptChanged(from content: [UInt8], to other: [UInt8]) {
        changedLater.insert(other)
        if let version = gone.first(where: { $0.kept == content }) {
            version.kept = other
        } else if let index = disposed.firstIndex(of: content) {
            disposed[index] = other
        } else if let index = quarantined.firstIndex(of: content) {
            quarantined[index] = other
        }
    }

    /// The watcher was started anew and knows nothing of what it was told.
    mutating func restarted() {
        watched = []
        for version in standing.values { version.isOpen = false }
    }

    // MARK: What is told

    /// The watcher has come to rest, and these are its new records.
    mutating func rested(_ records: [Told], folders: [String], now: Moment) -> String? {
        for record in records {
            if let problem = check(record, now: now) { return problem }
        }
        for version in gone {
            guard version.telling != .untold else { return "\(version.path) is gone, and no record tells of it" }
            if ModelContent.code(of: version.file.content) != nil {
                quarantined.append(version.kept)
            } else if rules.leaves {
                return "\(version.path) is gone, and was to stay"
            } else {
                disposed.append(version.kept)
            }
        }
        gone = []
        recent = Array(standing.values)
        for version in recent { version.wasSeen = true }
        atRest = standing
        if rules.usesEvents { watched = Set(folders + [""]) }
        return nil
    }

    private mutating func check(_ record: Told, now: Moment) -> String? {
        let candidates = recent.filter { $0.path == record.path && digest($0.file.content) == record.sha256 }
        guard !candidates.isEmpty else { return "a record tells of what was not there: \(record)" }
        guard let version = candidates.first(where: { $0.telling != .told }) else {
            return "a second record tells of the same file: \(record)"
        }
        version.telling = .told
        known.insert(Identity(version.path, version.file))
        for later in candidates where later.telling == .untold { later.telling = .perhaps }
        toldCount += 1
        let stood = version.since.elapsed(until: now)
        let least = leastWait(version)
        guard stood >= least else { return "\(record) was taken after \(stood), before it was complete (\(least))" }
        var expected = "published ok"
        if let code = ModelContent.code(of: version.file.content) {
            expected = "quarantined \(code)"
        } else if published.contains(record.sha256), !rules.republishes {
            expected = "duplicate duplicate_content"
        } else {
            published.insert(record.sha256)
        }
        guard "\(record.outcome) \(record.code)" == expected else { return "\(record), and must be \(expected)" }
        let articles = expected == "published ok" ? 1 : 0
        return record.articles == articles ? nil : "\(record) came with \(record.articles) articles"
    }

    private func leastWait(_ version: Version) -> Duration {
        if !rules.usesEvents { return rules.settle }
        if version.isOpen { return rules.openFile }
        return version.wasRenamed ? .zero : rules.quiet
    }

    private func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    // MARK: The end

    /// Nothing was done for longer than any wait: what still stands must be what was to stay.
    func ended() -> String? {
        for (path, version) in standing.sorted(by: { $0.key < $1.key }) {
            if version.telling == .untold { return "no record tells of \(path)" }
            if !rules.leaves { return "\(path) still lies in the drop directory" }
            if ModelContent.code(of: version.file.content) != nil { return "\(path) lies there and was quarantined" }
        }
        return nil
    }
}
