import Articles
import Formats
import Hashing
import Linux
import Messaging
import SQLite
import Telemetry

/// Committing: the records of a batch, its ledger rows and what was disposed of before, in one transaction.
final class CommitDesk {
    private let store: IntakeStore
    private let onPoint: ((IntakePoint) throws -> Void)?
    private let logger = Logger(label: "intake")
    /// Files by outcome, and articles, since the start.
    private(set) var outcomes: [FileOutcome: Int] = [:]
    private(set) var articles = 0

    init(_ store: IntakeStore, onPoint: ((IntakePoint) throws -> Void)?) {
        self.store = store
        self.onPoint = onPoint
    }

    /// Commits files that were read.
    func commit(_ files: [(claim: Claim, reading: Reading)]) throws -> [Committed] {
        let (committed, marked) = try store.connection.transaction {
            let marked = try store.markDisposed()
            let committed = try files.map { try commit($0.claim, $0.reading) }
            try onPoint?(.beforeCommit)
            return (committed, marked)
        }
        store.ledger.disposed.subtract(marked)
        for item in committed {
            articles += item.articles
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
    private func commit(_ claim: Claim, _ reading: Reading) throws -> Committed {
        let configuration = claim.directory.configuration
        var record = FileRecord(
            source: configuration.source, path: claim.path.description, directory: configuration.path,
            outcome: .published, code: .ok, bytes: Int(reading.identity.size), received: reading.received)
        if !claim.path.isUTF8 { record.pathBytes = Hexadecimal.encode(claim.path.bytes) }
        record.sha256 = reading.sha256.map { Hexadecimal.encode($0) }
        record.companions = reading.companions.map(\.path.description)
        var failure: ParseError?
        switch reading.content {
        case .failure(let error):
            record.outcome = .quarantined
            record.code = error.code.rawValue
            record.message = error.cause
            failure = error
        case .success(let content):
            record.format = content.format
            try append(content, claim, reading, &record)
            if record.outcome == .quarantined { failure = content.failed.first?.error }
        }
        _ = try store.log.append(
            topic: .file(source: configuration.topicPart, outcome: record.outcome), record: record.encodeRecord())
        var entry = Ledger.Entry(
            id: 0, directory: claim.directory.id, path: claim.path, identity: reading.identity,
            state: configuration.after == .leave && record.outcome != .quarantined ? .left : .committed,
            outcome: record.outcome, code: record.code, message: record.message ?? "",
            time: reading.received.milliseconds, sha256: reading.sha256,
            companions: reading.companions)
        entry.id = try store.ledger.insert(
            entry, sha256: reading.sha256, key: reading.contentKey, parts: record.articles,
            firstSeq: record.firstSeq ?? 0)
        let attempts = try store.book.takeAttempts(claim.directory.id, claim.path)
        var reason: QuarantineReason?
        if entry.outcome == .quarantined {
            let made = CommitDesk.reason(of: entry, claim.directory, failure, attempts: attempts + 1)
            try store.book.keep(made, of: entry.id)
            reason = made
        }
        return Committed(directory: claim.directory, entry: entry, articles: record.articles, reason: reason)
    }

    private func append(
        _ content: Reading.Content, _ claim: Claim, _ reading: Reading, _ record: inout FileRecord
    ) throws {
        let configuration = claim.directory.configuration
        if let reason = content.ignoredReason {
            record.outcome = .ignored
            record.code = reason.rawValue
            return
        }
        if configuration.duplicates == .skip, let digest = reading.sha256,
            let first = try store.ledger.published(claim.directory.id, sha256: digest, key: reading.contentKey)
        {
            record.outcome = .duplicate
            record.code = ReasonCode.duplicateContent.rawValue
            record.duplicateOf = first.path.description
            record.message = "the same content was dropped before as '\(first.path)'"
            return
        }
        for article in content.articles {
            let position = try store.log.append(topic: article.topic, record: article.record)
            record.firstSeq = record.firstSeq ?? position.seq
            record.lastSeq = position.seq
            record.articleID = record.articleID ?? article.id
        }
        record.articles = content.articles.count
        record.failedParts = content.failed.count
        if let first = content.failed.first {
            record.outcome = content.articles.isEmpty ? .quarantined : .partial
            record.code = first.error.code.rawValue
            record.message = "part \(first.part): \(first.error.cause)"
        }
    }

    /// What is to stand beside a file in the quarantine.
    private static func reason(
        of entry: Ledger.Entry, _ directory: DropDirectory, _ failure: ParseError?, attempts: Int
    ) -> QuarantineReason {
        QuarantineReason(
            path: entry.path.description, pathBytes: entry.path.isUTF8 ? nil : Hexadecimal.encode(entry.path.bytes),
            source: directory.configuration.source, code: entry.code, format: failure?.format,
            position: failure?.position?.description, message: entry.message, hint: failure?.hint,
            attempts: attempts, time: Timestamp(milliseconds: entry.time))
    }

    /// Counts files that an operator gave up.
    func countDiscarded(_ count: Int) { outcomes[.discarded, default: 0] += count }
}
