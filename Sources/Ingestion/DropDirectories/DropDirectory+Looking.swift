import Linux
import TOML
import Telemetry

/// What listings and events tell of files.
extension DropDirectory {
    /// More names than these are not told one by one when they are no regular files.
    private static let mostNoticed = 1000

    /// Notes something that is no regular file.
    func noteIrregular(_ path: RelativePath, key: UInt64, _ what: String) {
        table.remove(path)
        sayIrregular(path, key: key, what)
    }

    /// Says once of a name why it is left alone.
    func sayIrregular(_ path: RelativePath, key: UInt64, _ what: String) {
        guard noticed.count < DropDirectory.mostNoticed, noticed.insert(key).inserted else { return }
        logger.notice(
            "Something that is no regular file is left alone.",
            [.directory: configuration.path, .path: path.description, .kind: what])
        if noticed.count == DropDirectory.mostNoticed {
            logger.notice(
                "There is much that is no regular file: more of it is counted and not named.",
                [.directory: configuration.path])
        }
    }

    /// Takes in what a listing or an event shows of a file whose name is selected.
    ///
    /// - Returns: whether it is a file to take, now or later; one that is not is looked at again.
    @discardableResult
    func note(
        _ path: RelativePath, key: UInt64, in folder: Int32, _ status: FileStatus, _ event: Readiness.Event?,
        now: Readiness.Moment
    ) -> Bool {
        if !inHand.isEmpty, inHand.contains(path) {
            // What lies there may be the old file still; it is looked at when that is done with.
            if let event { postponed[path] = event }
            return true
        }
        guard status.size >= configuration.minimumBytes.bytes else {
            table.remove(path)
            return false
        }
        let identity = FileIdentity(status)
        var failures = 0
        switch table.find(path, key: key) {
        case .unknown: break
        case .file(let slot):
            // Where another path has the key, this one is found when that is gone.
            if table[slot]?.path == path { look(slot, status, event, now: now) }
            return true
        case .left(identity.key): return true
        case .expected(identity.key):
            table.recognize(key)
            return true
        case .aside(identity.key, let until):
            if until > now { return true }
            failures = table.failuresAside(key)
            table.remove(path)
        case .left, .expected, .aside: table.remove(path)
        }
        var readiness = readiness(status, event, now: now)
        if companionNames.isNeeded {
            do { try lookAtCompanions(of: path, &readiness, now: now) } catch {
                // The next listing brings the file again.
                scanner.renew(folder)
                return true
            }
            // What must come first brings the file with it.
            guard table.settled(readiness, in: folder) != Readiness.never else { return true }
        }
        var file = FileTable.File(path: path, folder: folder, readiness: readiness)
        file.failures = failures
        table.add(file, key: key, now: now)
        return true
    }

    /// Takes in a look at a file of the window.
    func look(_ slot: Int32, _ status: FileStatus, _ event: Readiness.Event? = nil, now: Readiness.Moment) {
        guard let file = table[slot] else { return }
        var readiness = file.readiness
        if let event { readiness.note(event, status, now: now) } else { readiness.look(status, now: now) }
        guard readiness != file.readiness else { return }
        table.update(slot, now: now) { changed in
            changed.readiness = readiness
            guard readiness.identity != file.readiness.identity else { return }
            changed.blockedUntil = nil
            changed.truncatedSince = nil
        }
    }

    /// Begins with a file that was not known.
    private func readiness(_ status: FileStatus, _ event: Readiness.Event?, now: Readiness.Moment) -> Readiness {
        var readiness = unobserved(status, now: now)
        if let event {
            readiness.note(event, status, now: now)
        } else if table.hasLostEvidence {
            readiness.evidenceWasForgotten()
        }
        return readiness
    }

    /// Begins with a file or companion of which nothing is known but a look.
    func unobserved(_ status: FileStatus, now: Readiness.Moment) -> Readiness {
        // By its age, where the clock of this machine has set the time, and where that is not to be doubted.
        let isTimed = events?.isMissing == false && !isRemote
        return Readiness(status, age: isTimed ? lookout.age(ofChange: status.changed, now: now) : .zero, now: now)
    }

    /// Returns what lies at a path: where links are followed, what a link to a regular file leads to.
    func fileStatus(_ path: RelativePath) throws(SystemError) -> FileStatus? {
        guard let root else { return nil }
        let status = try root.status(of: path)
        guard status?.kind == .symbolicLink, configuration.symbolicLinks == .follow else { return status }
        let target = try root.statusOfTarget(of: path)
        return target?.kind == .regular ? target : status
    }

    /// Returns the status of a file that may be taken; nil where something else lies there, or nothing.
    func regularStatus(_ path: RelativePath) -> FileStatus? {
        guard let status = try? fileStatus(path), status.kind == .regular else { return nil }
        return status
    }

    // MARK: Events

    /// A watch is no longer this folder's.
    func lostWatch(of folder: Int32) {
        scanner.lostWatch(folder)
        nextScan = .zero
    }

    /// A folder has another name or place.
    func folderMoved(_ folder: Int32) {
        scanner.renew(folder)
        nextScan = .zero
    }

    /// Events were lost: everything is looked at.
    func eventsWereLost(now: Readiness.Moment) {
        scanner.eventsWereLost()
        nextScan = .zero
        table.updateAll(now: now) { $0.eventsWereLost(now: now) }
    }

    /// Takes in an event that names a file or directory in a folder.
    func take(_ event: Readiness.Event, of name: RelativePath, in folder: Int32, now: Readiness.Moment) {
        guard root != nil else { return }
        let parent = scanner.tree[folder].path
        let path = name.below(parent)
        if event == .movedIn, putBack.remove(path) != nil { return }
        guard let status = try? root?.status(of: path) else {
            // Gone, or it cannot be looked at now.
            if companionNames.role(of: name) != nil { hasSeenCompanion = true }
            return
        }
        switch status.kind {
        case .directory:
            guard configuration.isRecursive, scanner.tree[folder].depth < configuration.maximumDepth,
                selection.takesDirectory(name, in: parent)
            else { return }
            if let found = scanner.find(path, in: folder) { scanner.renew(found) } else { scanner.renew(folder) }
            nextScan = .zero
        case .regular:
            if let role = companionNames.role(of: name) {
                return take(event, of: role, path, status, in: folder, now: now)
            }
            if companionNames.isBatchMarker(name) {
                // Files that it stands for are looked at only now.
                scanner.renew(folder)
                nextScan = .zero
                return
            }
            guard selection.takesFile(name, in: parent) else { return }
            note(path, key: PathKey.file(path), in: folder, status, event, now: now)
        case .symbolicLink:
            // What happened to the link says nothing of the file that it leads to.
            guard selection.takesFile(name, in: parent), let target = regularStatus(path) else { return }
            note(path, key: PathKey.file(path), in: folder, target, nil, now: now)
        default: return
        }
    }
}
