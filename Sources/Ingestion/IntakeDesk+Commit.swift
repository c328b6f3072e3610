import Articles
import Formats
import Hashing
import Linux
import Messaging
import SQLite
import Telemetry

/// Committing: the records of a batch, its ledger rows and what was disposed of before, in one transaction.
extension IntakeDesk {
    func commit(_ claims: [Claim]) throws -> [Committed] {
        let marked = takeDisposed()
        let committed = try connection.transaction {
            try ledger.markDisposed(marked)
            let committed = try claims.map { try commit($0) }
            try onPoint?(.beforeCommit)
            return committed
        }
        disposed.subtract(marked)
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
    private func commit(_ claim: Claim) throws -> Committed {
        let configuration = claim.directory.configuration
        var record = FileRecord(
            source: configuration.source, path: claim.path.description, directory: configuration.path,
            outcome: .published, code: .ok, bytes: Int(claim.reading.identity.size), received: claim.reading.received)
        if !claim.path.isUTF8 { record.pathBytes = Hexadecimal.encode(claim.path.bytes) }
        record.sha256 = claim.reading.sha256.map { Hexadecimal.encode($0) }
        var failure: ParseError?
        switch claim.reading.outcome {
        case .failure(let error):
            record.outcome = .quarantined
            record.code = error.code.rawValue
            record.message = error.cause
            failure = error
        case .success(let parsed):
            record.format = parsed.format
            try append(parsed, claim, &record)
            if record.outcome == .quarantined { failure = parsed.failed.first?.error }
        }
        _ = try log.append(
            topic: .file(source: configuration.topicPart, outcome: record.outcome), record: record.encodeRecord())
        var entry = Ledger.Entry(
            id: 0, directory: claim.directory.id, path: claim.path, identity: claim.reading.identity,
            state: configuration.after == .leave && record.outcome != .quarantined ? .left : .committed,
            outcome: record.outcome, code: record.code, message: record.message ?? "",
            time: claim.reading.received.milliseconds, sha256: claim.reading.sha256)
        entry.id = try ledger.insert(
            entry, sha256: claim.reading.sha256, parts: record.articles, firstSeq: record.firstSeq ?? 0)
        return Committed(
            directory: claim.directory, entry: entry, articles: record.articles,
            reason: reason(of: entry, claim.directory, failure))
    }

    private func append(_ parsed: ParsedFile, _ claim: Claim, _ record: inout FileRecord) throws {
        let configuration = claim.directory.configuration
        if let reason = parsed.ignoredReason {
            record.outcome = .ignored
            record.code = reason.rawValue
            return
        }
        if configuration.duplicates == .skip, let digest = claim.reading.sha256,
            let first = try ledger.published(claim.directory.id, sha256: digest)
        {
            record.outcome = .duplicate
            record.code = ReasonCode.duplicateContent.rawValue
            record.duplicateOf = first.path.description
            record.message = "the same content was dropped before as '\(first.path)'"
            return
        }
        // By index: a copy of an article retains and releases some forty fields.
        for index in parsed.articles.indices {
            let topic = Topic.article(
                source: configuration.topic ?? parsed.articles[index].source, language: parsed.articles[index].language)
            let position = try log.append(topic: topic, record: parsed.articles[index].encodeRecord())
            record.firstSeq = record.firstSeq ?? position.seq
            record.lastSeq = position.seq
            record.articleID = record.articleID ?? parsed.articles[index].id
        }
        record.articles = parsed.articles.count
        record.failedParts = parsed.failed.count
        if let first = parsed.failed.first {
            record.outcome = parsed.articles.isEmpty ? .quarantined : .partial
            record.code = first.error.code.rawValue
            record.message = "part \(first.part): \(first.error.cause)"
        }
    }

    func reason(
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
}
