import SQLite

/// The index's FTS5 tokenizer.
///
/// A document's words go in folded, and at the same position their stems by the document's language where these differ:
/// one index then answers phrases and prefixes as they were written and single words in any of their forms, and no
/// language has to be known to ask. (Words alone would need every form in the question; stems alone would lose
/// prefixes. It costs about two fifths more tokens, which count for no position and no document length.)
/// A query's strings come ready made from ``QueryPlan``, in ``ArticleTokenizer/encode(_:)``'s form.
final class ArticleTokenizer: FullTextTokenizer {
    /// Raised when the same text would give other tokens, since FTS5 removes a row by tokenizing it once more.
    static let version = 1
    /// The name in `CREATE VIRTUAL TABLE`.
    static let name = "dropwire"

    private static let nextPosition: UInt8 = 0x01
    private static let samePosition: UInt8 = 0x02

    let table = FoldTable()
    /// The number of words since it was last set to 0; stems are not counted.
    var wordCount = 0
    private var scanner: WordScanner
    private var stemmers: [String: LanguageStemmer?] = [:]
    private var stemmer: LanguageStemmer?

    init() { scanner = WordScanner(table: table) }

    /// Takes documents to be in this language (BCP 47) from now on.
    func setLanguage(_ language: String) { stemmer = stemmer(for: language) }

    /// Returns the stemmer of a language, nil where there is none.
    func stemmer(for language: String) -> LanguageStemmer? {
        let primary = String(language.prefix { $0 != "-" && $0 != "_" })
        if let known = stemmers[primary] { return known }
        let made = LanguageStemmer(language: primary, table: table)
        stemmers[primary] = .some(made)
        return made
    }

    func tokenize(_ text: Span<UInt8>, purpose: FullTextPurpose, into sink: borrowing FullTextSink) {
        switch purpose {
        case .query, .prefix: putEncoded(text, into: sink)
        case .document, .auxiliary:
            scanner.restart()
            while scanner.next(in: text) {
                if scanner.wordCount == 0 { continue }
                let range = scanner.range
                wordCount += 1
                guard sink.put(scanner.word.span.extracting(0..<scanner.wordCount), from: range) else { return }
                guard let stemmer, stemmer.find(scanner) else { continue }
                guard stemmer.put(into: sink, from: range) else { return }
            }
        }
    }

    // MARK: Queries

    /// Returns the string that stands for a phrase in a MATCH expression: its positions, each with the tokens that may
    /// stand there. Tokens hold letters and digits only, so nothing in it needs escaping.
    static func encode(_ positions: [[[UInt8]]]) -> String {
        var bytes: [UInt8] = []
        for (index, tokens) in positions.enumerated() {
            if index > 0 { bytes.append(nextPosition) }
            bytes.append(contentsOf: tokens.joined(separator: [samePosition]))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func putEncoded(_ text: Span<UInt8>, into sink: borrowing FullTextSink) {
        var start = 0
        var place = FullTextSink.Place.next
        for index in 0...text.count {
            let byte = index < text.count ? text[index] : ArticleTokenizer.nextPosition
            guard byte == ArticleTokenizer.nextPosition || byte == ArticleTokenizer.samePosition else { continue }
            if index > start {
                guard sink.put(text.extracting(start..<index), from: start..<index, place: place) else { return }
            }
            start = index + 1
            place = byte == ArticleTokenizer.samePosition ? .colocated : .next
        }
    }
}
