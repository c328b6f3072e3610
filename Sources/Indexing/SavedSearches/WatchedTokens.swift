import Articles

/// The tokens that saved searches look for, and where they stand in one article: what the index's tokenizer gives of it.
final class WatchedTokens {
    /// Whole tokens.
    private(set) var words = Vocabulary()
    /// Beginnings of tokens; their numbers follow those of ``words`` in ``places``.
    private(set) var beginnings = Vocabulary()
    /// The lengths of beginnings, in ascending order.
    private var lengths: [Int] = []

    /// What stands in the article, by number: places in ascending order. A place is a column and a position in it.
    private(set) var places: [[UInt32]] = []
    /// The numbers that stand in it, in the order in which they were met.
    private(set) var met: [UInt32] = []

    private let tokenizer: ArticleTokenizer
    private var scanner: WordScanner

    /// Columns stand in the upper two bits of a place.
    private static let columnShift = 30

    /// Makes one that reads as a tokenizer does.
    init(tokenizer: ArticleTokenizer) {
        self.tokenizer = tokenizer
        scanner = WordScanner(table: tokenizer.table)
    }

    /// The column of a place.
    static func column(_ place: UInt32) -> Int { Int(place >> columnShift) }

    /// Returns the number of a token that is looked for from now on.
    func watch(_ token: [UInt8], isBeginning: Bool) -> UInt32 {
        guard isBeginning else { return 2 * words.insert(token) }
        if !lengths.contains(token.count) { lengths = (lengths + [token.count]).sorted() }
        return 2 * beginnings.insert(token) + 1
    }

    /// The length of a watched token in bytes.
    func length(_ number: UInt32) -> Int {
        number & 1 == 0 ? words.length(number >> 1) : beginnings.length(number >> 1)
    }

    /// Finds what stands in an article.
    func read(_ article: Article) {
        for number in met { places[Int(number)].removeAll(keepingCapacity: true) }
        met.removeAll(keepingCapacity: true)
        let numbers = 2 * max(words.count, beginnings.count)
        if places.count < numbers { places += Array(repeating: [], count: numbers - places.count) }
        let stemmer = tokenizer.stemmer(for: article.language)
        for (column, text) in IndexedText(article).columns.enumerated() {
            var text = text
            text.withUTF8 { read($0.span, UInt32(column) << WatchedTokens.columnShift, stemmer) }
        }
    }

    private func read(_ text: Span<UInt8>, _ column: UInt32, _ stemmer: LanguageStemmer?) {
        var position: UInt32 = 0
        scanner.restart()
        while position < 1 << WatchedTokens.columnShift, scanner.next(in: text) {
            if scanner.wordCount == 0 { continue }
            find(scanner.word.span.extracting(0..<scanner.wordCount), at: column | position)
            if let stemmer, stemmer.find(scanner) {
                let stem = stemmer.stem
                find(stem.span.extracting(0..<stemmer.count), at: column | position)
            }
            position += 1
        }
    }

    private func find(_ token: Span<UInt8>, at place: UInt32) {
        if let number = words.number(of: token) { note(2 * number, place) }
        for length in lengths {
            guard length <= token.count else { break }
            if let number = beginnings.number(of: token.extracting(0..<length)) { note(2 * number + 1, place) }
        }
    }

    private func note(_ number: UInt32, _ place: UInt32) {
        if places[Int(number)].isEmpty { met.append(number) }
        // A word and its stem may begin alike.
        if places[Int(number)].last != place { places[Int(number)].append(place) }
    }
}
