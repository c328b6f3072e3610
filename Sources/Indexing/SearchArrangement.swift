package import Articles

/// How the hits of a search are ordered and put together.
package struct SearchArrangement: Sendable, Equatable {
    /// What stands first.
    package enum Order: String, Sendable, Codable {
        case relevance
        /// The latest first.
        case date
        /// What came into the index last first: a new version comes anew.
        case arrival
    }

    /// How much the age of an article takes from its relevance.
    ///
    /// A score is multiplied by 2^(−age / half-life): an article as old as the half-life counts half, one of twice that age a
    /// quarter. Its age is that of its date, or of its arrival where it has none; a date to come counts as now. Where only
    /// filters are asked for, all score alike, and the latest is first.
    package struct Recency: Sendable, Equatable {
        /// After which an article counts half.
        package var halfLife: Duration
        /// The moment from which ages are counted.
        package var now: Timestamp

        /// Makes one.
        package init(halfLife: Duration, now: Timestamp) {
            self.halfLife = halfLife
            self.now = now
        }

        /// The half-lives that may be asked for.
        package static let halfLives: ClosedRange<Duration> = .seconds(3600) ... .seconds(3650 * 86_400)
    }

    /// What is a hit.
    package enum Collapse: String, Sendable {
        /// Each article.
        case none
        /// Each story: its article that stands first in the order is shown, of those that were found.
        case story
    }

    package var order: Order
    package var collapse: Collapse
    /// Only relevance has it; nil where age does not count.
    package var recency: Recency?

    /// Makes one.
    package init(_ order: Order = .relevance, recency: Recency? = nil, collapse: Collapse = .none) {
        self.order = order
        self.collapse = collapse
        self.recency = recency
    }
}
