import Articles
import SQLite

/// The index's FTS5 tokenizer.
///
/// A document's words go in folded, and at the same position their stems by the document's language where these differ:
/// one index then answers phrases and prefixes as they were written and single words in any of their forms, and no
/// language has to be known to ask. (Words alone would need every form in the question; stems alone would lose
/// prefixes. It costs about two fifths more tokens, which count for no position and no document length.)
/// FTS5 never sees a text: what it is given, of articles and of queries, are tokens in ``encode(_:)``'s form. So an article is
/// read once, for its words, its stems and their number, and not again within the transaction.
final class ArticleTokenizer: FullTextTokenizer {
    /// Raised when the same text would give other tokens, since FTS5 removes a row by tokenizing it once more.
    static let version = 1
    /// The name in `CREATE VIRTUAL TABLE`.
    static let name = "dropwire"

    private static let nextPosition: UInt8 = 0x01
    private static let samePosition: UInt8 = 0x02

    let table = FoldTable()
    private var stemmers: [String: LanguageStemmer?] = [:]

    /// Returns the stemmer of a language, nil where there is none.
    func stemmer(for language: String) -> LanguageStemmer? {
        let primary = String(language.prefix { $0 != "-" && $0 != "_" })
        if let known = stemmers[primary] { return known }
        let made = LanguageStemmer(language: primary, table: table)
        stemmers[primary] = .some(made)
        return made
    }

    /// The tokens of an article.
    struct Text {
        /// By column of the index.
        var columns: [[UInt8]] = []
        /// The number of words; stems are not counted.
        var words = 0
    }

    /// Reads an article.
    func read(_ article: Article) -> Text {
        var read = Text()
        var scanner = WordScanner(table: table)
        let stemmer = stemmer(for: article.language)
        for var text in IndexedText(article).columns {
            var tokens: [UInt8] = []
            tokens.reserveCapacity(text.utf8.count * 3 / 2)
            text.withUTF8 { bytes in
                scanner.restart()
                while scanner.next(in: bytes.span) {
                    if scanner.wordCount == 0 { continue }
                    if !tokens.isEmpty { tokens.append(ArticleTokenizer.nextPosition) }
                    scanner.append(to: &tokens)
                    read.words += 1
                    guard let stemmer, stemmer.find(scanner) else { continue }
                    tokens.append(ArticleTokenizer.samePosition)
                    stemmer.append(to: &tokens)
                }
            }
            read.columns.append(tokens)
        }
        return read
    }

    // MARK: As FTS5 gets them

    /// Returns the string that stands for a phrase: its positions, each with the tokens that may
    /// stand there. Tokens hold letters and digits only, so nothing in it needs escaping.
    static func encode(_ positions: [[[UInt8]]]) -> String {
        var bytes: [UInt8] = []
        for (index, tokens) in positions.enumerated() {
            if index > 0 { bytes.append(nextPosition) }
            bytes.append(contentsOf: tokens.joined(separator: [samePosition]))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Takes apart what ``encode(_:)`` or ``read(_:)`` has put together.
    struct TokenReader {
        private var start = 0
        private var isColocated = false
        /// Where the last token stands: at the position of the one before it, or at the next.
        private(set) var place = FullTextSink.Place.next

        /// Returns where the next token is; nil at the end.
        mutating func next(in text: Span<UInt8>) -> Range<Int>? {
            var index = start
            while index <= text.count {
                let byte = index < text.count ? text[index] : ArticleTokenizer.nextPosition
                guard byte == ArticleTokenizer.nextPosition || byte == ArticleTokenizer.samePosition else {
                    index += 1
                    continue
                }
                let range = start..<index
                place = isColocated ? .colocated : .next
                start = index + 1
                index = start
                isColocated = byte == ArticleTokenizer.samePosition
                if !range.isEmpty { return range }
            }
            return nil
        }
    }

    func tokenize(_ text: Span<UInt8>, purpose: FullTextPurpose, into sink: borrowing FullTextSink) {
        var reader = TokenReader()
        while let range = reader.next(in: text) {
            guard sink.put(text.extracting(range), from: range, place: reader.place) else { return }
        }
    }
}
