import Articles
import Glibc
import Linux

/// Takes a file out of its drop directory after its records are durable: archives, deletes or quarantines it.
///
/// A file is moved first and then compared with what was read; where it differs (it was replaced or appended to after the
/// read) it is moved back. So nothing unread is archived, and nothing unread is deleted.
struct Disposal {
    /// What came of it.
    enum Result {
        case done
        /// It is another file than the one that was read; it lies in the drop directory (again).
        case changed
        /// Nothing lies there any more.
        case gone
    }

    let root: Directory
    let after: DropDirectoryConfiguration.After

    /// The folders of the watcher's own below a drop directory.
    static let archive = RelativePath(".done")
    static let quarantine = RelativePath(".quarantine")
    static let trash = RelativePath(".dropwire")

    /// Disposes of the file of a ledger row.
    ///
    /// - Parameter reason: for a quarantined file, what stands beside it.
    func dispose(_ entry: Ledger.Entry, reason: QuarantineReason? = nil) throws(SystemError) -> Result {
        if entry.outcome == .quarantined {
            let folder = try root.makeDirectory(quarantineFolder(of: entry.path))
            if let reason { try reason.write(to: folder, for: RelativePath(bytes: entry.path.name)) }
            return try move(entry, to: folder)
        }
        switch after {
        case .leave: return .done
        case .archive: return try move(entry, to: root.makeDirectory(archiveFolder(of: entry)))
        case .delete:
            let folder = try root.makeDirectory(Disposal.trash)
            let private_ = RelativePath("\(entry.id)")
            let result = try move(entry, to: folder, as: private_)
            if result == .done { try folder.remove(private_) }
            return result
        }
    }

    /// Repairs what an unclean end left of a row whose file is no longer where it was.
    ///
    /// - Parameter isRead: whether some row of the path has an identity, so that a file in the archive was read.
    /// - Returns: whether a file was put back that had been moved unread.
    func repair(_ entry: Ledger.Entry, isRead: (FileIdentity) throws -> Bool) throws -> Bool {
        let folder: RelativePath
        var names = [RelativePath(bytes: entry.path.name), clashName(entry)]
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

    private func move(_ entry: Ledger.Entry, to folder: Directory, as name: RelativePath? = nil) throws(SystemError)
        -> Result
    {
        // A look before saves the way there and back for most files that changed.
        guard let before = try root.status(of: entry.path) else { return .gone }
        guard FileIdentity(before) == entry.identity else { return .changed }
        var target = name ?? RelativePath(bytes: entry.path.name)
        do {
            try root.rename(entry.path, to: folder, target)
        } catch  where error.code == ENOENT {
            return .gone
        } catch  where error.code == EEXIST {
            target = clashName(entry)
            try root.rename(entry.path, to: folder, target)
        }
        guard let moved = try folder.status(of: target) else { return .gone }
        if FileIdentity(moved) == entry.identity { return .done }
        try putBack(folder, target, entry)
        return .changed
    }

    private func putBack(_ folder: Directory, _ name: RelativePath, _ entry: Ledger.Entry) throws(SystemError) {
        do {
            try folder.rename(name, to: root, entry.path)
        } catch  where error.code == EEXIST {
            let parent = entry.path.parent ?? RelativePath("")
            try folder.rename(name, to: root, parent.appending(clashName(entry).bytes))
        }
    }

    private func archiveFolder(of entry: Ledger.Entry) -> RelativePath {
        let day = Disposal.archive.appending(Timestamp(milliseconds: entry.time).day.utf8)
        return entry.path.parent.map { day.appending($0.bytes) } ?? day
    }

    private func quarantineFolder(of path: RelativePath) -> RelativePath {
        path.parent.map { Disposal.quarantine.appending($0.bytes) } ?? Disposal.quarantine
    }

    /// The name with the row's number, for a name that is taken; shortened where it would be too long.
    private func clashName(_ entry: Ledger.Entry) -> RelativePath {
        let suffix = Array("~\(entry.id)".utf8)
        return RelativePath(bytes: entry.path.name.prefix(Int(NAME_MAX) - suffix.count) + suffix)
    }
}
