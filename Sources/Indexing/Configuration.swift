import TOML

/// The keys of `[index]` that are the indexer's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Raised to do the work again: a result of a higher generation replaces one of a lower.
    package var generation = 1

    package init() {}

    private enum CodingKeys: String, CodingKey { case generation }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        generation = try keys.value(.generation, default: generation, in: 1...1_000_000)
    }
}
