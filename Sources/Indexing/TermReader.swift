/// Turns a query's terms into tokens of the index.
final class TermReader {
    /// A term as the index knows it.
    struct Tokens {
        /// For each position the tokens that may stand there.
        var positions: [[[UInt8]]] = []
        /// The last position's token is only the beginning of one.
        var isPrefix = false
    }

    private let table: FoldTable
    /// The stemmers of the languages that are searched: a word is looked for by its stem in each of them.
    private let stemmers: [LanguageStemmer]
    /// Some of the languages have no stemmer: their articles hold words only as they were written.
    private let keepsWord: Bool

    init(table: FoldTable, stemmers: [LanguageStemmer], keepsWord: Bool) {
        self.table = table
        self.stemmers = stemmers
        self.keepsWord = keepsWord || stemmers.isEmpty
    }

    /// Reads a term; it has at least one position, since the parser lets no other through.
    func read(_ term: SearchQuery.Term) -> Tokens {
        var tokens = Tokens(positions: [], isPrefix: term.isPrefix)
        var stems: [[UInt8]] = []
        var last = (kind: WordScanner.Kind.word, scalars: 0)
        var text = term.text
        text.withUTF8 { bytes in
            var scanner = WordScanner(table: table)
            while scanner.next(in: bytes.span) {
                guard scanner.wordCount > 0 else { continue }
                let word = scanner.token
                tokens.positions.append([word])
                last = (scanner.kind, String(decoding: word, as: UTF8.self).unicodeScalars.count)
                stems = self.stems(of: scanner, word: word)
            }
        }
        if last.kind == .tail {
            // The pair before it says all: in a longer run another pair follows where this letter would stand alone.
            tokens.positions.removeLast()
        } else if last.kind == .pair, last.scalars == 1 {
            // A single letter of a script without spaces begins some token wherever it stands.
            tokens.isPrefix = true
        } else if tokens.positions.count == 1, !term.isExact, !term.isPrefix {
            tokens.positions = [stems]
        }
        return tokens
    }

    private func stems(of scanner: borrowing WordScanner, word: [UInt8]) -> [[UInt8]] {
        var forms: [[UInt8]] = keepsWord ? [word] : []
        for stemmer in stemmers {
            let form = stemmer.find(scanner) ? stemmer.stem : word
            if !forms.contains(form) { forms.append(form) }
        }
        return forms
    }
}
