import Articles
import Glibc
import Linux
import Messaging
import SQLite
import Telemetry

/// The ways out of the quarantine: an operator drops files again, or gives them up.
extension IntakeDesk {
    /// Drops files again: each goes back to where it was dropped, and its next try knows how often it was tried before.
    func retry(_ files: [Quarantine.File]) throws -> [QuarantineAnswer] {
        var chosen: [(index: Int, id: Int64)] = []
        var answers = files.map { QuarantineAnswer(name: $0.reason.name, outcome: .missing) }
        for (index, file) in files.enumerated() {
            guard let directory = directory(file.directory) else { continue }
            // What was given up does not come back, though it could not be removed yet.
            if try discardedRow(of: file, directory) == nil { chosen.append((index, directory.id)) }
        }
        // Remembered first: an end between the two leaves the file in quarantine.
        try transaction {
            for (index, id) in chosen {
                try store.book.keepAttempts(files[index].reason.attempts, id, files[index].reason.relativePath)
            }
        }
        for (index, _) in chosen {
            let file = files[index]
            guard let directory = directory(file.directory), let root = directory.root else { continue }
            do {
                guard try dropAgain(file.reason, root) else { continue }
                answers[index].outcome = .done
                directory.kept.quarantined(-1)
                directory.noteRetried(file.reason.relativePath, now: now)
            } catch {
                answers[index].outcome = .failed("\(error)")
            }
        }
        return answers
    }

    /// Moves a file back; false where it is not there any more.
    private func dropAgain(_ reason: QuarantineReason, _ root: Directory) throws -> Bool {
        let stored = reason.storedPath.below(Disposal.quarantine)
        guard try root.status(of: stored)?.isFileOrLink == true, let parent = stored.parent else { return false }
        let folder = try root.directory(parent)
        let path = reason.relativePath
        let target: Directory
        if let parent = path.parent { target = try root.makeDirectory(parent) } else { target = root }
        // What belongs to it first, so that it is there when the file is seen.
        try reason.putBackCompanions(in: root, to: target)
        try folder.putBack(stored.lastPart, to: target, path.lastPart)
        try folder.removeIfThere(QuarantineReason.name(for: stored.lastPart))
        return true
    }

    /// Gives files up: each is recorded as discarded, and then removed with its reason.
    ///
    /// The ledger has a row for each from the moment of its record on: an unclean end leaves either the file as it was, or
    /// its record, and the next start removes the file.
    func discard(_ files: [Quarantine.File]) throws -> [QuarantineAnswer] {
        var answers = files.map { QuarantineAnswer(name: $0.reason.name, outcome: .missing) }
        var chosen: [(index: Int, directory: DropDirectory, identity: FileIdentity)] = []
        var committed: [(index: Int, item: Committed)] = []
        for (index, file) in files.enumerated() {
            guard let directory = directory(file.directory), let root = directory.root else { continue }
            let path = file.reason.storedPath.below(Disposal.quarantine)
            guard let status = try root.status(of: path), status.isFileOrLink else { continue }
            if let entry = try discardedRow(of: file, directory), entry.identity == FileIdentity(status) {
                // It is on the log already; only its removal failed.
                committed.append((index, Committed(directory: directory, entry: entry, articles: 0, reason: nil)))
            } else {
                chosen.append((index, directory, FileIdentity(status)))
            }
        }
        collect()
        let known = committed.count
        try transaction {
            for (index, directory, identity) in chosen {
                committed.append((index, try commitDiscard(files[index].reason, directory, identity)))
            }
        }
        try onPoint?(.afterCommit)
        publish(store.log.takeAppended())
        commits.countDiscarded(committed.count - known)
        for (index, item) in committed {
            try onPoint?(.beforeDispose)
            answers[index].outcome = .done
            do throws(Trouble) {
                _ = try item.directory.disposal?.dispose(item.entry)
                ledger.noteDisposed(item.entry.id)
            } catch {
                // It is discarded; that its file still lies there is put right at the next start.
                logger.warning(
                    "A discarded file could not be removed for now.",
                    [.directory: files[index].directory, .path: files[index].reason.path, .reason: "\(error)"])
            }
        }
        return answers
    }

    private func commitDiscard(
        _ reason: QuarantineReason, _ directory: DropDirectory, _ identity: FileIdentity
    ) throws -> Committed {
        let configuration = directory.configuration
        let now = Timestamp(milliseconds: Clocks.wallMilliseconds())
        var record = FileRecord(
            source: reason.source, path: reason.path, directory: configuration.path, outcome: .discarded,
            code: .discarded, message: "an operator gave it up; it was quarantined as \(reason.code)",
            bytes: Int(identity.size), received: now)
        record.pathBytes = reason.pathBytes
        record.format = reason.format
        _ = try store.log.append(
            topic: .file(source: configuration.topicPart, outcome: .discarded), record: record.encodeRecord())
        var entry = Ledger.Entry(
            id: 0, directory: directory.id, path: reason.storedPath.below(Disposal.quarantine), identity: identity,
            state: .committed, outcome: .discarded, code: record.code, message: record.message ?? "",
            time: now.milliseconds, sha256: nil)
        entry.id = try ledger.insert(entry, sha256: nil, parts: 0, firstSeq: 0)
        return Committed(directory: directory, entry: entry, articles: 0, reason: nil)
    }

    /// The row of a file that was discarded and could not be removed yet; nil where there is none.
    private func discardedRow(of file: Quarantine.File, _ directory: DropDirectory) throws -> Ledger.Entry? {
        try ledger.current(directory.id, file.reason.storedPath.below(Disposal.quarantine))
    }

    private func directory(_ path: String) -> DropDirectory? { directories.first { $0.configuration.path == path } }

    /// One transaction of an operator's; its trouble is told to the operator.
    private func transaction(_ body: () throws -> Void) throws {
        do {
            try store.refresh()
            try store.connection.transaction(body)
        } catch {
            try store.forgetTransaction(now: now)
            throw error
        }
    }
}

/// What became of a quarantined file that an operator named.
package struct QuarantineAnswer: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        case done
        /// It lies in no quarantine (any more).
        case missing
        /// It could not be moved, and why.
        case failed(String)
    }

    package var name: String
    package var outcome: Outcome
}
