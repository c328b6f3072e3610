import Articles
import Glibc
import Linux

/// Takes files out of a drop directory after their records are durable: archives, deletes or quarantines them.
///
/// A file is moved first and then compared with what was read; where it differs (it was replaced or appended to after the
/// read) it is moved back. So nothing unread is archived, and nothing unread is deleted. To another file system a file is
/// copied (``ArchiveCopy``), and then moved to a private name, compared and removed.
final class Disposal {
    /// What came of it.
    enum Result: Equatable {
        case done
        /// It is another file than the one that was read; it lies in the drop directory.
        case changed
        /// Likewise, after it had been moved away and back.
        case putBack
        /// Nothing lies there any more.
        case gone
    }

    let root: Directory
    let after: DropDirectoryConfiguration.After
    let archive: KeepingPlace
    let quarantine: KeepingPlace
    let companionNames: CompanionNames
    let kept: KeptCount
    /// The folder of private names, which files have for a moment on their way out.
    private var privateFolder: Directory?

    /// Rows whose files are disposed of, and folders of the drop directory that these were taken from, until the disk has it.
    var unsynced: (rows: [Int64], folders: Set<RelativePath>) = ([], [])

    /// Files that were moved and could not be compared yet: where they are.
    private var uncompared: [Moved: (folder: Directory, name: RelativePath)] = [:]

    /// A file of a row, or one that belongs to it.
    private struct Moved: Hashable {
        let row: Int64
        let path: RelativePath

        init(_ entry: Ledger.Entry) { (row, path) = (entry.id, entry.path) }
    }

    /// The folders of the watcher's own below a drop directory.
    static let archive = RelativePath(".done")
    static let quarantine = RelativePath(".quarantine")
    static let privateNames = RelativePath(".dropwire")
    /// The folder in the quarantine of what belongs to its files.
    static let companions = RelativePath(".companions")

    init(root: Directory, configuration: DropDirectoryConfiguration, kept: KeptCount) {
        self.root = root
        self.after = configuration.after
        companionNames = CompanionNames(configuration)
        self.kept = kept
        archive = KeepingPlace(
            configuration.archiveDirectory.map { .outside($0, folder: RelativePath(configuration.source)) }
                ?? .folder(Disposal.archive, of: root))
        quarantine = KeepingPlace(.folder(Disposal.quarantine, of: root))
    }

    /// Forgets open folders.
    func forgetFolders() {
        archive.forgetFolders()
        quarantine.forgetFolders()
        privateFolder = nil
    }

    /// Disposes of the file of a ledger row, and of what belongs to it; ``sync()`` makes that durable.
    ///
    /// - Parameter reason: for a quarantined file, what is to stand beside it.
    func dispose(_ entry: Ledger.Entry, reason: QuarantineReason? = nil) throws(Trouble) -> Result {
        let result = try dispose(entry, reason, from: nil)
        unsynced.rows.append(entry.id)
        return result
    }

    /// Disposes of a file.
    ///
    /// - Parameter source: where it lies now, where that is not its own place: a private name.
    func dispose(_ entry: Ledger.Entry, _ reason: QuarantineReason?, from source: RelativePath?) throws(Trouble)
        -> Result
    {
        let source = source ?? entry.path
        // A look before saves the way there and back for most files that changed.
        let before = try Trouble.judge(.take) { () throws(SystemError) in try root.status(of: source) }
        var entry = entry
        if before?.kind == .symbolicLink, entry.outcome != .discarded {
            if source == entry.path, try !leads(entry) { return .changed }
            entry.identity = FileIdentity(before!)
            entry.isLink = true
        }
        guard let before, FileIdentity(before) == entry.identity else {
            let result = before == nil ? Result.gone : .changed
            guard source == entry.path else { return result }
            if let resumed = try resume(entry, reason) { return resumed }
            // Perhaps it went by the last try, which got no further.
            if result == .gone { try disposeOfCompanions(entry) }
            return result
        }
        let result = try disposeAlone(entry, reason, from: source)
        guard result == .done, !entry.isQuarantined else { return result }
        count(entry)
        // Behind the file: should this process end here, its row brings them after it.
        try disposeOfCompanions(entry)
        return .done
    }

    /// Disposes of a file without what belongs to it, except for a quarantined one, whose name tells theirs.
    private func disposeAlone(
        _ entry: Ledger.Entry, _ reason: QuarantineReason?, from source: RelativePath
    ) throws(Trouble) -> Result {
        if entry.isQuarantined { return try quarantine(entry, reason, from: source) }
        switch (entry.outcome, after) {
        case (.discarded, _): return try discard(entry, from: source)
        case (_, .leave): return .done
        case (_, .archive):
            return try move(entry, from: source, to: archive, archiveFolder(of: entry), as: KeptNames(of: entry))
        case (_, .delete): return try remove(entry, from: source)
        }
    }

    /// Goes on where the last try of this process came so far and no further; nil where there was none.
    private func resume(_ entry: Ledger.Entry, _ reason: QuarantineReason?) throws(Trouble) -> Result? {
        let name = privateName(of: entry)
        let isPrivate = try Trouble.judge(.list) { () throws(SystemError) in
            try root.status(of: name.below(Disposal.privateNames)) != nil
        }
        if isPrivate {
            let folder = try Trouble.judge(.list) { () throws(SystemError) in try openPrivateFolder() }
            let result = try compare(entry, folder, name)
            guard result == .done else { return result }
            return try dispose(entry, reason, from: name.below(Disposal.privateNames))
        }
        guard let moved = uncompared[Moved(entry)] else { return nil }
        let result = try compare(entry, moved.folder, moved.name)
        guard result == .done else {
            if entry.isQuarantined { try? moved.folder.remove(QuarantineReason.name(for: moved.name)) }
            return result
        }
        count(entry)
        if entry.isQuarantined {
            try quarantineCompanions(of: entry, keptAs: moved.name)
        } else {
            try disposeOfCompanions(entry)
        }
        return .done
    }

    /// Notes what is kept now.
    private func count(_ entry: Ledger.Entry) {
        if entry.isQuarantined { return kept.quarantined(1) }
        switch (entry.outcome, after) {
        case (.discarded, _): kept.quarantined(-1)
        case (_, .archive):
            _ = archiveFolder(of: entry)
            kept.archived(day: day, bytes: entry.identity.size)
        case (_, .delete), (_, .leave): break
        }
    }

    // MARK: Moving

    private func quarantine(
        _ entry: Ledger.Entry, _ reason: QuarantineReason?, from source: RelativePath
    ) throws(Trouble) -> Result {
        let path = entry.path.parent ?? RelativePath("")
        let (folder, name) = try Trouble.judge(.keep) { () throws(SystemError) in
            let folder = try quarantine.folder(path)
            // No quarantined file has the name of a reason: every reason is the watcher's own word.
            let free = try KeptNames(of: entry).first { name throws(SystemError) in
                QuarantineReason.isName(name) ? false : try folder.status(of: name) == nil
            }
            guard let free else {
                throw SystemError(code: EEXIST, operation: "find a name for '\(entry.path)' in '\(folder.path)'")
            }
            // Written first, so that no file lies there without one.
            var reason = reason?.stored(as: free.below(path))
            reason?.companions = try companions(of: entry).map(\.pattern)
            try reason?.write(to: folder, for: free, by: openPrivateFolder())
            return (folder, free)
        }
        do throws(Trouble) {
            let result = try move(entry, from: source, to: quarantine, path, as: .only(name))
            guard result == .done else {
                try? folder.remove(QuarantineReason.name(for: name))
                return result
            }
            count(entry)
        } catch {
            // It may lie there all the same, and only the look at it failed.
            if uncompared[Moved(entry)] == nil { try? folder.remove(QuarantineReason.name(for: name)) }
            throw error
        }
        try quarantineCompanions(of: entry, keptAs: name)
        return .done
    }

    /// Removes a quarantined file that an operator gave up, and its reason.
    private func discard(_ entry: Ledger.Entry, from source: RelativePath) throws(Trouble) -> Result {
        let result = try remove(entry, from: source)
        guard result == .done || result == .gone else { return result }
        try removeReason(of: entry)
        return result
    }

    /// Removes what stands beside the quarantined file of a row.
    func removeReason(of entry: Ledger.Entry) throws(Trouble) {
        let reason = QuarantineReason.name(for: entry.path).below(entry.path.parent ?? RelativePath(""))
        _ = try Trouble.judge(.keep) { () throws(SystemError) in try root.removeIfThere(reason) }
    }

    /// Moves a file to a place under the first name that is free, and back where it is not the one that was read.
    func move(
        _ entry: Ledger.Entry, from source: RelativePath, to place: KeepingPlace, _ path: RelativePath,
        as names: KeptNames
    ) throws(Trouble) -> Result {
        var isFolderNew = false
        names: for name in names {
            while true {
                let folder = try Trouble.judge(.keep) { () throws(SystemError) in try place.folder(path) }
                do throws(SystemError) {
                    try root.rename(source, to: folder, name)
                } catch {
                    switch error.code {
                    case EEXIST: continue names
                    case EXDEV where entry.isLink:
                        guard try copyLink(source, to: folder, name) else { continue names }
                        return try remove(entry, from: source)
                    case EXDEV: return try copy(entry, from: source, to: place, path, as: names)
                    case ENOENT:
                        // The file is gone, or else the folder is.
                        let there = try Trouble.judge(.take) { () throws(SystemError) in try root.status(of: source) }
                        guard there != nil else { return .gone }
                        guard !isFolderNew else { throw Trouble(error, during: .keep) }
                        place.forget(path)
                        isFolderNew = true
                    default: throw Trouble(error, during: operation(of: error, source, folder))
                    }
                    continue
                }
                unsynced.folders.insert(source.parent ?? RelativePath(""))
                place.noteChange(in: path)
                return try compare(entry, folder, name)
            }
        }
        throw noName(entry)
    }

    /// Compares what was moved with what was read, and puts it back where it is something else.
    private func compare(_ entry: Ledger.Entry, _ folder: Directory, _ name: RelativePath) throws(Trouble) -> Result {
        uncompared[Moved(entry)] = (folder, name)
        // No scan finds it now: what refuses this is the directory's matter.
        let result = try Trouble.judge(.list) { () throws(SystemError) -> Result in
            guard let moved = try folder.status(of: name) else { return .gone }
            if FileIdentity(moved) == entry.identity { return .done }
            try putBack(folder, name, entry)
            return .putBack
        }
        uncompared[Moved(entry)] = nil
        return result
    }

    /// A link leads to the file that was read.
    private func leads(_ entry: Ledger.Entry) throws(Trouble) -> Bool {
        let target = try Trouble.judge(.take) { () throws(SystemError) in try root.statusOfTarget(of: entry.path) }
        return target.map { FileIdentity($0) == entry.identity } ?? false
    }

    /// Makes a link like another one on another file system; false where the name is taken.
    private func copyLink(
        _ source: RelativePath, to folder: Directory, _ name: RelativePath
    ) throws(Trouble) -> Bool {
        try Trouble.judge(.keep) { () throws(SystemError) in
            do throws(SystemError) { try root.copyLink(source, to: folder, name) } catch {
                if error.code == EEXIST { return false }
                throw error
            }
            try folder.sync()
            return true
        }
    }

    private func copy(
        _ entry: Ledger.Entry, from source: RelativePath, to place: KeepingPlace, _ path: RelativePath,
        as names: KeptNames
    ) throws(Trouble) -> Result {
        let copy = ArchiveCopy(entry: entry, root: root, source: source, place: place)
        switch try copy.make(in: path, as: names) {
        case .placed: return try remove(entry, from: source)
        case .changed: return .changed
        case .gone: return .gone
        case .noName: throw noName(entry)
        }
    }

    /// Removes the file, by way of a private name under which it is compared.
    func remove(_ entry: Ledger.Entry, from source: RelativePath) throws(Trouble) -> Result {
        let name = privateName(of: entry)
        let folder = try Trouble.judge(.keep) { () throws(SystemError) in try openPrivateFolder() }
        if source.parent != Disposal.privateNames {
            do throws(SystemError) { try root.rename(source, to: folder, name) } catch {
                // Perhaps the last try got so far and no further; then another one may lie in its place by now.
                guard [ENOENT, EEXIST].contains(error.code) else {
                    throw Trouble(error, during: operation(of: error, source, folder))
                }
                let isPrivate = try Trouble.judge(.list) { () throws(SystemError) in try folder.status(of: name) != nil
                }
                guard isPrivate else { return .gone }
            }
            unsynced.folders.formUnion([source.parent ?? RelativePath(""), Disposal.privateNames])
            let result = try compare(entry, folder, name)
            guard result == .done else { return result }
        }
        // No scan finds it any more: what refuses this is the directory's matter.
        try Trouble.judge(.list) { () throws(SystemError) in try folder.remove(name) }
        return .done
    }

    /// Moves a file from where only the watcher puts files back to its place, or beside it where that is taken.
    func putBack(_ folder: Directory, _ name: RelativePath, _ entry: Ledger.Entry) throws(SystemError) {
        let parent = entry.path.parent ?? RelativePath("")
        for place in KeptNames(of: entry) {
            do { return try folder.putBack(name, to: root, place.below(parent)) } catch  where error.code == EEXIST {}
        }
        throw SystemError(code: EEXIST, operation: "put '\(entry.path)' back")
    }

    /// Which side of a rename refused it: the file's own folder, or where it was to go.
    private func operation(of error: SystemError, _ source: RelativePath, _ folder: Directory) -> Trouble.Operation {
        guard [EACCES, EPERM].contains(error.code) else { return .take }
        if !folder.isWritable { return .keep }
        // What may not be taken from the drop directory itself is no one file's matter.
        return source.parent == nil && !root.isWritable ? .list : .take
    }

    private func noName(_ entry: Ledger.Entry) -> Trouble {
        Trouble(SystemError(code: EEXIST, operation: "find a free name to keep '\(entry.path)' under"), during: .take)
    }

    // MARK: Names

    func openPrivateFolder() throws(SystemError) -> Directory {
        if let privateFolder { return privateFolder }
        let made = try root.makeDirectory(Disposal.privateNames)
        privateFolder = made
        return made
    }

    /// The private name: the row's number for the watcher, the file's own for whoever finds it there.
    func privateName(of entry: Ledger.Entry) -> RelativePath {
        let number = Array("\(entry.id).".utf8)
        return RelativePath(bytes: number + entry.path.name.cut(to: Int(NAME_MAX) - number.count))
    }

    func archiveFolder(of entry: Ledger.Entry) -> RelativePath {
        if dayNumber != entry.time / 86_400_000 {
            dayNumber = entry.time / 86_400_000
            day = Timestamp(milliseconds: entry.time).day
            dayFolder = RelativePath(day)
        }
        return entry.path.parent.map { dayFolder.appending($0.bytes) } ?? dayFolder
    }

    private var dayNumber: Int64 = -1
    private var day = ""
    private var dayFolder = RelativePath("")
}
