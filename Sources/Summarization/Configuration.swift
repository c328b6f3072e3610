import TOML

/// The keys of `[summarize]` that are the summarizer's own.
package struct Configuration: Decodable, Sendable, Equatable {
    /// Which summary an article gets that brings one itself.
    package enum AbstractUse: String, Decodable, Sendable, CaseIterable {
        /// The extract; the abstract stands beside it.
        case beside
        /// The abstract, within the budget.
        case summary
    }

    /// Who writes the summaries.
    package enum Backend: String, Decodable, Sendable, CaseIterable {
        /// Sentences are chosen from the article: deterministic, without a network.
        case extract
        /// A language model behind an OpenAI-compatible endpoint; an extract where it does not answer.
        case openai
    }

    /// The number of sentences of a summary, at most: 3, or 100 where words or characters are limited.
    package var sentences = Budget.standardSentences
    /// The words of a summary, at most; 0 for no limit.
    package var words = 0
    /// The characters of a summary, at most; 0 for no limit.
    package var characters = 0
    /// The number of key phrases, and that of names, at most.
    package var phrases = 8
    /// Whether an article's own abstract is its summary.
    package var abstract = AbstractUse.beside
    /// Who writes the summaries.
    package var backend = Backend.extract
    /// The endpoint of the backend `openai`.
    package var openAI = OpenAIConfiguration()
    /// Raised to do the work again: a result of a higher generation replaces one of a lower.
    package var generation = 1

    package init() {}

    /// The length of a summary.
    package var budget: Budget {
        Budget(
            sentences: sentences, words: words > 0 ? words : nil, characters: characters > 0 ? characters : nil)
    }

    private enum CodingKeys: String, CodingKey {
        case sentences, words, characters, phrases, abstract, backend, generation
        case openAI = "openai"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        words = try keys.value(.words, default: words, in: 0...10_000)
        characters = try keys.value(.characters, default: characters, in: 0...100_000)
        if words > 0 || characters > 0 { sentences = Budget.mostSentences }
        sentences = try keys.value(.sentences, default: sentences, in: 1...Budget.mostSentences)
        phrases = try keys.value(.phrases, default: phrases, in: 0...100)
        abstract = try keys.value(.abstract, default: abstract)
        backend = try keys.value(.backend, default: backend)
        generation = try keys.value(.generation, default: generation, in: 1...1_000_000)
        openAI = try keys.section(.openAI, default: openAI) { try OpenAIConfiguration(from: $0) }
        if backend == .openai {
            if openAI.url.isEmpty { try keys.note(.backend, "openai needs summarize.openai.url") }
            if openAI.model.isEmpty { try keys.note(.backend, "openai needs summarize.openai.model") }
        }
    }
}
