/// The words of a language that carry grammar rather than meaning, lower-cased, as hashes of ``Words``.
///
/// The lists are our own and short: articles, pronouns, prepositions, conjunctions, auxiliary verbs, and the most
/// common adverbs. A language without a list has no stop words.
package struct StopWords: Sendable {
    /// The language's two-letter code.
    package let language: String
    private let hashes: HashSet64

    private init(language: String, list: String) {
        self.language = language
        hashes = HashSet64(list.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0a }).map { Words.hash(of: $0) })
    }

    /// Returns the stop words of a BCP 47 code; empty where the language has no list.
    package static func of(language: String) -> StopWords {
        all[primarySubtag(of: language)] ?? StopWords(language: primarySubtag(of: language), list: "")
    }

    /// The languages that have a list, in alphabetic order.
    package static let languages = all.keys.sorted()

    /// The word with this hash (see ``Words/hashes``) is a stop word.
    package func contains(_ hash: UInt64) -> Bool { hashes.contains(hash) }

    /// The number of stop words.
    package var count: Int { hashes.count }

    /// Returns the language whose stop words a text holds most of, or nil where they are under a tenth of its words.
    ///
    /// Looks at the first 300 words. It tells languages with lists apart and is no detector of all languages.
    package static func guessLanguage(of words: Words) -> String? {
        let sample = words.hashes.prefix(300)
        guard sample.count >= 5 else { return nil }
        var best: (language: String, hits: Int)?
        for language in languages {
            guard let list = all[language] else { continue }
            let hits = sample.reduce(0) { $0 + (list.contains($1) ? 1 : 0) }
            if hits > best?.hits ?? 0 { best = (language, hits) }
        }
        guard let best, best.hits * 10 >= sample.count else { return nil }
        return best.language
    }

    /// Returns the language of a BCP 47 code, lower-cased, without script and region: `pt` of `pt-BR`.
    package static func primarySubtag(of code: String) -> String {
        let subtag = code.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return subtag == "nb" || subtag == "nn" ? "no" : subtag
    }

    private static let all: [String: StopWords] = Dictionary(
        uniqueKeysWithValues: [StopWordLists.all, MoreStopWordLists.all].joined()
            .map { ($0.key, StopWords(language: $0.key, list: $0.value)) })
}
