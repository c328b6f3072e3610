import Articles
import Linux
import SQLite
import Telemetry

/// Disposing: what becomes of files whose records are durable, at once, apart, or after an unclean end.
extension IntakeDesk {
    /// Disposals that hold up their directory; the first of them tells whether the others can go on.
    struct Hold {
        var items: [Committed]
        var until: Readiness.Moment
        var failures: Int
    }

    func dispose(_ item: Committed) {
        let directory = item.directory
        let path = item.entry.path
        guard item.entry.state != .left else { return directory.leave(path, row: item.entry.id, now: now) }
        // Without the directory the row says what is left to do when it is back.
        guard let disposal = directory.disposal else { return directory.forget(path, now: now) }
        note(item, Swift.Result { () throws(Trouble) in try disposal.dispose(item.entry, reason: item.reason) })
    }

    /// Begins to dispose of a batch apart.
    func begin(_ items: [Committed]) {
        var jobs: [Disposer.Job] = []
        for item in items {
            guard item.entry.state != .left, let disposal = item.directory.disposal else {
                dispose(item)
                continue
            }
            item.directory.forgetFolders()
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
        for (item, outcome) in zip(items, disposer.finish()) { note(item, outcome) }
        return true
    }

    private func note(_ item: Committed, _ outcome: Disposer.Outcome) {
        let directory = item.directory
        let path = item.entry.path
        switch outcome {
        case .success(let result):
            switch result {
            case .done, .gone: directory.forget(path, now: now)
            // What was read is on the log; what lies there now is read as a file of its own.
            case .changed: directory.settleAgain(path, now: now)
            case .putBack: directory.settleAgain(path, wasPutBack: true, now: now)
            }
            ledger.noteDisposed(item.entry.id)
        case .failure(let trouble):
            // The row says that the records are safe: only this is repeated.
            switch trouble.scope {
            case .file: directory.block(path, reason: "\(trouble)", now: now)
            case .directory:
                directory.giveBack(path, now: now)
                hold(item, trouble)
            case .everything:
                directory.giveBack(path, now: now)
                hold(item, trouble)
                store.pause("\(trouble)", now: now)
            }
        }
    }

    // MARK: Trouble of disposals

    /// Takes nothing more from a directory until the disposal of this file goes through: what would be taken could not be
    /// disposed of either.
    private func hold(_ item: Committed, _ trouble: Trouble) {
        let directory = item.directory
        if directory.hold != nil, holds[directory.id] != nil {
            // Another one of its batch: it may lie under its private name by now, where no scan finds it.
            holds[directory.id]?.items.append(item)
        } else {
            holds[directory.id] = Hold(items: [item], until: now + .milliseconds(500), failures: 1)
        }
        directory.hold(trouble)
    }

    /// When the first disposal that holds up its directory is tried again.
    var nextHold: Readiness.Moment? { holds.values.map(\.until).min() }

    /// Tries the disposals that hold up their directories again, where that is due.
    func retryHolds() {
        for (id, known) in holds where known.until <= now {
            guard let directory = known.items.first?.directory, directory.hold != nil else {
                // The directory itself went meanwhile: when it is back, its files are found with their rows.
                holds[id] = nil
                continue
            }
            retry(known, directory)
        }
    }

    private func retry(_ known: Hold, _ directory: DropDirectory) {
        var rest = known.items[...]
        while let item = rest.first, let disposal = directory.disposal {
            let outcome = Swift.Result { () throws(Trouble) in
                try disposal.dispose(item.entry, reason: item.reason)
            }
            if case .failure(let trouble) = outcome, trouble.scope != .file {
                let failures = rest.count < known.items.count ? 1 : known.failures + 1
                let wait = min(Duration.seconds(10), .milliseconds(250 << min(failures, 6)))
                holds[directory.id] = Hold(items: Array(rest), until: now + wait, failures: failures)
                return directory.hold(trouble)
            }
            rest.removeFirst()
            note(item, outcome)
        }
        holds[directory.id] = nil
        directory.hold(nil)
    }

    /// How long it is not written down that files are disposed of, and of how many, since that costs syncs of their
    /// directories; an unclean end leaves so many to be looked at by the next start.
    private enum FlushLimit {
        static let interval = Duration.seconds(1)
        static let rows = 8192
    }

    /// How long until it is to be written down which files are disposed of.
    var untilFlush: Duration? { ledger.disposed.isEmpty ? nil : max(.zero, nextFlush - now) }

    /// Writes down which files are disposed of, where that is due.
    func flushDisposedIfDue() throws {
        noteDeparted()
        if nextFlush <= now { try flushDisposed() }
    }

    /// Writes down which files are disposed of, also of those that were left and are gone.
    func flushDisposed() throws {
        noteDeparted()
        guard !ledger.disposed.isEmpty else { return }
        nextFlush = now + FlushLimit.interval
        syncDisposals()
        try store.flushDisposed(now: now)
    }

    /// Makes disposals durable where there are many; the next transaction writes them down.
    func syncDisposalsIfMany() {
        if ledger.disposed.count >= FlushLimit.rows { syncDisposals() }
    }

    /// Makes disposals durable; nothing is disposed of apart meanwhile.
    func syncDisposals() {
        collect()
        for directory in directories {
            guard let disposal = directory.disposal else { continue }
            do throws(Trouble) {
                ledger.noteDurable(try disposal.sync())
            } catch {
                // When it is back, its rows are looked at as after an unclean end.
                directory.pause("\(error)", now: now)
            }
        }
    }

    /// Takes in which left files are gone.
    func noteDeparted() { for directory in directories { ledger.noteDurable(directory.takeDeparted()) } }

    /// Repeats what an unclean end left undone: files whose records are committed but which may not be disposed of.
    func repair(_ directory: DropDirectory) throws {
        guard let disposal = directory.disposal else { return }
        try disposal.removeUnfinishedCopies()
        let isHome = try directory.isHome()
        for entry in try ledger.undisposed(directory.id) {
            // A file that still lies there is found by the scan, and its row then says what is left to do.
            let status = try directory.fileStatus(entry.path)
            let isThere = status.map { FileIdentity($0) == entry.identity } ?? false
            if isThere ? entry.outcome != .discarded : !isHome { continue }
            do {
                if try repair(entry, directory, disposal, isThere: isThere) == .putBack {
                    logger.warning(
                        "A file that was moved before it was read was put back.",
                        [.directory: directory.configuration.path, .path: entry.path.description])
                }
                ledger.noteDisposed(entry.id)
            } catch let trouble as Trouble where trouble.scope == .file {
                // Its row stays, and the next start finds it; the others need not wait for that.
                logger.warning(
                    "What an unclean end left of a file cannot be put right for now.",
                    [
                        .directory: directory.configuration.path, .path: entry.path.description,
                        .reason: "\(trouble)",
                    ])
            }
        }
        for path in try disposal.putBackStrays() {
            logger.warning(
                "A file that was on its way out, of which the ledger knows nothing, was put back.",
                [.directory: directory.configuration.path, .path: path.description])
        }
        try closeDeparted(in: directory)
        ledger.noteDurable(try disposal.sync())
        try store.flushDisposed(now: now)
    }

    private func repair(
        _ entry: Ledger.Entry, _ directory: DropDirectory, _ disposal: Disposal, isThere: Bool
    ) throws -> Disposal.Repair {
        let reason = try store.book.reason(of: entry.id)
        if isThere {
            _ = try disposal.dispose(entry, reason: reason)
            return .none
        }
        return try disposal.repair(entry, reason: reason) { try ledger.hasRead(directory.id, entry.path, $0) }
    }
}
