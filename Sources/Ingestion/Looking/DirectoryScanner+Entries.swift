import Glibc
import Linux

/// What a listing shows, name by name.
extension DirectoryScanner {
    /// Takes in the entry that the innermost listing is at. Most are known and need no look.
    func takeEntry() throws(SystemError) {
        let level = levels.count - 1
        let listing = levels[level].listing
        let folder = levels[level].folder
        let kind = listing.kind
        if kind == .directory { return try takeFolder(listing.name) }
        let key = listing.withName { [key = levels[level].key] in PathKey.file($0, in: key) }
        let finding = drop.table.see(key, in: folder)
        if kind == nil || kind == .regular {
            switch finding {
            // What settles is looked at together; what waits is looked at when its turn comes.
            case .file: if !looksAtAll { return }
            case .left: if !levels[level].isExamination { return }
            case .aside(_, let until): if !looksAtAll, until > now { return }
            case .unknown, .expected: break
            }
        }
        let name = listing.name
        let path = name.below(levels[level].path)
        let isOutside = if case .file = finding { false } else { finding != .unknown }
        guard isOutside || drop.selection.takesFile(name, in: levels[level].path) || kind == nil else {
            // A file that was selected by another configuration.
            if finding != .unknown, !drop.inHand.contains(path) { drop.table.remove(path) }
            return
        }
        var status: FileStatus?
        do throws(SystemError) {
            status = try listing.status()
        } catch  where error.code == ESTALE {
            // Another machine has removed it.
            return
        } catch  where [EIO, EACCES, ELOOP].contains(error.code) {
            // One name that cannot be looked at holds up no other, and what is known of it stays.
            levels[level].irregular += 1
            return drop.sayIrregular(path, key: key, error.description)
        }
        guard let status else { return }
        switch status.kind {
        case .regular:
            guard kind != nil || isOutside || drop.selection.takesFile(name, in: levels[level].path) else { return }
            if !drop.note(path, key: key, in: folder, status, nil, now: now) { levels[level].passedOver += 1 }
        case .directory: try takeFolder(name)
        default:
            guard isOutside || drop.selection.takesFile(name, in: levels[level].path) else { return }
            noteIrregular(path, key, status.kind.rawValue)
        }
    }

    private func noteIrregular(_ path: RelativePath, _ key: UInt64, _ what: String) {
        levels[levels.count - 1].irregular += 1
        drop.noteIrregular(path, key: key, what)
    }

    private func takeFolder(_ name: RelativePath) throws(SystemError) {
        let level = levels.count - 1
        let parent = levels[level]
        guard drop.configuration.isRecursive, parent.depth < drop.configuration.maximumDepth,
            drop.selection.takesDirectory(name, in: parent.path)
        else { return }
        let path = name.below(parent.path)
        if parent.folder != FolderTree.elsewhere, find(path, in: parent.folder) != nil { return }
        // There are too many folders to know them all: it is listed at once, and in every pass.
        levels[level].hasUnknown = true
        do throws(SystemError) {
            let listing = try DirectoryListing(drop.root!.directory(path))
            levels.append(
                Level(
                    listing: listing, folder: FolderTree.elsewhere, path: path, key: PathKey.folder(path),
                    depth: parent.depth + 1, isExamination: true, began: now))
        } catch {
            try fail(FolderTree.elsewhere, error)
        }
    }
}
