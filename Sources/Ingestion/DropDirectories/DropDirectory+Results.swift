import Linux
import Telemetry

/// What came of a file that was taken in hand.
extension DropDirectory {
    /// The file was taken or is gone.
    func forget(_ path: RelativePath, now: Readiness.Moment) {
        table.remove(path)
        if early.count > 0 {
            early.remove(path)
            for place in companionNames.places(of: path) { early.remove(place.path) }
        }
        putDown(path, now: now)
    }

    /// The file is not in hand any more: what was seen of its name meanwhile counts now.
    private func putDown(_ path: RelativePath, now: Readiness.Moment) {
        guard inHand.remove(path) != nil else { return }
        guard let event = postponed.removeValue(forKey: path) else { return }
        if event == .movedIn, putBack.remove(path) != nil { return }
        guard let status = regularStatus(path) else { return }
        note(path, key: PathKey.file(path), in: scanner.folder(of: path), status, event, now: now)
    }

    /// It is not to be taken now after all, through no fault of its own.
    func giveBack(_ path: RelativePath, now: Readiness.Moment) { change(path, now: now) { _ in } }

    /// The file settles again; it is another one than was looked at.
    ///
    /// - Parameter wasPutBack: it was moved away and back, so that an event of that rename will come.
    func settleAgain(_ path: RelativePath, wasPutBack: Bool = false, now: Readiness.Moment) {
        if wasPutBack, events?.isMissing == false { putBack.insert(path) }
        guard let status = regularStatus(path) else { return forget(path, now: now) }
        change(path, now: now) { file in
            file.readiness.look(status, now: now)
            file.readiness.settleAgain(now: now)
            file.blockedUntil = nil
        }
    }

    /// Returns whether a file that looks truncated may be a copy under way: for a while it settles again.
    func letTruncatedSettle(_ next: Next, now: Readiness.Moment) -> Bool {
        guard let file = table[next.path] else { return false }
        let since = next.hasOtherSidecars ? now : file.truncatedSince ?? now
        guard now - since < configuration.settleTimePolling else { return false }
        change(next.path, now: now) { file in
            file.truncatedSince = since
            // With what is known of the sidecars: others have a time of their own.
            file.readiness = next.readiness
            file.readiness.settleAgain(now: now)
        }
        return true
    }

    /// Returns whether a file that is not what its checksum says may still become so: once, it settles again.
    func letMismatchSettle(_ next: Next, now: Readiness.Moment) -> Bool {
        guard let file = table[next.path], file.truncatedSince == nil || next.hasOtherSidecars else { return false }
        change(next.path, now: now) { file in
            file.truncatedSince = now
            // With what is known of the checksum: only another one puts an end to the doubt.
            file.readiness = next.readiness
            file.readiness.doubt(now: now)
        }
        return true
    }

    /// The file stays where it is; it is looked at again when it changes.
    func leave(_ path: RelativePath, row: Int64, now: Readiness.Moment) {
        if table.slot(of: path) == nil, let status = regularStatus(path) {
            // A companion whose file never came is no file of the window.
            table.expect(path, FileIdentity(status), row: row, in: scanner.folder(of: path))
            table.recognize(PathKey.file(path))
        }
        table.leave(path, row: row)
        putDown(path, now: now)
    }

    /// The file cannot be taken for now, and is tried again later.
    func block(_ path: RelativePath, reason: String, now: Readiness.Moment) {
        change(path, now: now) { file in
            if file.failures == 0 {
                logger.warning(
                    .fileNotTaken,
                    [
                        .source: configuration.source, .directory: configuration.path, .path: path.description,
                        .reason: reason,
                    ])
            }
            file.failures += 1
            file.blockedUntil = now + min(.seconds(30), .seconds(1 << min(file.failures - 1, 5)))
        }
    }

    /// Returns the rows of left files that are gone or were replaced since the last call.
    func takeDeparted() -> [Int64] { table.takeDeparted() }

    private func change(_ path: RelativePath, now: Readiness.Moment, _ body: (inout FileTable.File) -> Void) {
        if let slot = table.slot(of: path) { table.update(slot, now: now, body) }
        putDown(path, now: now)
    }
}
