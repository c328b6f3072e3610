import Articles

/// One version of one article, as its publisher sends it.
struct ArticleEvent: Sendable, Equatable {
    /// Parts what is told apart by nothing else.
    let name: String
    let version: Int?
    let status: Article.PubStatus

    var title: String { "Title of \(name)" }

    /// Versions above and below each other, each in the ways of its status; one without a version; and one with the version
    /// of another and other words.
    static let all = [
        ArticleEvent(name: "usable-9", version: 9, status: .usable),
        ArticleEvent(name: "usable-10", version: 10, status: .usable),
        ArticleEvent(name: "withheld-9", version: 9, status: .withheld),
        ArticleEvent(name: "withheld-10", version: 10, status: .withheld),
        ArticleEvent(name: "without", version: nil, status: .usable),
        ArticleEvent(name: "kill", version: 1, status: .canceled),
        ArticleEvent(name: "usable-2", version: 2, status: .usable),
        ArticleEvent(name: "rewritten-9", version: 9, status: .usable),
        ArticleEvent(name: "withheld-without", version: nil, status: .withheld),
    ]

    /// All orders of up to three different events, and of four of the first six.
    static let sequences: [[ArticleEvent]] =
        orders(of: all, lengths: 1...3) + orders(of: Array(all[..<6]), lengths: 4...4)

    /// All orders of different events of some lengths.
    static func orders(of events: [ArticleEvent], lengths: ClosedRange<Int>) -> [[ArticleEvent]] {
        var found: [[ArticleEvent]] = []
        var last: [[ArticleEvent]] = [[]]
        for length in 1...lengths.upperBound {
            last = last.flatMap { sequence in events.filter { !sequence.contains($0) }.map { sequence + [$0] } }
            if lengths.contains(length) { found += last }
        }
        return found
    }
}

extension ArticleEvent {
    /// Its article, of a uri; words that no other record has, so that none is a duplicate.
    func article(of uri: String) -> Article {
        var article = Article(
            source: "wire\(uri)", language: "en",
            ingest: .init(
                path: "a.json", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "ninjs",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        article.uri = uri
        article.version = version.map { "\($0)" }
        article.pubStatus = status
        article.title = title
        article.body = "body\(uri) " + (0..<30).map { "\(name)word\($0)of\(uri)" }.joined(separator: " ")
        article.deriveID()
        return article
    }

    /// Its record.
    func record(of uri: String) -> [UInt8] {
        let article = article(of: uri)
        return KillRecord(article)?.encodeRecord() ?? article.encodeRecord()
    }
}
