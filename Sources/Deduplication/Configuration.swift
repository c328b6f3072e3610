import TOML

/// The keys of `[deduplicate]` that are the deduplicator's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// The least similarity (Jaccard, of shingles) at which two articles are near duplicates.
    package var threshold = 0.8
    /// How long an article is a candidate for later ones; it bounds memory.
    package var window = Duration.seconds(30 * 86_400)
    /// Raised to do the work again: a result of a higher generation replaces one of a lower.
    package var generation = 1

    package init() {}

    private enum CodingKeys: String, CodingKey { case threshold, window, generation }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        threshold = try keys.value(.threshold, default: threshold, in: 0.1...1)
        window = try keys.value(.window, default: window, in: .seconds(60) ... .seconds(3650 * 86_400))
        generation = try keys.value(.generation, default: generation, in: 1...1_000_000)
    }
}
