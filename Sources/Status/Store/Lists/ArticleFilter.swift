package import Articles

/// Which articles are asked for; nil asks for any.
package struct ArticleFilter: Sendable, Equatable {
    /// What a kind of worker has made of an article.
    package struct Work: Sendable, Equatable {
        /// How it stands.
        package enum State: Sendable, Equatable {
            /// A result as it was reported.
            case reported(ResultRecord.Outcome)
            /// It was given up.
            case dead
            /// Nothing was reported yet.
            case missing
        }
        package var kind: String
        package var state: State

        /// Reads the word for it in the API: `ok`, `failed`, `skipped`, `dead`, `missing`; nil where it is none.
        package init?(kind: String, word: String) {
            self.kind = kind
            switch word {
            case "dead": state = .dead
            case "missing": state = .missing
            default:
                guard let outcome = ResultRecord.Outcome(rawValue: word) else { return nil }
                state = .reported(outcome)
            }
        }
    }

    package var source: String?
    package var language: String?
    /// The time of the commit to the watcher's log: from one on, and before the other.
    package var from: Timestamp?
    package var to: Timestamp?
    /// The publisher's time: from one on, and before the other.
    package var publishedFrom: Timestamp?
    package var publishedTo: Timestamp?
    package var work: Work?
    /// The deduplicator's verdict.
    package var verdict: String?
    /// How it stands to its other versions; none asks for any.
    package var standings: [ArticleStanding] = [.current]
    package var uri: String?
    /// What the path of its file begins with.
    package var path: String?

    /// Asks for all that are shown.
    package init() {}
}
