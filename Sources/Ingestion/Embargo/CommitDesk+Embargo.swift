import Articles
import Linux
import Messaging
import Telemetry

/// Embargoes: articles that are held when they come, and go to the log when their time has.
extension CommitDesk {
    /// Holds an article where its embargo has not ended; returns false where it goes to the log.
    ///
    /// A held article gives way to a kill, and to a version that is not a lower one, whether that is held or not.
    func hold(_ article: EncodedArticle, of file: inout Subject, _ tally: FileTally) throws -> Bool {
        let until = article.isKill ? nil : article.embargoedUntil?.milliseconds
        let isHeld = file.reader.configuration.embargo == .hold && until.map { $0 > wallClock() } ?? false
        if isHeld, file.entry.id == 0 { file.entry.id = try store.ledger.setProgress(file.entry, tally) }
        if store.held.count > 0, let standing = try store.held.standing(for: article) {
            let order = VersionOrder(of: article.version, to: standing.version)
            guard article.isKill || order != .earlier else {
                if isHeld { try store.held.noteSuperseded(of: file.entry.id, .superseded) }
                return isHeld
            }
            try store.held.remove(standing, article.isKill ? .withdrawn : .superseded)
            if !article.isKill, standing.id != article.id, order == .same {
                logger.warning(
                    "Other content of the same version took the place of a held article.",
                    [
                        .articleID: "\(article.id)", .replaces: "\(standing.id)",
                        .path: file.entry.path.description,
                    ])
            }
            try closeIfDone(standing.file)
        }
        if isHeld, let until { try store.held.hold(article, until: until, file: file.entry.id) }
        return isHeld
    }

    /// Appends the record of a file that was read: the one that closes it, or where articles of it are held the one that
    /// says so, and then keeps the other for later.
    func tell(_ record: FileRecord, _ topicPart: String, _ share: HeldShare, of file: Int64) throws {
        var record = record
        record.superseded = share.superseded > 0 ? share.superseded : nil
        record.releasedEarly = share.early > 0 ? share.early : nil
        guard share.held > 0 else {
            if share.total > 0 { try store.held.forget(file) }
            return try appendFile(record, topicPart)
        }
        var told = record
        told.outcome = .held
        told.code = ReasonCode.embargoed.rawValue
        told.held = share.held
        told.heldUntil = Timestamp(milliseconds: share.until)
        told.message = share.held == 1 ? "an article is held" : "\(share.held) articles are held"
        try appendFile(told, topicPart)
        // What was counted so far is counted again from the file's share.
        record.articles -= share.released
        try store.held.keep(
            HeldTable.Draft(record: record, topicPart: topicPart, heldSeq: store.log.head), of: file)
    }

    private func appendFile(_ record: FileRecord, _ topicPart: String) throws {
        _ = try store.log.append(
            topic: .file(source: topicPart, outcome: record.outcome), record: record.encodeRecord())
    }

    /// Appends the record that closes a file, where nothing of it is held any more and all of it was read.
    func closeIfDone(_ file: Int64) throws {
        guard let draft = try store.held.draft(of: file) else { return }
        let share = try store.held.share(of: file)
        var record = draft.record
        record.articles += share.released
        record.firstSeq = [record.firstSeq, share.firstSeq].compactMap { $0 }.min()
        record.lastSeq = [record.lastSeq, share.lastSeq].compactMap { $0 }.max()
        record.articleID = record.articleID ?? share.articleID
        record.superseded = share.superseded > 0 ? share.superseded : nil
        record.releasedEarly = share.early > 0 ? share.early : nil
        record.heldSeq = draft.heldSeq
        if record.outcome == .published, record.articles == 0 {
            record.outcome = .ignored
            record.code = (share.code ?? .superseded).rawValue
        }
        try appendFile(record, draft.topicPart)
        try store.held.forget(file)
        ended.append(record.outcome)
    }

    // MARK: Release

    /// Puts articles on the log that are due, in the order of their times, a batch of them.
    func releaseDue() throws {
        let now = wallClock()
        var count = 0
        _ = try transaction {
            let due = try store.held.due(at: now, limit: 500)
            for article in due where try release(article, isEarly: false) { count += 1 }
            return []
        }
        countReleased(count)
    }

    /// Puts articles on the log whatever their times say; returns how many there were.
    func release(_ chosen: () throws -> [HeldTable.Due]) throws -> [HeldTable.Due] {
        let now = wallClock()
        var released: [HeldTable.Due] = []
        _ = try transaction {
            released = try chosen().filter { try release($0, isEarly: $0.until > now) }
            return []
        }
        countReleased(released.count)
        return released
    }

    /// Puts a held article on the log; returns false where its time is over, and it goes without that.
    private func release(_ article: HeldTable.Due, isEarly: Bool) throws -> Bool {
        let end = try end(of: article)
        if let end, end.end.time <= wallClock() {
            try expire(article, file: end.file)
            return false
        }
        let seq = try store.log.append(topic: article.topic, record: article.record).seq
        if let end {
            try store.due.note(
                article.id, source: end.source, topic: article.topic, at: seq, file: end.file, end.end)
        }
        try store.held.noteReleased(article, seq: seq, isEarly: isEarly)
        try closeIfDone(article.file)
        return true
    }
}
