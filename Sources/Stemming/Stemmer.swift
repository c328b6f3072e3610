import CStemmer

/// A Snowball stemmer of one language (libstemmer). It is used on one thread at a time and is not `Sendable`: "Each
/// stemmer … must not be used in more than one thread at once" (libstemmer.h).
package final class Stemmer {
    private let handle: OpaquePointer

    /// Makes the stemmer of a language named by its algorithm (`english`) or by ISO 639 (`en`, `eng`), in any case,
    /// with or without a BCP 47 region (`en-GB`); nil where Snowball has none.
    package init?(language: String) {
        let name = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        guard let handle = sb_stemmer_new(String(name), "UTF_8") else { return nil }
        self.handle = handle
    }

    deinit { sb_stemmer_delete(handle) }

    /// Calls `body` with the stem of a lower-case word in UTF-8; the stem is valid only during the call.
    package func withStem<Result>(of word: Span<UInt8>, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let stem = word.withUnsafeBufferPointer { sb_stemmer_stem(handle, $0.baseAddress, Int32($0.count)) }
        // NULL where memory ran out: the word then is its own stem.
        guard let stem else { return try body(word) }
        return try body(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(handle))).span)
    }

    /// The stem of a lower-case word.
    package func stem(_ word: String) -> String {
        withStem(of: Array(word.utf8).span) { stem in
            stem.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }
}
