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
            case .file:
                serve(level)
                if !looksAtAll { return }
            case .left: if !levels[level].isExamination { return }
            case .aside(_, let until): if !looksAtAll, until > now { return }
            case .unknown, .expected: break
            }
        }
        let name = listing.name
        let path = name.below(levels[level].path)
        if kind != .directory, try takeCompanion(name, path, key: key, kind, finding) { return }
        // Files that wait for a marker or a checksum are looked at when that is seen.
        if kind != nil, finding == .unknown, drop.companionNames.isNeeded, levels[level].markers.isEmpty {
            if drop.selection.takesFile(name, in: levels[level].path) { levels[level].unaccompanied += 1 }
            return
        }
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
            for marker in levels[level].markers where marker.status.stands(for: status) {
                levels[level].serving.insert(marker.path)
            }
            let beyond = drop.table.beyond
            if !drop.note(path, key: key, in: folder, status, nil, now: now) {
                levels[level].passedOver += 1
            } else if drop.companionNames.isNeeded, drop.table.find(path, key: key) == .unknown,
                drop.table.beyond == beyond, !drop.inHand.contains(path)
            {
                levels[level].unaccompanied += 1
            }
        case .directory: try takeFolder(name)
        case .symbolicLink where drop.configuration.symbolicLinks == .follow:
            guard isOutside || drop.selection.takesFile(name, in: levels[level].path) else { return }
            try takeLink(path, key)
        default:
            guard isOutside || drop.selection.takesFile(name, in: levels[level].path) else { return }
            noteIrregular(path, key, status.kind.rawValue)
        }
    }

    /// Takes in a link to a file. One that leads nowhere now may do so later, of which no name tells.
    private func takeLink(_ path: RelativePath, _ key: UInt64) throws(SystemError) {
        let level = levels.count - 1
        let target: FileStatus?
        do throws(SystemError) { target = try drop.root!.statusOfTarget(of: path) } catch {
            guard [EACCES, EIO, ENAMETOOLONG].contains(error.code) else { throw error }
            levels[level].passedOver += 1
            return noteIrregular(path, key, error.description)
        }
        guard let target, target.kind == .regular else {
            levels[level].passedOver += 1
            return noteIrregular(
                path, key,
                target.map { "symbolic link to a \($0.kind.rawValue)" } ?? "symbolic link that leads nowhere")
        }
        if !drop.note(path, key: key, in: levels[level].folder, target, nil, now: now) { levels[level].passedOver += 1 }
    }

    // MARK: Companions

    /// Takes in a name that is a companion's; returns whether it is one.
    private func takeCompanion(
        _ name: RelativePath, _ path: RelativePath, key: UInt64, _ kind: FileStatus.Kind?, _ finding: FileTable.Finding
    ) throws(SystemError) -> Bool {
        let level = levels.count - 1
        let role = drop.companionNames.role(of: name)
        guard role != nil || drop.companionNames.isBatchMarker(name) else { return false }
        if kind == nil, try levels[level].listing.status()?.kind == .directory { return false }
        switch finding {
        case .unknown: break
        // One that was left in place, without its file.
        case .left: return true
        case .expected(let identity):
            if let status = drop.companionStatus(path), FileIdentity(status).key == identity {
                drop.table.recognize(key)
                return true
            }
            drop.table.remove(path)
        // It was a file by another configuration.
        case .file, .aside: if !drop.inHand.contains(path) { drop.table.remove(path) }
        }
        if let role { drop.see(role, path, in: levels[level].folder, now: now) }
        return true
    }

    /// A file that is known stands for the markers by which it came to be known.
    private func serve(_ level: Int) {
        guard !levels[level].markers.isEmpty else { return }
        levels[level].serving.formUnion(levels[level].markers.map(\.path))
    }

    /// Ends what no file is left of.
    func endBatches(_ level: Level) {
        for marker in level.markers where !level.serving.contains(marker.path) {
            drop.endBatch(marker.path, marker.status, now: now)
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
                    depth: parent.depth + 1, isExamination: true, began: now, markers: drop.batchMarkers(in: path)))
        } catch {
            try fail(FolderTree.elsewhere, error)
        }
    }
}
