import Articles
import Hashing

/// What tells an entry of a feed again when the feed is dropped the next time, as it is each time that somebody polls it.
enum EntryKey {
    /// Formats whose files are polled.
    private static let formats: Set<String> = ["feed", "jsonfeed"]

    /// Returns 16 bytes for an entry as it is now, so that an entry that was changed is another one; nil for articles of
    /// files that nobody polls.
    static func of(_ article: borrowing Article) -> [UInt8]? {
        guard formats.contains(article.ingest.format) else { return nil }
        var digest = SHA256()
        for field in [
            article.source, article.uri, article.version, article.title, article.abstract, article.body,
            article.publishedRaw, article.updated?.description,
        ] {
            digest.update(Array((field ?? "").utf8))
            digest.update([0x1f])
        }
        return Array(digest.finish().prefix(16))
    }
}
