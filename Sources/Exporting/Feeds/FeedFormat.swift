package import Articles

/// The formats in which articles are followed by programs that read feeds.
package enum FeedFormat: String, Sendable, CaseIterable {
    /// RSS 2.0.
    case rss
    /// Atom 1.0.
    case atom
    /// JSON Feed 1.1.
    case json

    /// The type of a document, as HTTP says it.
    package var contentType: String {
        switch self {
        case .rss: "application/rss+xml; charset=utf-8"
        case .atom: "application/atom+xml; charset=utf-8"
        case .json: "application/feed+json"
        }
    }

    /// Returns the document of a feed, with the articles in their order.
    package func document(_ head: FeedHead, _ articles: [Article]) -> [UInt8] {
        var writer: any ArticleWriter =
            switch self {
            case .rss: RSSWriter(head)
            case .atom: AtomWriter(head)
            case .json: FeedWriter(head)
            }
        var bytes = writer.start
        for article in articles { bytes += writer.write(article, record: []) }
        return bytes + writer.end
    }
}
