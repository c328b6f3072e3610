import Articles
import Formats
import Hashing
import Linux
import Messaging
import SQLite
import Telemetry

/// Committing: the records of a batch, its ledger rows and what was disposed of before, in one transaction.
final class CommitDesk {
    let store: IntakeStore
    private let onPoint: ((IntakePoint) throws -> Void)?
    /// Milliseconds since 1970: what embargoes go by.
    let wallClock: () -> Int64
    let logger = Logger(label: "intake")
    /// Files by outcome, and articles, since the start.
    private(set) var outcomes: [FileOutcome: Int] = [:]
    private(set) var articles = 0
    /// What ends the articles of a drop directory: what they say themselves, and after how many days, 0 for never.
    var ends: (Int64) -> (expires: DropDirectoryConfiguration.Expiry, days: Int) = { _ in (.erase, 0) }
    /// How files ended in the open transaction of which articles were held before.
    var ended: [FileOutcome] = []

    init(
        _ store: IntakeStore, onPoint: ((IntakePoint) throws -> Void)?,
        wallClock: @escaping () -> Int64 = Clocks.wallMilliseconds
    ) {
        self.store = store
        self.onPoint = onPoint
        self.wallClock = wallClock
    }

    /// Commits files that were read.
    func commit(_ files: [(claim: Claim, reading: Reading)]) throws -> [Committed] {
        let committed = try transaction { try files.map { try commit($0.claim, $0.reading) } }
        for item in committed { articles += item.articles }
        return committed
    }

    /// Runs a transaction, with what was disposed of before, and counts what was committed.
    func transaction(_ body: () throws -> [Committed]) throws -> [Committed] {
        ended.removeAll(keepingCapacity: true)
        try store.refresh()
        let (committed, marked) = try store.connection.transaction {
            let marked = try store.markDisposed()
            let committed = try body()
            try onPoint?(.beforeCommit)
            return (committed, marked)
        }
        store.ledger.forgetDisposed(marked)
        for outcome in ended { outcomes[outcome, default: 0] += 1 }
        for item in committed {
            if !item.isHeld { outcomes[item.entry.outcome, default: 0] += 1 }
            if item.entry.isQuarantined {
                logger.warning(
                    .fileQuarantined,
                    [
                        .source: item.directory.configuration.source,
                        .directory: item.directory.configuration.path, .path: item.entry.path.description,
                        .code: item.entry.code, .reason: item.entry.message,
                    ])
            }
        }
        return committed
    }

    /// A file whose row is written.
    struct Subject {
        let directory: DropDirectory
        let reader: FileReader
        /// Its row; the id is 0 while it is not in the ledger.
        var entry: Ledger.Entry
        /// What tells its articles again, where that is more than the content.
        var contentKey: [UInt8]?
    }

    /// Appends a file's articles and its outcome, and writes its row.
    private func commit(_ claim: Claim, _ reading: Reading) throws -> Committed {
        let entry = Ledger.Entry(
            id: 0, directory: claim.directory.id, path: claim.path, identity: reading.identity, state: .open,
            outcome: .published, code: ReasonCode.ok.rawValue, message: "", time: reading.received.milliseconds,
            sha256: reading.sha256, companions: reading.companions)
        var file = Subject(
            directory: claim.directory, reader: claim.reader, entry: entry, contentKey: reading.contentKey)
        var tally = FileTally()
        switch reading.content {
        case .failure(let error):
            if let open = claim.open {
                file.entry = open
                file.entry.companions = reading.companions
                tally = try store.ledger.progress(of: open.id)
            }
            return try close(file, tally, Closing(end: error))
        case .success(let content):
            if let open = claim.open {
                var begun = file
                begun.entry = open
                _ = try closeAbandoned(begun, "it is read as a whole now")
            }
            let isNews = content.ignoredReason == nil || !content.articles.isEmpty
            let earlier = isNews ? try earlier(file) : nil
            guard earlier?.outcome != .published else { return try close(file, tally, Closing(duplicateOf: earlier)) }
            let content = try withoutMet(content.selected(try selection(earlier)), file)
            try append(content, of: &file, to: &tally)
            return try close(
                file, tally, Closing(failed: content.failed, end: content.endError, earlier: earlier))
        }
    }

    // MARK: Files that are read piece by piece

    /// Looks up a file that was hashed: how far it was read before, and whether its content is known.
    func begin(_ file: StreamedFile, sha256: [UInt8]) throws {
        var start = FileStream.Start()
        file.subject.entry.sha256 = sha256
        file.subject.contentKey = file.stream.contentKey
        if let open = file.claim.open, open.sha256 == sha256 {
            let companions = file.subject.entry.companions
            file.subject.entry = open
            file.subject.entry.companions = companions
            file.tally = try store.ledger.progress(of: open.id)
            start.partsDone = file.tally.partsDone
            start.failed = file.tally.failed
        } else if let open = file.claim.open {
            var begun = file.subject
            begun.entry = open
            try store.connection.transaction {
                _ = try closeAbandoned(begun, "its content changed after it was read in part")
            }
        }
        file.earlier = try earlier(file.subject)
        if file.earlier?.outcome == .published, file.subject.entry.id == 0 {
            file.ending = .duplicate
            file.state = .ended
            return
        }
        start.selection = try selection(file.earlier)
        file.stream.begin(start)
        file.state = .reading
    }

    /// Commits the next piece of a file; returns the file when that was its last, else nothing.
    func commitPiece(of file: StreamedFile) throws -> Committed? {
        var (subject, tally) = (file.subject, file.tally)
        let piece = try file.pieces.first.map { try withoutMet($0, file.subject) }
        let isLast = piece?.isLast ?? true
        let committed = try transaction {
            if let piece { try append(piece, of: &subject, to: &tally) }
            if isLast { return [try close(subject, tally, closing(of: file, piece))] }
            subject.entry.id = try store.ledger.setProgress(subject.entry, tally)
            try store.ledger.noteFailed(piece?.failed ?? [], of: subject.entry.id)
            return []
        }
        articles += tally.articles - file.tally.articles
        (file.subject, file.tally) = (subject, tally)
        if piece != nil { file.pieces.removeFirst() }
        return committed.first
    }

    private func closing(of file: StreamedFile, _ piece: FileContent?) -> Closing {
        var closing = Closing(failed: piece?.failed ?? [], end: piece?.endError, earlier: file.earlier)
        guard piece == nil else { return closing }
        switch file.ending {
        case .duplicate: closing = Closing(duplicateOf: file.earlier)
        case .changed(let message):
            closing.end = ParseError(code: .changed, format: "-", message: message)
            closing.isGone = true
        case .failed(let error): closing.end = error
        case nil: break
        }
        return closing
    }

    /// Closes rows of files that are not the ones any more that were read in part, or are gone.
    func closeAbandoned(_ files: [Subject]) throws {
        guard !files.isEmpty else { return }
        _ = try transaction {
            try files.map { try closeAbandoned($0, "it changed or went away after it was read in part") }
        }
    }

    private func closeAbandoned(_ file: Subject, _ message: String) throws -> Committed {
        let end = ParseError(code: .changed, format: "-", message: message)
        return try close(file, try store.ledger.progress(of: file.entry.id), Closing(end: end, isGone: true))
    }

    // MARK: Parts and outcome

    /// How a file ends.
    private struct Closing {
        /// Parts that failed and are not written down yet.
        var failed: [FailedPiece] = []
        /// Why nothing more was read, where there should be more.
        var end: ParseError?
        /// What published other parts of the same content.
        var earlier: Ledger.Published?
        /// What published the same content.
        var duplicateOf: Ledger.Published?
        /// What lies there now is another file.
        var isGone = false
    }

    /// Returns what published the same content before.
    private func earlier(_ file: Subject) throws -> Ledger.Published? {
        guard file.reader.configuration.duplicates == .skip, let digest = file.entry.sha256 else { return nil }
        return try store.ledger.published(file.directory.id, sha256: digest, key: file.contentKey)
    }

    /// Returns which parts are still to be published.
    private func selection(_ earlier: Ledger.Published?) throws -> PartSelection {
        guard let earlier, earlier.outcome != .published else { return .all }
        return .rest(
            failed: try store.ledger.unpublishedParts(of: earlier.row, earlier.directory), beyond: earlier.partsDone)
    }

    /// Returns a file's content without failed entries of a feed that were told of before.
    private func withoutMet(_ content: FileContent, _ file: Subject) throws -> FileContent {
        guard file.reader.configuration.duplicates == .skip, content.failed.contains(where: { $0.entryKey != nil })
        else {
            return content
        }
        var rest = content
        rest.failed = try content.failed.filter { part in
            try part.entryKey.map { try !store.ledger.knowsEntry(file.directory.id, $0) } ?? true
        }
        if rest.failed.count < content.failed.count { rest.ignoredReason = rest.ignoredReason ?? .nothingNew }
        return rest
    }

    private func append(_ content: FileContent, of file: inout Subject, to tally: inout FileTally) throws {
        let skipsMet = file.reader.configuration.duplicates == .skip
        let (directory, time) = (file.directory.id, file.entry.time)
        tally.format = content.format
        tally.ignoredReason = tally.ignoredReason ?? content.ignoredReason
        // A feed of which nothing is good goes to quarantine, and is to fail again when it is tried again.
        if skipsMet, content.articles.contains(where: { $0.entryKey != nil }) {
            for case let key? in content.failed.map(\.entryKey) {
                _ = try store.ledger.noteEntry(directory, key, time: time)
            }
        }
        for article in content.articles {
            // Before it is known as an entry that was met: its file is not kept either.
            if try !article.isKill && store.erased.contains(article) {
                tally.ignoredReason = tally.ignoredReason ?? .erased
                if let digest = file.entry.sha256 { try store.erased.noteFile(digest, isForEver: true) }
                continue
            }
            if try isOver(article, of: file) {
                tally.ignoredReason = tally.ignoredReason ?? .expired
                continue
            }
            if skipsMet, let key = article.entryKey, try !store.ledger.noteEntry(directory, key, time: time) {
                tally.ignoredReason = tally.ignoredReason ?? .nothingNew
                continue
            }
            if article.isKill {
                try store.killed.note(article)
            } else if try store.killed.contains(article) {
                tally.ignoredReason = tally.ignoredReason ?? .withdrawn
                continue
            }
            guard try !hold(article, of: &file, tally) else {
                tally.embargoed += 1
                continue
            }
            let place = try place(article)
            tally.add(article, at: place)
            try noteEnd(of: article, at: place.lowerBound, file)
        }
        tally.add(content.failed)
        tally.partsDone = max(tally.partsDone, content.lastPart)
    }

    /// Appends an article, or a kill wherever its article may be followed; returns where.
    private func place(_ article: EncodedArticle) throws -> ClosedRange<UInt64> {
        guard !article.isKill else { return try store.log.append(kill: article.record, topic: article.topic) }
        let seq = try store.log.append(topic: article.topic, record: article.record).seq
        return seq...seq
    }

    /// Appends the record of a file that is done with, and writes its row.
    private func close(_ file: Subject, _ tally: FileTally, _ closing: Closing) throws -> Committed {
        let configuration = file.reader.configuration
        var entry = file.entry
        if let digest = entry.sha256, try store.erased.containsFile(digest) {
            try store.erased.noteFile(digest, isForEver: true)
        }
        var record = FileRecord(
            source: configuration.source, path: entry.path.description, directory: configuration.path,
            outcome: .published, code: .ok, bytes: Int(entry.identity.size),
            received: Timestamp(milliseconds: entry.time))
        if !entry.path.isUTF8 { record.pathBytes = Hexadecimal.encode(entry.path.bytes) }
        record.sha256 = entry.sha256.map { Hexadecimal.encode($0) }
        record.companions = (entry.companions ?? []).map(\.path.description)
        let share = tally.embargoed > 0 ? try store.held.share(of: entry.id) : HeldShare()
        var told = tally
        told.add(share)
        told.describe(end: closing.end, earlier: closing.duplicateOf ?? closing.earlier, in: &record)
        entry.state = state(of: record, tally, closing, configuration)
        if record.outcome == .partial { record.inQuarantine = tally.kept + (entry.state == .keeping ? 1 : 0) }
        try tell(record, configuration.topicPart, share, of: entry.id)

        entry.outcome = record.outcome
        entry.code = record.code
        entry.message = record.message ?? ""
        // Content that gave nothing is known again only where parts of it are kept as files of their own.
        let isContent =
            closing.earlier == nil
            && (tally.articles > 0 || tally.embargoed > 0 || tally.failed > 0 && entry.id != 0)
        entry.id = try write(entry, key: file.contentKey, tally, isContent: isContent)
        try store.ledger.noteFailed(closing.failed, of: entry.id)
        if let earlier = closing.earlier {
            try store.ledger.noteRetry(
                of: earlier.row, by: entry.id, partsDone: tally.partsDone,
                isComplete: tally.failed == 0 && closing.end == nil)
        }
        let attempts = try store.book.takeAttempts(file.directory.id, entry.path)
        var reason: QuarantineReason?
        if entry.isQuarantined {
            let failure = closing.end ?? closing.failed.first?.error
            let made = CommitDesk.reason(of: entry, configuration.source, failure, attempts: attempts + 1)
            try store.book.keep(made, of: entry.id)
            reason = made
        }
        return Committed(
            directory: file.directory, entry: entry, articles: tally.articles, isHeld: share.held > 0, reason: reason)
    }

    private func write(_ entry: Ledger.Entry, key: [UInt8]?, _ tally: FileTally, isContent: Bool) throws -> Int64 {
        let firstSeq = tally.firstSeq ?? 0
        guard entry.id == 0 else {
            try store.ledger.close(entry, key: key, parts: tally.partsDone, firstSeq: firstSeq, isContent: isContent)
            return entry.id
        }
        return try store.ledger.insert(
            entry, sha256: entry.sha256, key: key, parts: tally.partsDone, firstSeq: firstSeq, isContent: isContent)
    }

    /// What is left to do with the file.
    private func state(
        of record: FileRecord, _ tally: FileTally, _ closing: Closing, _ configuration: DropDirectoryConfiguration
    ) -> Ledger.State {
        if closing.isGone { return .disposed }
        guard record.outcome != .quarantined else { return .committed }
        // A file that ends the process is kept out of the way; and nothing unread is ever removed.
        if closing.end?.code == .parserCrashed { return .keeping }
        if configuration.after == .delete, tally.hasLoss || closing.end != nil { return .keeping }
        return configuration.after == .leave ? .left : .committed
    }

    /// What is to stand beside a file in the quarantine.
    private static func reason(
        of entry: Ledger.Entry, _ source: String, _ failure: ParseError?, attempts: Int
    ) -> QuarantineReason {
        QuarantineReason(
            path: entry.path.description, pathBytes: entry.path.isUTF8 ? nil : Hexadecimal.encode(entry.path.bytes),
            source: source, code: entry.code, format: failure?.format, position: failure?.position?.description,
            message: entry.message, hint: failure?.hint, attempts: attempts, time: Timestamp(milliseconds: entry.time))
    }

    /// Counts articles that were held before.
    func countReleased(_ count: Int) { articles += count }

    /// Counts files that an operator gave up.
    func countDiscarded(_ count: Int) { outcomes[.discarded, default: 0] += count }
}
