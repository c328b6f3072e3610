import TOML

/// The keys of `[index]` that are the indexer's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Raised to do the work again: a result of a higher generation replaces one of a lower.
    package var generation = 1
    /// After which an article counts half in the order by relevance; zero where age does not count.
    package var recency = Duration.zero

    package init() {}

    private enum CodingKeys: String, CodingKey { case generation, recency }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        generation = try keys.value(.generation, default: generation, in: 1...1_000_000)
        recency = try keys.value(.recency, default: recency) { duration in
            let range = SearchArrangement.Recency.halfLives
            guard duration != .zero, !range.contains(duration) else { return nil }
            let (least, most) = (ConfiguredDuration(range.lowerBound), ConfiguredDuration(range.upperBound))
            return "must be \"0s\", or from \"\(least)\" to \"\(most)\", is \"\(ConfiguredDuration(duration))\""
        }
    }
}
