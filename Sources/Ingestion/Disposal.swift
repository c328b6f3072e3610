import Articles
import Glibc
import Linux

/// Takes files out of a drop directory after their records are durable: archives, deletes or quarantines them.
///
/// A file is moved first and then compared with what was read; where it differs (it was replaced or appended to after the
/// read) it is moved back. So nothing unread is archived, and nothing unread is deleted.
final class Disposal {
    /// What came of it.
    enum Result {
        case done
        /// It is another file than the one that was read; it lies in the drop directory.
        case changed
        /// Likewise, after it had been moved away and back.
        case putBack
        /// Nothing lies there any more.
        case gone
    }

    private let root: Directory
    private let after: DropDirectoryConfiguration.After
    /// Folders that are in use, open; forgotten at every scan, since somebody may move or remove them.
    private var folders: [RelativePath: Directory] = [:]

    /// The folders of the watcher's own below a drop directory.
    static let archive = RelativePath(".done")
    static let quarantine = RelativePath(".quarantine")
    static let trash = RelativePath(".dropwire")

    init(root: Directory, after: DropDirectoryConfiguration.After) {
        self.root = root
        self.after = after
    }

    /// Forgets open folders.
    func forgetFolders() { folders.removeAll() }

    /// Disposes of the file of a ledger row.
    ///
    /// - Parameter reason: for a quarantined file, what is to stand beside it.
    func dispose(_ entry: Ledger.Entry, reason: QuarantineReason? = nil) throws(SystemError) -> Result {
        // A look before saves the way there and back for most files that changed.
        guard let before = try root.status(of: entry.path) else { return .gone }
        guard FileIdentity(before) == entry.identity else { return .changed }
        if entry.outcome == .quarantined { return try quarantine(entry, reason) }
        switch after {
        case .leave: return .done
        case .archive:
            return try move(entry, to: archiveFolder(of: entry), as: [entry.path.lastPart, clashName(entry)]).result
        case .delete:
            let (result, folder, name) = try move(entry, to: Disposal.trash, as: [RelativePath("\(entry.id)")])
            if result == .done { try folder.remove(name) }
            return result
        }
    }

    /// Repairs what an unclean end left of a row whose file is no longer where it was.
    ///
    /// - Parameter isRead: whether some row of the path has an identity, so that a file in the archive was read.
    /// - Returns: whether a file was put back that had been moved unread.
    func repair(_ entry: Ledger.Entry, isRead: (FileIdentity) throws -> Bool) throws -> Bool {
        let folder: RelativePath
        var names = [entry.path.lastPart, clashName(entry)]
        switch (entry.outcome, after) {
        case (.quarantined, _): folder = quarantineFolder(of: entry.path)
        case (_, .archive): folder = archiveFolder(of: entry)
        case (_, .delete):
            folder = Disposal.trash
            names = [RelativePath("\(entry.id)")]
        case (_, .leave): return false
        }
        guard try root.status(of: folder) != nil else { return false }
        let directory = try root.directory(folder)
        for name in names {
            guard let status = try directory.status(of: name) else { continue }
            if FileIdentity(status) == entry.identity {
                if after == .delete, entry.outcome != .quarantined { try directory.remove(name) }
                return false
            }
            if try !isRead(FileIdentity(status)) {
                try putBack(directory, name, entry)
                return true
            }
        }
        return false
    }

    // MARK: Moving

    private func quarantine(_ entry: Ledger.Entry, _ reason: QuarantineReason?) throws(SystemError) -> Result {
        let path = quarantineFolder(of: entry.path)
        let folder = try folder(path)
        // No quarantined file has the name of a reason: every reason is the watcher's own word.
        var name = entry.path.lastPart
        let isTaken = try folder.status(of: name) != nil
        if isTaken || QuarantineReason.isName(name) { name = clashName(entry) }
        // Written first, so that no file lies there without one.
        if var reason {
            let stored = name.below(entry.path.parent ?? RelativePath(""))
            reason.storedAs(stored)
            try reason.write(to: folder, for: name)
        }
        let (result, _, _) = try move(entry, to: path, as: [name])
        if result != .done { try? folder.remove(QuarantineReason.name(for: name)) }
        return result
    }

    /// Moves a file under the first name that is free, and back where it is not the one that was read.
    private func move(
        _ entry: Ledger.Entry, to path: RelativePath, as names: [RelativePath]
    ) throws(SystemError) -> (result: Result, folder: Directory, name: RelativePath) {
        var folder = try folder(path)
        var remaining = names[...]
        var isFolderNew = false
        while let name = remaining.first {
            do {
                try root.rename(entry.path, to: folder, name)
            } catch  where error.code == EEXIST && remaining.count > 1 {
                remaining.removeFirst()
                continue
            } catch  where error.code == ENOENT {
                // The file is gone, or else the folder is.
                guard try root.status(of: entry.path) != nil else { return (.gone, folder, name) }
                guard !isFolderNew else { throw error }
                folders[path] = nil
                folder = try self.folder(path)
                isFolderNew = true
                continue
            }
            guard let moved = try folder.status(of: name) else { return (.gone, folder, name) }
            if FileIdentity(moved) == entry.identity { return (.done, folder, name) }
            try putBack(folder, name, entry)
            return (.putBack, folder, name)
        }
        throw SystemError(code: EEXIST, operation: "rename '\(entry.path)'")
    }

    private func putBack(_ folder: Directory, _ name: RelativePath, _ entry: Ledger.Entry) throws(SystemError) {
        do {
            try folder.rename(name, to: root, entry.path)
        } catch  where error.code == EEXIST {
            try folder.rename(name, to: root, clashName(entry).below(entry.path.parent ?? RelativePath("")))
        }
    }

    // MARK: Names

    private func folder(_ path: RelativePath) throws(SystemError) -> Directory {
        if let open = folders[path] { return open }
        // A bound on open files; what is used again is opened again.
        if folders.count >= 32 { folders.removeAll() }
        let made = try root.makeDirectory(path)
        folders[path] = made
        return made
    }

    private func archiveFolder(of entry: Ledger.Entry) -> RelativePath {
        if dayNumber != entry.time / 86_400_000 {
            dayNumber = entry.time / 86_400_000
            day = Disposal.archive.appending(Timestamp(milliseconds: entry.time).day.utf8)
        }
        return entry.path.parent.map { day.appending($0.bytes) } ?? day
    }

    private var dayNumber: Int64 = -1
    private var day = RelativePath("")

    private func quarantineFolder(of path: RelativePath) -> RelativePath {
        path.parent.map { Disposal.quarantine.appending($0.bytes) } ?? Disposal.quarantine
    }

    /// The name with the row's number, for a name that is taken; cut between characters where it would be too long.
    private func clashName(_ entry: Ledger.Entry) -> RelativePath {
        let suffix = Array("~\(entry.id)".utf8)
        return RelativePath(bytes: entry.path.name.cut(to: Int(NAME_MAX) - suffix.count) + suffix)
    }
}

extension RelativePath {
    /// The last part as a path of its own.
    var lastPart: RelativePath { RelativePath(bytes: name) }
}

extension ArraySlice<UInt8> {
    /// The first bytes, at most `limit`, without a UTF-8 character that is cut in two.
    func cut(to limit: Int) -> ArraySlice<UInt8> {
        guard count > limit else { return self }
        var end = startIndex + limit
        while end > startIndex, self[end] & 0xc0 == 0x80 { end -= 1 }
        return end > startIndex ? self[..<end] : prefix(limit)
    }
}
