import Articles
import Formats
import Glibc
import Hashing
import Linux
import Messaging
import SQLite
import Synchronization
import Telemetry

/// The work of the ``Intake``: one turn looks, reads, commits and disposes. It belongs to the intake's thread.
final class IntakeDesk {
    private enum Limit {
        /// Files and bytes of one transaction.
        static let files = 500
        static let bytes = 8 << 20
    }

    private struct Claim {
        let directory: DropDirectory
        let path: RelativePath
        let reading: FileReader.Reading
    }

    private struct Committed {
        let directory: DropDirectory
        let entry: Ledger.Entry
        let reason: QuarantineReason?
    }

    private let options: Intake.Options
    private let publish: @Sendable ([LogRecord]) -> Void
    private let holdPosition: @Sendable () -> UInt64
    private let connection: Connection
    private let log: ArticleLog
    private let ledger: Ledger
    private let inHand: InHandNote
    private var suspect: InHandNote.Suspect?
    private let quarantine: Quarantine
    private let directories: [DropDirectory]
    private let reader = FileReader(formats: .standard)
    private let start = ContinuousClock.now
    private let logger = Logger(label: "intake")

    /// Rows whose files are disposed of, for the next transaction.
    private var disposed: [Int64] = []
    private var outcomes: [FileOutcome: Int] = [:]
    private var articles = 0
    private var trouble: String?
    private var troubleUntil: Readiness.Moment = .zero
    private var troubles = 0
    private var nextTrim: Readiness.Moment = .zero
    private var batches = 0

    init(
        configuration: Configuration, options: Intake.Options, quarantine: Quarantine,
        holdPosition: @escaping @Sendable () -> UInt64, publish: @escaping @Sendable ([LogRecord]) -> Void
    ) throws {
        self.options = options
        self.quarantine = quarantine
        self.holdPosition = holdPosition
        self.publish = publish
        connection = try Connection(path: options.databasePath)
        try connection.configure(durability: .full)
        log = try ArticleLog(connection: connection)
        let ledger = try Ledger(connection: connection)
        self.ledger = ledger
        inHand = try InHandNote(path: options.statePath + "/in-hand")
        suspect = inHand.suspect
        directories = try configuration.directories.map {
            DropDirectory(configuration: $0, id: try ledger.directory($0.path))
        }
        for directory in directories {
            do {
                try directory.open()
                try repair(directory)
            } catch let error as SystemError {
                directory.pause("\(error)", now: .zero)
            }
        }
    }

    // MARK: The loop's parts

    /// Descriptors that say that something happened.
    var descriptors: [Int32] { directories.compactMap(\.descriptor) }

    private var now: Readiness.Moment { ContinuousClock.now - start }

    /// How long until there is something to do without an event.
    func untilDue() -> Duration {
        let now = now
        if trouble != nil { return max(.zero, troubleUntil - now) }
        var due = Duration.seconds(60)
        for directory in directories {
            due = min(due, directory.untilScan(now: now))
            if let next = directory.ready(now: now, limit: 0).next { due = min(due, next - now) }
        }
        return max(.zero, due)
    }

    /// Looks, and works on one batch; returns whether there was one.
    func work() throws -> Bool {
        for directory in directories {
            directory.takeEvents(now: now)
            directory.scanIfDue(now: now)
        }
        guard trouble == nil || troubleUntil <= now else { return false }
        var claims: [Claim] = []
        var bytes = 0
        var isBusy = false
        for directory in directories {
            for path in directory.ready(now: now, limit: Limit.files - claims.count).paths {
                guard bytes < Limit.bytes else { break }
                isBusy = true
                do throws(SystemError) {
                    guard let claim = try claim(path, in: directory) else { continue }
                    bytes += Int(claim.reading.identity.size)
                    claims.append(claim)
                } catch {
                    directory.pause(error.description, now: now)
                    break
                }
            }
        }
        inHand.putDown()
        guard !claims.isEmpty else { return isBusy && trouble == nil }
        do {
            try checkRoom()
            let committed = try commit(claims)
            publish(log.takeAppended())
            for item in committed { dispose(item) }
            if trouble != nil { logger.notice("Files are taken again.") }
            trouble = nil
            troubles = 0
        } catch let error as SQLiteError where error.isDiskFull || error.isInputOutput || error.isBusy {
            try log.forgetAppended()
            pauseAll("\(error)")
        } catch let error as LogFull {
            pauseAll("\(error)")
        }
        return trouble == nil
    }

    /// What is done when there is nothing else to do.
    func rest() throws {
        if !disposed.isEmpty { try flushDisposed() }
        guard nextTrim <= now else { return }
        nextTrim = now + .seconds(60)
        let end = Clocks.wallMilliseconds() - options.retention.wholeMilliseconds
        while try log.trim(before: end, notPast: holdPosition()) == 1000 {}
    }

    /// Writes down what is done, at the end.
    func finish() throws { try flushDisposed() }

    /// What the intake says of itself.
    func snapshot() -> IntakeSnapshot {
        var snapshot = IntakeSnapshot()
        let now = now
        snapshot.isFirstScanDone = directories.allSatisfy { $0.isScanned || $0.trouble != nil }
        for directory in directories {
            let counts = directory.counts(now: now)
            snapshot.directories.append(
                .init(
                    path: directory.configuration.path, source: directory.configuration.source, waiting: counts.waiting,
                    settling: counts.settling, blocked: counts.blocked, trouble: directory.trouble))
            snapshot.irregular += directory.irregular.count
        }
        snapshot.outcomes = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.key.rawValue, $0.value) })
        snapshot.articles = articles
        snapshot.trouble = trouble
        snapshot.timeMilliseconds = Clocks.wallMilliseconds()
        return snapshot
    }

    // MARK: Claiming

    /// Reads a complete file; nil where there is nothing to commit.
    private func claim(_ path: RelativePath, in directory: DropDirectory) throws(SystemError) -> Claim? {
        guard let file = directory.files[path] else { return nil }
        do {
            if let known = try ledger.current(directory.id, path) {
                if known.identity == file.readiness.identity {
                    settle(known, path, directory)
                    return nil
                }
                // Another file has taken the name since.
                try ledger.markGone(known.id)
            }
        } catch {
            // The look-up fails only where the store does: the commit would, too, and pauses then.
            pauseAll("\(error)")
            return nil
        }
        inHand.take(directory.id, path)
        let isSuspect = suspect == InHandNote.Suspect(directory: directory.id, path: path)
        let result = try reader.read(path, expecting: file.readiness.identity, in: directory) { root in
            isSuspect ? parseApart(root, path) : nil
        }
        if isSuspect { suspect = nil }
        switch result {
        case .read(let reading): return Claim(directory: directory, path: path, reading: reading)
        case .changed: directory.settleAgain(path, now: now)
        case .gone: directory.forget(path)
        case .blocked(let reason): directory.block(path, reason: reason, now: now)
        }
        return nil
    }

    /// A file whose records are committed already: only its disposal is repeated.
    private func settle(_ known: Ledger.Entry, _ path: RelativePath, _ directory: DropDirectory) {
        if known.state == .left || directory.configuration.after == .leave && known.outcome != .quarantined {
            directory.leave(path, row: known.id)
        } else {
            dispose(Committed(directory: directory, entry: known, reason: reason(of: known, directory, nil)))
        }
    }

    /// Parses a file that was in hand at an unclean end in a child: only the child's death is held against it.
    private func parseApart(_ root: Directory, _ path: RelativePath) -> ParseError? {
        guard let parse = options.parseApart, path.isUTF8 else { return nil }
        logger.warning("The file in hand at the last end is parsed apart.", ["path": path.description])
        guard case .killed(let signal) = parse("\(root.path)/\(path)") else { return nil }
        return ParseError(
            code: "parser_crashed", format: "-", message: "the parser died on this file (signal \(signal))",
            hint: "keep the file and report it: no file should do that")
    }

    // MARK: Committing

    /// The log is at its size limit.
    private struct LogFull: Error, CustomStringConvertible {
        let bytes: Int
        let limit: Int
        var description: String {
            "the log has \(bytes) bytes, its max_bytes is \(limit): files stay in their drop directories until there is room"
        }
    }

    private func checkRoom() throws {
        batches += 1
        guard batches % 16 == 1 || trouble != nil else { return }
        let used = try log.usedBytes()
        if used >= options.maximumLogBytes { throw LogFull(bytes: used, limit: options.maximumLogBytes) }
    }

    private func commit(_ claims: [Claim]) throws -> [Committed] {
        let marked = disposed
        let committed = try connection.transaction {
            try ledger.markDisposed(marked)
            return try claims.map { try commit($0) }
        }
        disposed.removeAll(keepingCapacity: true)
        for item in committed {
            outcomes[item.entry.outcome, default: 0] += 1
            if item.entry.outcome == .quarantined {
                logger.warning(
                    "A file was quarantined.",
                    [
                        "directory": item.directory.configuration.path, "path": item.entry.path.description,
                        "code": item.entry.code, "reason": item.entry.message,
                    ])
            }
        }
        return committed
    }

    /// Appends a file's articles and its outcome, and writes its row.
    private func commit(_ claim: Claim) throws -> Committed {
        let configuration = claim.directory.configuration
        var record = FileRecord(
            source: configuration.source, path: claim.path.description, directory: configuration.path,
            outcome: .published, code: "ok", bytes: Int(claim.reading.identity.size), received: claim.reading.received)
        if !claim.path.isUTF8 { record.pathBytes = Hexadecimal.encode(claim.path.bytes) }
        record.sha256 = claim.reading.sha256.map { Hexadecimal.encode($0) }
        var failure: ParseError?
        switch claim.reading.outcome {
        case .failure(let error):
            record.outcome = .quarantined
            record.code = error.code
            record.message = error.cause
            failure = error
        case .success(let parsed):
            record.format = parsed.format
            try append(parsed, claim, &record)
            if record.outcome == .quarantined { failure = parsed.failed.first?.error }
        }
        _ = try log.append(
            topic: .file(source: configuration.source, outcome: record.outcome), record: record.encodeRecord())
        var entry = Ledger.Entry(
            id: 0, directory: claim.directory.id, path: claim.path, identity: claim.reading.identity,
            state: configuration.after == .leave && record.outcome != .quarantined ? .left : .committed,
            outcome: record.outcome, code: record.code, message: record.message ?? "",
            time: claim.reading.received.milliseconds)
        entry.id = try ledger.insert(
            entry, sha256: claim.reading.sha256, parts: record.articles, firstSeq: record.firstSeq ?? 0)
        return Committed(
            directory: claim.directory, entry: entry, reason: reason(of: entry, claim.directory, failure))
    }

    private func append(_ parsed: ParsedFile, _ claim: Claim, _ record: inout FileRecord) throws {
        let configuration = claim.directory.configuration
        if let reason = parsed.ignoredReason {
            record.outcome = .ignored
            record.code = reason
            return
        }
        if configuration.duplicates == .skip, let digest = claim.reading.sha256,
            let first = try ledger.published(claim.directory.id, sha256: digest)
        {
            record.outcome = .duplicate
            record.code = "duplicate_content"
            record.duplicateOf = first.path.description
            record.message = "the same content was dropped before as '\(first.path)'"
            return
        }
        for article in parsed.articles {
            let position = try log.append(
                topic: .article(source: article.source, language: article.language), record: article.encodeRecord())
            record.firstSeq = record.firstSeq ?? position.seq
            record.lastSeq = position.seq
            record.articleID = record.articleID ?? article.id
        }
        record.articles = parsed.articles.count
        record.failedParts = parsed.failed.count
        articles += parsed.articles.count
        if let first = parsed.failed.first {
            record.outcome = parsed.articles.isEmpty ? .quarantined : .partial
            record.code = first.error.code
            record.message = "part \(first.part): \(first.error.cause)"
        }
    }

    private func reason(
        of entry: Ledger.Entry, _ directory: DropDirectory, _ failure: ParseError?
    ) -> QuarantineReason? {
        guard entry.outcome == .quarantined else { return nil }
        return QuarantineReason(
            path: entry.path.description, pathBytes: entry.path.isUTF8 ? nil : Hexadecimal.encode(entry.path.bytes),
            source: directory.configuration.source, code: entry.code, format: failure?.format,
            position: failure?.position?.description, message: entry.message, hint: failure?.hint,
            attempts: quarantine.previousAttempts(directory.configuration.path, entry.path) + 1,
            time: Timestamp(milliseconds: entry.time))
    }

    // MARK: Disposing

    private func dispose(_ item: Committed) {
        let directory = item.directory
        let path = item.entry.path
        guard item.entry.state != .left else { return directory.leave(path, row: item.entry.id) }
        guard let root = directory.root else { return directory.forget(path) }
        do {
            let disposal = Disposal(root: root, after: directory.configuration.after)
            switch try disposal.dispose(item.entry, reason: item.reason) {
            case .done, .gone:
                directory.forget(path)
                disposed.append(item.entry.id)
            case .changed:
                // What was read is on the log; what lies there now is read as a file of its own.
                directory.settleAgain(path, now: now)
                disposed.append(item.entry.id)
            }
        } catch {
            // The row says that the records are safe: only this is repeated.
            directory.block(path, reason: "\(error)", now: now)
        }
    }

    private func flushDisposed() throws {
        guard !disposed.isEmpty else { return }
        let marked = disposed
        do {
            try connection.transaction { try ledger.markDisposed(marked) }
            disposed.removeAll(keepingCapacity: true)
        } catch let error as SQLiteError where error.isDiskFull || error.isInputOutput || error.isBusy {
            pauseAll("\(error)")
        }
    }

    /// Repeats what an unclean end left undone: files whose records are committed but which may not be disposed of.
    private func repair(_ directory: DropDirectory) throws {
        guard let root = directory.root else { return }
        let disposal = Disposal(root: root, after: directory.configuration.after)
        for entry in try ledger.undisposed(directory.id) {
            // A file that still lies there is found by the scan, and its row then says what is left to do.
            if let status = try root.status(of: entry.path), FileIdentity(status) == entry.identity { continue }
            if try disposal.repair(entry, isRead: { try ledger.hasRead(directory.id, entry.path, $0) }) {
                logger.warning(
                    "A file that was moved before it was read was put back.",
                    ["directory": directory.configuration.path, "path": entry.path.description])
            }
            disposed.append(entry.id)
        }
        try flushDisposed()
    }

    // MARK: Trouble

    /// Takes no file for a while: the store is in trouble, which is no fault of the files.
    private func pauseAll(_ reason: String) {
        if trouble != reason { logger.error("No files are taken.", ["reason": reason]) }
        trouble = reason
        troubles += 1
        troubleUntil = now + min(.seconds(5), .milliseconds(200 << min(troubles, 5)))
    }
}
