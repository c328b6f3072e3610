import Articles
import Linux
import SQLite
import Telemetry

/// Disposing: what becomes of files whose records are durable, at once, apart, or after an unclean end.
extension IntakeDesk {
    func dispose(_ item: Committed) {
        let directory = item.directory
        let path = item.entry.path
        guard item.entry.state != .left else { return directory.leave(path, row: item.entry.id, now: now) }
        // Without the directory the row says what is left to do when it is back.
        guard let disposal = directory.disposal else { return directory.forget(path) }
        note(item, Swift.Result { () throws(SystemError) in try disposal.dispose(item.entry, reason: item.reason) })
    }

    /// Begins to dispose of a batch apart.
    func begin(_ items: [Committed]) {
        var jobs: [Disposer.Job] = []
        for item in items {
            guard item.entry.state != .left, let disposal = item.directory.disposal else {
                dispose(item)
                continue
            }
            item.directory.beginDisposal(item.entry.path)
            inFlight.append(item)
            jobs.append(Disposer.Job(disposal: disposal, entry: item.entry, reason: item.reason))
        }
        if !jobs.isEmpty { disposer.begin(jobs) }
    }

    /// Waits for what is disposed of apart; returns whether there was anything.
    @discardableResult
    func collect() -> Bool {
        guard !inFlight.isEmpty else { return false }
        let items = inFlight
        inFlight.removeAll(keepingCapacity: true)
        for (item, outcome) in zip(items, disposer.finish()) {
            note(item, outcome)
            item.directory.endDisposal(item.entry.path, now: now)
        }
        return true
    }

    private func note(_ item: Committed, _ outcome: Disposer.Outcome) {
        let directory = item.directory
        let path = item.entry.path
        switch outcome {
        case .success(let result):
            switch result {
            case .done, .gone: directory.forget(path)
            // What was read is on the log; what lies there now is read as a file of its own.
            case .changed: directory.settleAgain(path, now: now)
            case .putBack: directory.settleAgain(path, wasPutBack: true, now: now)
            }
            disposed.insert(item.entry.id)
        case .failure(let error):
            // The row says that the records are safe: only this is repeated.
            directory.block(path, reason: "\(error)", now: now)
        }
    }

    /// The rows that are disposed of and not written down yet.
    func takeDisposed() -> [Int64] {
        for directory in directories { disposed.formUnion(directory.takeDeparted()) }
        return Array(disposed)
    }

    func flushDisposed() throws {
        let marked = takeDisposed()
        guard !marked.isEmpty else { return }
        guard try withStore({ try connection.transaction { try ledger.markDisposed(marked) } }) else {
            return try ledger.recount()
        }
        disposed.subtract(marked)
    }

    /// Repeats what an unclean end left undone: files whose records are committed but which may not be disposed of.
    func repair(_ directory: DropDirectory) throws {
        guard let root = directory.root, let disposal = directory.disposal else { return }
        for entry in try ledger.undisposed(directory.id) {
            // A file that still lies there is found by the scan, and its row then says what is left to do.
            if let status = try root.status(of: entry.path), FileIdentity(status) == entry.identity { continue }
            if try disposal.repair(entry, isRead: { try ledger.hasRead(directory.id, entry.path, $0) }) {
                logger.warning(
                    "A file that was moved before it was read was put back.",
                    ["directory": directory.configuration.path, "path": entry.path.description])
            }
            disposed.insert(entry.id)
        }
        try ledger.left(directory.id) { entry in
            if try root.status(of: entry.path) == nil { disposed.insert(entry.id) }
        }
        try flushDisposed()
    }
}
