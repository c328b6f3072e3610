import TextAnalysis

/// What one language needs; made once and kept.
final class LanguageTools {
    let stopWords: StopWords
    let stems: StemCache
    let segmenter: SentenceSegmenter
    /// Capitals mark names: not in German, where every noun has one.
    let capitalsMarkNames: Bool

    init(language: String) {
        stopWords = StopWords.of(language: language)
        stems = StemCache(language: language)
        segmenter = SentenceSegmenter(language: language)
        capitalsMarkNames = StopWords.primarySubtag(of: language) != "de"
    }
}
