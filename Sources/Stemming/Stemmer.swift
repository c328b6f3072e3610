import CStemmer

/// A Snowball stemmer of one language: maps a lower-cased word to the stem that its inflections share.
///
/// It holds libstemmer's working memory, so each thread makes its own. The corresponding C type is `sb_stemmer`.
package final class Stemmer {
    /// The language subtag that the stemmer was made for, for example `en`.
    package let language: String
    private let handle: OpaquePointer

    /// Makes the stemmer of a BCP 47 code (`en`, `pt-BR`); nil where libstemmer has no algorithm for the language.
    package init?(language: String) {
        let subtag = Self.primarySubtag(of: language)
        guard let algorithm = Self.algorithms[subtag], let raw = sb_stemmer_new(algorithm, "UTF_8") else { return nil }
        self.language = subtag
        handle = raw
    }

    deinit { sb_stemmer_delete(handle) }

    /// The languages that have a stemmer, as two-letter codes in alphabetic order.
    package static var languages: [String] { algorithms.keys.sorted() }

    /// Returns the stem of a lower-cased UTF-8 word, which is the word itself where nothing can be taken off.
    package func stem(_ word: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        word.withUnsafeBufferPointer { appendStem(of: $0, to: &result) }
        return result
    }

    /// Appends the stem of a lower-cased UTF-8 word to `output`, for callers that reuse one buffer for many words.
    package func appendStem(of word: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        // libstemmer takes an int; nothing that long is a word, and it would be copied for nothing.
        guard let start = word.baseAddress, word.count <= 256,
            let stem = sb_stemmer_stem(handle, start, Int32(word.count))
        else {
            output.append(contentsOf: word)
            return
        }
        output.append(contentsOf: UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle))))
    }

    private static func primarySubtag(of code: String) -> String {
        let subtag = code.prefix { $0 != "-" && $0 != "_" }.lowercased()
        // Bokmål and Nynorsk share the one Norwegian algorithm.
        return subtag == "nb" || subtag == "nn" ? "no" : subtag
    }

    private static let algorithms: [String: String] = [
        "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch",
        "en": "english", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
        "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali",
        "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
        "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
    ]
}
