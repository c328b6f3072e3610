import Articles
import Glibc
import Linux

/// Removing what is kept of a file for good, since an article in it is erased.
extension Disposal {
    /// Removes the file of a row, and what belongs to it, from archive and quarantine; known by its name, its size and the
    /// digest of its content, so that nothing else ever goes in its stead.
    ///
    /// - Returns: the paths that are gone.
    func erase(_ entry: Ledger.Entry) throws(SystemError) -> [String] {
        let parent = entry.path.parent ?? RelativePath("")
        var removed: [String] = []
        if let folder = try archive.folderIfThere(archiveFolder(of: entry)),
            let name = try keptName(of: entry, in: folder)
        {
            try folder.remove(name)
            removed.append("\(folder.path)/\(name)")
            // Where the file has a number, what came with it has the same.
            let suffix = name.bytes.dropFirst(entry.path.name.count)
            for place in companionNames.places(of: entry.path) {
                let along = RelativePath(bytes: place.path.name + suffix)
                if try folder.removeIfThere(along) { removed.append("\(folder.path)/\(along)") }
            }
            try folder.sync()
            kept.removed(day: Timestamp(milliseconds: entry.time).day, files: 0, bytes: entry.identity.size)
        }
        if let folder = try quarantine.folderIfThere(parent), let name = try keptName(of: entry, in: folder) {
            try folder.remove(name)
            removed.append("\(folder.path)/\(name)")
            try folder.removeIfThere(QuarantineReason.name(for: name))
            try folder.sync()
            kept.quarantined(-1)
            if let along = try quarantine.folderIfThere(RelativePath(".companions").appending(entry.path.parent)) {
                for place in companionNames.places(of: name) { try along.removeIfThere(place.path) }
                try along.sync()
            }
        }
        return removed
    }

    /// Returns whether the file of a row lies where it was dropped, as it was read.
    func isLeft(_ entry: Ledger.Entry) throws(SystemError) -> Bool {
        guard let parent = entry.path.parent else { return try isIt(entry, entry.path, in: root) }
        do throws(SystemError) { return try isIt(entry, entry.path.lastPart, in: root.directory(parent)) } catch {
            if error.isOfNothing { return false }
            throw error
        }
    }

    private func keptName(of entry: Ledger.Entry, in folder: Directory) throws(SystemError) -> RelativePath? {
        var misses = 0
        for name in KeptNames(of: entry) {
            if try isIt(entry, name, in: folder) { return name }
            // Of its own, the first free one was taken; one or another before it may have gone since.
            if try folder.status(of: name) == nil { misses += 1 }
            if misses > 3 { return nil }
        }
        return nil
    }

    private func isIt(
        _ entry: Ledger.Entry, _ name: RelativePath, in folder: Directory
    ) throws(SystemError) -> Bool {
        guard let status = try folder.status(of: name), status.kind == .regular, status.size == entry.identity.size
        else { return false }
        return try ArchiveCopy.digest(of: folder.open(name)) == entry.sha256
    }
}
