import TOML

/// The keys of `[summarize]` that are the summarizer's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// The number of sentences of a summary, at most.
    package var sentences = 3
    /// The number of key phrases, at most.
    package var phrases = 8
    /// Raised to do the work again: a result of a higher generation replaces one of a lower.
    package var generation = 1

    package init() {}

    private enum CodingKeys: String, CodingKey { case sentences, phrases, generation }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        sentences = try keys.value(.sentences, default: sentences, in: 1...100)
        phrases = try keys.value(.phrases, default: phrases, in: 0...100)
        generation = try keys.value(.generation, default: generation, in: 1...1_000_000)
    }
}
