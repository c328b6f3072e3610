import SQLite

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
    /// In how many articles each number stood.
    private var frequencies: [Int] = []

    /// Columns stand in the upper two bits of a place.
    private static let columnShift = 30

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

    /// Whether tokens of which one must stand in an article let more articles through than others: by what stood in articles
    /// so far, else by the shortest, since long words are rare.
    func isCommoner(_ first: [UInt32], _ second: [UInt32]) -> Bool {
        func frequency(_ numbers: [UInt32]) -> Int {
            numbers.reduce(0) { $0 + (Int($1) < frequencies.count ? frequencies[Int($1)] : 0) }
        }
        func shortest(_ numbers: [UInt32]) -> Int { numbers.lazy.map { self.length($0) }.min() ?? 0 }
        return (-frequency(first), shortest(first), -first.count) < (
            -frequency(second), shortest(second), -second.count
        )
    }

    /// Finds what stands in an article.
    func read(_ text: ArticleTokenizer.Text) {
        for number in met { places[Int(number)].removeAll(keepingCapacity: true) }
        met.removeAll(keepingCapacity: true)
        let numbers = 2 * max(words.count, beginnings.count)
        if places.count < numbers { places += Array(repeating: [], count: numbers - places.count) }
        if frequencies.count < numbers { frequencies += Array(repeating: 0, count: numbers - frequencies.count) }
        for (column, tokens) in text.columns.enumerated() {
            read(tokens.span, UInt32(column) << WatchedTokens.columnShift)
        }
        for number in met { frequencies[Int(number)] += 1 }
    }

    private func read(_ tokens: Span<UInt8>, _ column: UInt32) {
        var reader = ArticleTokenizer.TokenReader()
        var words: UInt32 = 0
        while let range = reader.next(in: tokens), words < 1 << WatchedTokens.columnShift {
            if reader.place == .next { words += 1 }
            find(tokens.extracting(range), at: column | (words - 1))
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
