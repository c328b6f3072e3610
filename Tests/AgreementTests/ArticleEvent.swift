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

    private static func orders(of events: [ArticleEvent], lengths: ClosedRange<Int>) -> [[ArticleEvent]] {
        var found: [[ArticleEvent]] = []
        var last: [[ArticleEvent]] = [[]]
        for length in 1...lengths.upperBound {
            last = last.flatMap { sequence in events.filter { !sequence.contains($0) }.map { sequence + [$0] } }
            if lengths.contains(length) { found += last }
        }
        return found
    }
}
