import Articles
import Glibc
import Linux

/// Repairing what an unclean end left behind of disposals. Nothing is disposed of meanwhile.
extension Disposal {
    /// What was done about a row.
    enum Repair {
        /// Nothing is left to do, or what is left is done by the scan, which finds the file.
        case none
        /// A file was put back that had been moved unread.
        case putBack
    }

    /// Repairs what is left of a row whose file is no longer where it was; ``sync()`` makes that durable, and what an unclean
    /// end left of it.
    ///
    /// - Parameter isRead: whether some row of the path has an identity, so that a file in the archive was read.
    func repair(
        _ entry: Ledger.Entry, reason: QuarantineReason?, isRead: (FileIdentity) throws -> Bool
    ) throws -> Repair {
        let repaired = try repairPlaces(entry, reason, isRead: isRead)
        unsynced.rows.append(entry.id)
        unsynced.folders.insert(entry.path.parent ?? RelativePath(""))
        return repaired
    }

    private func repairPlaces(
        _ entry: Ledger.Entry, _ reason: QuarantineReason?, isRead: (FileIdentity) throws -> Bool
    ) throws -> Repair {
        if let repaired = try repairPrivate(entry, reason, isRead: isRead) { return repaired }
        // Moved, and perhaps not compared any more.
        let parent = entry.path.parent ?? RelativePath("")
        let place: (keeping: KeepingPlace, folder: RelativePath)
        switch (entry.outcome, after) {
        case (.discarded, _):
            try removeReason(of: entry)
            return .none
        case _ where entry.isQuarantined: place = (quarantine, parent)
        case (_, .archive): place = (archive, archiveFolder(of: entry))
        case (_, .delete):
            try disposeOfCompanions(entry)
            return .none
        case (_, .leave): return .none
        }
        guard let folder = try place.keeping.folderIfThere(place.folder) else { return .none }
        place.keeping.noteChange(in: place.folder)
        guard try folder.status().device == root.status().device else {
            // What was copied to another file system was compared before it went.
            try disposeOfCompanions(entry)
            return .none
        }
        for name in KeptNames(of: entry) {
            // The name that was given is the first that was free.
            guard let status = try folder.status(of: name) else { return .none }
            // A link in the archive no longer tells where it led; nobody else puts one under this name.
            if FileIdentity(status) == entry.identity || status.kind == .symbolicLink {
                if entry.isQuarantined {
                    try quarantineCompanions(of: entry, keptAs: name)
                } else {
                    try disposeOfCompanions(entry)
                }
                return .none
            }
            if try !isRead(FileIdentity(status)) {
                try putBack(folder, name, entry)
                return .putBack
            }
        }
        return .none
    }

    /// Ends what was begun with a file that has its private name; nil where there is none.
    private func repairPrivate(
        _ entry: Ledger.Entry, _ reason: QuarantineReason?, isRead: (FileIdentity) throws -> Bool
    ) throws -> Repair? {
        let name = privateName(of: entry)
        let path = name.below(Disposal.privateNames)
        guard let status = try root.status(of: path) else { return nil }
        let isOwn = FileIdentity(status) == entry.identity || status.kind == .symbolicLink
        if isOwn, after != .leave || entry.isQuarantined {
            _ = try dispose(entry, reason, from: path)
            return Repair.none
        }
        try putBack(openPrivateFolder(), name, entry)
        if isOwn { return Repair.none }
        return try isRead(FileIdentity(status)) ? Repair.none : .putBack
    }

    /// Puts back what has a private name though no row says why, as after the loss of the ledger; returns the names.
    func putBackStrays() throws -> [RelativePath] {
        guard try root.status(of: Disposal.privateNames) != nil else { return [] }
        let folder = try openPrivateFolder()
        var strays: [RelativePath] = []
        for entry in try folder.entries() where entry.kind != .directory {
            if entry.name.bytes.first == UInt8(ascii: ".") {
                // Half-written, and the watcher's own.
                try folder.remove(entry.name)
                continue
            }
            let parts = entry.name.bytes.split(separator: UInt8(ascii: "."), maxSplits: 1)
            let own = RelativePath(bytes: parts.count == 2 ? parts[1] : entry.name.bytes)
            // Without its folder, which the name does not tell.
            let free = try root.status(of: own) == nil ? own : entry.name
            try folder.putBack(entry.name, to: root, free)
            strays.append(free)
        }
        return strays
    }

    /// Removes copies under way that an unclean end left.
    func removeUnfinishedCopies() throws {
        try quarantine.removeUnfinishedCopies()
        if after == .archive { try archive.removeUnfinishedCopies() }
    }
}
