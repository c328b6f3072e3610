import Articles
import Linux
import Messaging
import Telemetry

extension IntakeDesk {
    /// Withdraws an article on an operator's word, and publishes that.
    ///
    /// - Returns: the sequence numbers of the kill.
    func kill(source: String, uri: String, note: String?) throws -> ClosedRange<UInt64> {
        var article = Article(
            source: source, language: "und",
            ingest: .init(
                path: "", sha256: "", part: 1, bytes: 0, format: "-", encoding: "-",
                received: Timestamp(milliseconds: wallClock())))
        article.uri = uri
        article.pubStatus = .canceled
        article.editorialNote = note
        article.deriveID()
        // Where a directory names its topics otherwise, its articles have those.
        let topic = directories.lazy.map(\.configuration).first { $0.source == source }?.topic
        let place: ClosedRange<UInt64>
        do {
            place = try commits.kill(EncodedArticle(article, part: 1, topicSource: topic))
        } catch {
            try store.forgetTransaction(now: now)
            throw error
        }
        try showReleased()
        logger.notice(
            "An operator withdrew an article.",
            [.source: source, .articleURI: uri, .seq: "\(place.lowerBound)", .reason: note ?? ""])
        return place
    }
}
