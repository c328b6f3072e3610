import Articles
import Linux
import Telemetry

/// What lies beside files: markers, checksums and metadata.
extension DropDirectory {
    /// Takes in that a listing shows a companion.
    func see(_ role: CompanionNames.Role, _ path: RelativePath, in folder: Int32, now: Readiness.Moment) {
        hasSeenCompanion = true
        if inHand.contains(path) { return }
        let parent = path.parent ?? RelativePath("")
        let owner = role.owner.below(parent)
        guard selection.takesFile(role.owner, in: parent), !inHand.contains(owner) else { return }
        switch table.find(owner, key: PathKey.file(owner)) {
        case .file(let slot):
            // Its own time begins with its file's; what waits for its turn is looked at when that comes.
            if table[slot]?.stage == .settling { lookAgain(slot, now: now) }
        case .left, .expected, .aside: return
        case .unknown:
            let status = regularStatus(owner)
            if companionNames.isNeeded, let status {
                note(owner, key: PathKey.file(owner), in: folder, status, nil, now: now)
            } else if early[path] != nil || status == nil {
                follow(path, nil, now: now)
            }
        }
    }

    /// Takes in an event of a companion.
    func take(
        _ event: Readiness.Event, of role: CompanionNames.Role, _ path: RelativePath, _ status: FileStatus,
        in folder: Int32, now: Readiness.Moment
    ) {
        hasSeenCompanion = true
        let parent = path.parent ?? RelativePath("")
        guard selection.takesFile(role.owner, in: parent) else { return }
        let owner = role.owner.below(parent)
        let finding = table.find(owner, key: PathKey.file(owner))
        // Kept also where its file is known: that may change its mind about it.
        if early[path] != nil || finding == .unknown { follow(path, (event, status), now: now) }
        // What is in hand is no longer looked at.
        guard !inHand.contains(owner) else { return }
        switch finding {
        case .file(let slot):
            guard var readiness = table[slot]?.readiness else { return }
            guard role.kind != .attached else { return }
            var companion = known(role.kind, path, status, of: readiness, now: now)
            companion.note(event, status, now: now)
            if role.kind == .marker { readiness.look(marker: companion) } else { readiness.look(role.kind, companion) }
            update(slot, readiness, now: now)
        case .unknown:
            guard companionNames.isNeeded, let status = regularStatus(owner) else { return }
            note(owner, key: PathKey.file(owner), in: folder, status, nil, now: now)
        case .left, .expected, .aside: return
        }
    }

    private func lookAgain(_ slot: Int32, now: Readiness.Moment) {
        guard let file = table[slot] else { return }
        var readiness = file.readiness
        // What cannot be looked at now is looked at before the file is taken.
        guard (try? lookAtCompanions(of: file.path, &readiness, now: now)) != nil else { return }
        if table.settled(readiness, in: file.folder) == Readiness.never {
            table.remove(file.path)
        } else if readiness != file.readiness {
            update(slot, readiness, now: now)
        }
    }

    /// Looks for everything that belongs to a file, notes it in its readiness, and returns it.
    ///
    /// - Throws: what refused a look: then nobody knows whether there is something that belongs to the file.
    @discardableResult
    func lookAtCompanions(
        of path: RelativePath, _ readiness: inout Readiness, now: Readiness.Moment
    ) throws(SystemError) -> [Companion] {
        var found: [Companion] = []
        var hasMarker = false
        for place in companionNames.places(of: path) {
            guard let status = try lookAtCompanion(place.path) else {
                if place.kind != .marker { readiness.look(place.kind, nil) }
                continue
            }
            found.append(Companion(place, status))
            if place.kind == .marker {
                hasMarker = true
                readiness.look(marker: known(.marker, place.path, status, of: readiness, now: now))
            } else {
                readiness.look(place.kind, known(place.kind, place.path, status, of: readiness, now: now))
            }
            for attached in companionNames.places(attachedTo: place) {
                if let status = try lookAtCompanion(attached.path) { found.append(Companion(attached, status)) }
            }
        }
        let folder = path.parent ?? RelativePath("")
        for name in companionNames.batchMarkers {
            let place = name.below(folder)
            guard let status = try lookAtCompanion(place),
                status.stands(forChanged: readiness.changed, modified: readiness.identity.modified)
            else { continue }
            hasMarker = true
            readiness.look(marker: known(.marker, place, status, of: readiness, now: now))
            noteServed(place)
        }
        if !hasMarker { readiness.forgetMarker() }
        return found
    }

    /// The readiness of a companion after a look at it.
    private func known(
        _ kind: Companion.Kind, _ path: RelativePath, _ status: FileStatus, of readiness: Readiness,
        now: Readiness.Moment
    ) -> Readiness {
        // It may have lain there for long, seen by nobody.
        let before = kind == .marker ? readiness.marker(status) : readiness.sidecar(kind)
        guard var known = before ?? early[path] else { return unobserved(status, now: now) }
        known.look(status, now: now)
        return known
    }

    /// Follows a companion whose file is not known.
    private func follow(
        _ path: RelativePath, _ event: (kind: Readiness.Event, status: FileStatus)?, now: Readiness.Moment
    ) {
        guard let status = event?.status ?? companionStatus(path) else { return early.remove(path) }
        var readiness = early[path] ?? unobserved(status, now: now)
        if let event { readiness.note(event.kind, status, now: now) } else { readiness.look(status, now: now) }
        early.put(path, readiness)
    }

    // MARK: Markers for all files of a directory

    /// Markers of a folder that a scan has begun with.
    func batchMarkers(in folder: RelativePath) -> [(path: RelativePath, status: FileStatus)] {
        companionNames.batchMarkers.compactMap { name in
            let path = name.below(folder)
            return companionStatus(path).map { (path, $0) }
        }
    }

    private func noteServed(_ path: RelativePath) {
        // Those whose folder went with them are forgotten now and then.
        if servedMarkers.count > 1000 { servedMarkers = servedMarkers.filter { companionStatus($0) != nil } }
        servedMarkers.insert(path)
    }

    /// Ends what a marker stood for, where no file is left that it stands for: it goes as they went. One for which no file
    /// ever came is followed like other companions.
    func endBatch(_ path: RelativePath, _ status: FileStatus, now: Readiness.Moment) {
        guard configuration.after != .leave else { return }
        guard servedMarkers.contains(path) else { return follow(path, nil, now: now) }
        do {
            if try disposal?.removeMarker(path, FileIdentity(status)) == true { servedMarkers.remove(path) }
        } catch {
            logger.warning(
                "A marker whose files are all done cannot be removed for now; it is tried again.",
                [.directory: configuration.path, .path: path.description, .reason: "\(error)"])
        }
    }

    /// A file was dropped again by an operator: that is word enough where others wait for a marker or a checksum.
    func noteRetried(_ path: RelativePath, now: Readiness.Moment) {
        guard companionNames.isNeeded, !inHand.contains(path), let status = regularStatus(path) else { return }
        var readiness = Readiness(status, age: .zero, now: now)
        readiness.note(.movedIn, status, now: now)
        readiness.waive()
        table.remove(path)
        let file = FileTable.File(path: path, folder: scanner.folder(of: path), readiness: readiness)
        table.add(file, key: PathKey.file(path), now: now)
    }

    // MARK: Companions without a file

    /// Returns a companion for whose file the wait is over, as a file that is to be ignored.
    func takeOrphan(now: Readiness.Moment) -> Next? {
        if early.takeHasRoomForMore() {
            scanner.renewAll()
            nextScan = .zero
        }
        while let (path, known) = early.takeDue(after: configuration.openFileWait, now: now) {
            let owner: FileStatus?
            let found: FileStatus?
            let name = path.lastPart
            do {
                found = try lookAtCompanion(path)
                owner = try companionNames.role(of: name).flatMap { role throws(SystemError) in
                    try fileStatus(role.owner.below(path.parent ?? RelativePath("")))
                }
            } catch {
                // Perhaps its file is there; it is asked again after another wait.
                var known = known
                known.settleAgain(now: now)
                early.put(path, known)
                continue
            }
            guard let status = found else { continue }
            var readiness = known
            readiness.look(status, now: now)
            guard readiness == known else {
                // It is still written to.
                early.put(path, readiness)
                continue
            }
            if owner?.kind == .regular { continue }
            if companionNames.isBatchMarker(name), servedMarkers.contains(path) { continue }
            return Next(
                path: path, identity: FileIdentity(status), purpose: .ignore(.orphanCompanion),
                readiness: readiness)
        }
        return nil
    }

    /// Returns the status of a companion, which is never a link; nil where there is none.
    private func lookAtCompanion(_ path: RelativePath) throws(SystemError) -> FileStatus? {
        guard let root, let status = try root.status(of: path), status.kind == .regular else { return nil }
        return status
    }

    /// Likewise, where it is looked at again when it could not be.
    func companionStatus(_ path: RelativePath) -> FileStatus? { try? lookAtCompanion(path) }
}

extension FileStatus {
    /// A marker for the files of a directory stands for one of them: it has not changed since, or its content has not.
    func stands(for file: FileStatus) -> Bool { stands(forChanged: file.changed, modified: file.modified) }

    fileprivate func stands(forChanged changed: Int64, modified: Int64) -> Bool {
        self.changed >= changed || self.modified >= modified
    }
}
