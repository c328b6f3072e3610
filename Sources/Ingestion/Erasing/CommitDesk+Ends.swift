import Articles
import FoundationEssentials
import Hashing
import Messaging

/// Articles that have an end: noted when they come to the log.
extension CommitDesk {
    /// Returns whether an article's time was over when it came: then nothing of it is published, and its file is not kept.
    func isOver(_ article: EncodedArticle, of file: Subject) throws -> Bool {
        guard !article.isKill, file.reader.configuration.expires == .erase, let expires = article.expires,
            expires.milliseconds <= wallClock()
        else { return false }
        if let digest = file.entry.sha256 { try store.erased.noteFile(digest, isForEver: false) }
        return true
    }

    /// Notes when an article's time is over that was appended.
    func noteEnd(of article: EncodedArticle, at seq: UInt64, _ file: Subject) throws {
        guard !article.isKill else { return }
        let configuration = file.reader.configuration
        let end = CommitDesk.end(
            configuration.expires == .erase ? article.expires : nil, received: file.entry.time,
            days: configuration.retentionDays)
        guard end != nil || store.due.next != nil else { return }
        try store.due.note(
            article.id, source: article.source, topic: article.topic, at: seq,
            file: file.entry.sha256.map { Hexadecimal.encode($0) } ?? "", end)
    }

    /// When an article's time is over; nil for never.
    ///
    /// - Parameters:
    ///   - received: when it came, milliseconds since 1970.
    ///   - days: how long its drop directory's articles are kept; 0 for ever.
    private static func end(_ expires: Timestamp?, received: Int64, days: Int) -> DueErasures.End? {
        let kept = days > 0 ? DueErasures.End(time: received + Int64(days) * 86_400_000, cause: .retention) : nil
        guard let expires else { return kept }
        if let kept, kept.time < expires.milliseconds { return kept }
        return DueErasures.End(time: expires.milliseconds, cause: .expires)
    }

    // MARK: What was held

    private struct Held: Decodable {
        struct Ingest: Decodable { var sha256: String? }
        var source: String
        var expires: Timestamp?
        var ingest: Ingest
    }

    private static let expires = Array("\"expires\":".utf8)

    /// Returns the end of a held article that is released now; nil where it has none. Its record is read only where it may.
    func end(of article: HeldTable.Due) throws -> (end: DueErasures.End, source: String, file: String)? {
        let (directory, received) = try store.ledger.origin(of: article.file)
        let rules = ends(directory)
        guard rules.days > 0 || rules.expires == .erase && article.record.firstRange(of: CommitDesk.expires) != nil
        else { return nil }
        let held = try JSONDecoder().decode(Held.self, from: Data(article.record))
        let expires = rules.expires == .erase ? held.expires : nil
        return CommitDesk.end(expires, received: received, days: rules.days).map {
            (end: $0, source: held.source, file: held.ingest.sha256 ?? "")
        }
    }

    /// Takes away a held article whose time is over before it was ever published.
    func expire(_ article: HeldTable.Due, file: String) throws {
        if let digest = Hexadecimal.decode(file), digest.count == 32 {
            try store.erased.noteFile(digest, isForEver: false)
        }
        try store.held.remove(
            HeldTable.Standing(row: article.row, id: article.id, version: nil, file: article.file), .expired)
        try closeIfDone(article.file)
    }

    // MARK: What is over

    /// Erases a batch of articles whose time is over, as an entry of the book says.
    func eraseDue(_ due: [DueErasures.Due], _ entry: ErasureEntry, place: ErasureBook.Place) throws {
        var erasure = Erasure(cause: entry.cause, reason: entry.reason, time: entry.time, place: place)
        erasure.hits = try LogScan.hits(
            of: ErasureMatcher(due.map { .article($0.id) }), in: store.connection, at: due.flatMap(\.seqs))
        for article in due {
            erasure.subjects[.article(article.id)] = Erasure.Telling(
                seqs: Set(article.seqs), source: article.source, topics: [article.topic])
            erasure.files.formUnion(article.files.compactMap { Hexadecimal.decode($0) }.filter { $0.count == 32 })
        }
        _ = try erase(erasure)
    }
}
