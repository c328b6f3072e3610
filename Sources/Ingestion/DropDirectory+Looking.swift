import Linux
import TOML
import Telemetry

/// What scans and events tell of files.
extension DropDirectory {
    /// Notes that a scan sees a file; returns its stage, nil where it is new.
    func see(_ path: RelativePath) -> FileTable.Stage? { table.see(path) }

    /// Notes something that is no regular file.
    func noteIrregular(_ path: RelativePath, _ what: String) {
        table.remove(path)
        guard !irregular.contains(path) else { return }
        logger.notice(
            "Something that is no regular file is left alone.",
            ["directory": configuration.path, "path": path.description, "kind": what])
    }

    /// Takes in what a scan or an event shows of a file whose name is selected.
    func note(_ path: RelativePath, _ status: FileStatus, _ event: Readiness.Event?, now: Readiness.Moment) {
        if inHand.contains(path) {
            // What lies there may be the old file still; it is looked at when that is done with.
            if let event { postponed[path] = event }
            return
        }
        guard status.size >= configuration.minimumBytes.bytes else { return table.remove(path) }
        guard var file = table[path] else {
            // Only what lay there before the first scan is judged by its age; where another machine's clock may have set
            // the time, nothing is.
            let age = isPolledAlone || isScanned ? 0 : Clocks.wallMilliseconds() - status.changed / 1_000_000
            var readiness = Readiness(status, age: .milliseconds(max(0, age)), now: now)
            if let event { readiness.note(event, status, now: now) }
            return table.put(path, FileTable.File(readiness: readiness), rules: rules, now: now)
        }
        let before = file.readiness
        if let event { file.readiness.note(event, status, now: now) } else { file.readiness.look(status, now: now) }
        guard file.readiness != before else { return }
        if file.readiness.identity != before.identity {
            file.leftRow = nil
            file.blockedUntil = nil
            file.truncatedSince = nil
        }
        table.put(path, file, rules: rules, now: now)
    }

    // MARK: Events

    /// Watches a directory of this drop directory, where it is not watched yet.
    func watch(_ directory: Directory, _ path: RelativePath) {
        guard let events, !events.isMissing, watches[path] == nil else { return }
        watches[path] = events.watch(directory, path, owner: self)
        if watches[path] == nil { isUnwatched = true }
    }

    /// A watch is no longer this path's.
    func lostWatch(_ number: Int32, of path: RelativePath) {
        if watches[path] == number { watches[path] = nil }
        nextScan = .zero
    }

    /// Events were lost: everything is looked at.
    func eventsWereLost(now: Readiness.Moment) {
        nextScan = .zero
        table.updateAll(rules: rules, now: now) { $0.eventsWereLost(now: now) }
    }

    /// Takes in an event that names a file or directory in `directory`.
    func take(_ event: Readiness.Event, of name: RelativePath, in directory: RelativePath, now: Readiness.Moment) {
        guard let root else { return }
        let path = name.below(directory)
        if event == .movedIn, putBack.remove(path) != nil { return }
        guard let status = try? root.status(of: path) else { return }
        if status.kind == .directory, selection.takesDirectory(name, in: directory) { nextScan = .zero }
        guard status.kind == .regular, selection.takesFile(name, in: directory) else { return }
        note(path, status, event, now: now)
    }
}
