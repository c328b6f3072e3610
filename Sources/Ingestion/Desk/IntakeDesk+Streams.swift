import Articles
import Formats
import Linux
import Messaging
import SQLite
import Telemetry

/// Streaming: what comes of files that are read piece by piece.
extension IntakeDesk {
    /// Takes in what came of a step.
    func note(_ step: FileStream.Step, of file: StreamedFile) {
        // It may have been let go meanwhile.
        guard streams.files.contains(where: { $0 === file }) else { return }
        let directory = file.claim.directory
        let path = file.claim.path
        switch step {
        case .going: break
        case .hashed(let sha256): file.state = .hashed(sha256)
        case .piece(var piece):
            if piece.isLast { file.state = .ended }
            if let error = piece.endError, error.looksTruncated {
                file.doubtfulEnd = error
                piece.endError = nil
                piece.isLast = false
            }
            // What brings nothing is not worth a transaction.
            if piece.isLast || !piece.isEmpty { file.pieces.append(piece) } else { file.pass(piece) }
        case .changed:
            end(file, .changed("it changed while it was read")) { directory.settleAgain(path, now: now) }
        case .gone:
            end(file, .changed("it went away before all of it was read")) { directory.forget(path, now: now) }
        case .trouble(let trouble):
            streams.remove(file)
            note(trouble, directory, path)
        case .failed(let error):
            if error.looksTruncated, directory.letTruncatedSettle(file.claim.next, now: now) {
                return streams.remove(file)
            }
            if error.code == .checksumMismatch, directory.letMismatchSettle(file.claim.next, now: now) {
                return streams.remove(file)
            }
            file.state = .ended
            file.ending = .failed(error)
        }
    }

    /// Ends a file that is not the one any more that was begun: with a record where some of it is committed, as if
    /// nothing had been where nothing is.
    private func end(_ file: StreamedFile, _ ending: StreamedFile.Ending, _ letGo: () -> Void) {
        let isCommitted = file.subject.entry.id != 0 || file.claim.open != nil
        guard isCommitted else {
            streams.remove(file)
            return letGo()
        }
        if file.subject.entry.id == 0, let open = file.claim.open {
            file.subject.entry = open
        }
        file.state = .ended
        file.ending = ending
    }

    /// Looks up what was hashed; returns whether the store answered.
    func beginStreams() throws -> Bool {
        while let (file, sha256) = streams.nextHashed {
            guard try commit({ try commits.begin(file, sha256: sha256) }) else { return false }
            let records = store.log.takeAppended()
            if !records.isEmpty { publish(records) }
        }
        return true
    }

    /// Commits what was read of files that are read piece by piece; returns whether the store took it.
    func processStreams() throws -> Bool {
        while let file = streams.nextReady {
            guard keepParts(of: file) else { continue }
            if file.pieces.isEmpty, file.ending == nil, endsInDoubt(file) { continue }
            var committed: Committed?
            guard try commit({ committed = try commits.commitPiece(of: file) }) else { return false }
            try onPoint?(.afterCommit)
            publish(store.log.takeAppended())
            try onPoint?(.afterPublish)
            store.checkpoint()
            guard let committed else { continue }
            streams.remove(file)
            file.claim.directory.countTaken(bytes: committed.entry.identity.size, now: now)
            if committed.entry.state == .disposed {
                file.claim.directory.settleAgain(file.claim.path, now: now)
            } else {
                try disposeOf([committed])
            }
        }
        return true
    }

    /// Lets a file settle again that ends as if there should be more, since its copy may be under way; what was committed
    /// of it stays. Returns whether it did; if not, that is its end.
    private func endsInDoubt(_ file: StreamedFile) -> Bool {
        guard let error = file.doubtfulEnd else { return false }
        if file.claim.directory.letTruncatedSettle(file.claim.next, now: now) {
            streams.remove(file)
            return true
        }
        file.ending = .failed(error)
        return false
    }

    // MARK: Failed parts

    /// Keeps the failed parts of files that gave articles; files whose parts cannot be kept are given back.
    func keepParts(of readings: inout [(claim: Claim, reading: Reading)]) {
        var refused: [Int] = []
        for index in readings.indices {
            guard case .success(var content) = readings[index].reading.content, !content.failed.isEmpty,
                !content.articles.isEmpty
            else { continue }
            let claim = readings[index].claim
            do throws(Trouble) {
                try keep(&content.failed, of: claim, time: readings[index].reading.received)
                readings[index].reading.content = .success(content)
            } catch {
                note(error, claim.directory, claim.path)
                refused.append(index)
            }
        }
        for index in refused.reversed() { readings.remove(at: index) }
    }

    /// Likewise for the next piece of a file; returns whether it can be committed.
    private func keepParts(of file: StreamedFile) -> Bool {
        guard let piece = file.pieces.first, !piece.failed.isEmpty else { return true }
        // A file without any article goes to the quarantine whole.
        let isWithout = piece.isLast && piece.articles.isEmpty && file.tally.articles + file.tally.embargoed == 0
        if isWithout { return true }
        do throws(Trouble) {
            try keep(&file.pieces[0].failed, of: file.claim, time: file.stream.received)
            return true
        } catch {
            streams.remove(file)
            note(error, file.claim.directory, file.claim.path)
            return false
        }
    }

    /// Keeps the parts that have bytes of their own, and marks them. What is kept is found and not kept twice by another
    /// try, as after an end before the commit.
    private func keep(_ parts: inout [FailedPiece], of claim: Claim, time: Timestamp) throws(Trouble) {
        let keeper = PartKeeper(root: claim.reader.root, kept: claim.directory.kept)
        for index in parts.indices where !parts[index].isKept {
            let part = parts[index]
            guard let bytes = part.bytes else { continue }
            var reason = QuarantineReason(
                path: "", source: claim.reader.configuration.source, code: part.error.code.rawValue,
                format: part.error.format == "-" ? nil : part.error.format, position: part.error.position?.description,
                message: part.error.cause, hint: part.error.hint, attempts: 1, time: time)
            reason.file = claim.path.description
            reason.part = part.number
            reason.member = part.member
            try keeper.keep(bytes, part: "\(part.number)", of: claim.path, reason: reason)
            parts[index].isKept = true
        }
    }

    // MARK: Files that are not there any more

    /// Closes the rows of files that were read in part at the last end and are not there any more, or are others.
    func closeDeparted(in directory: DropDirectory) throws {
        guard let reader = directory.reader, (try? directory.isHome()) == true else { return }
        var departed: [CommitDesk.Subject] = []
        for entry in try ledger.openFiles(directory.id) {
            let isInHand = streams.files.contains { $0.subject.entry.id == entry.id || $0.claim.open?.id == entry.id }
            if isInHand { continue }
            // Only where it is known: what cannot be looked at may be there.
            do {
                if let status = try directory.fileStatus(entry.path), FileIdentity(status) == entry.identity {
                    continue
                }
            } catch {
                continue
            }
            departed.append(CommitDesk.Subject(directory: directory, reader: reader, entry: entry))
        }
        guard !departed.isEmpty else { return }
        guard try commit({ try commits.closeAbandoned(departed) }) else { return }
        publish(store.log.takeAppended())
    }
}
