import SQLite

/// The tokens that saved searches look for, and where they stand in one article: what the index's tokenizer gives of it.
final class WatchedTokens {
    /// Whole tokens.
    private(set) var words = Vocabulary()
    /// Beginnings of tokens; their numbers follow those of ``words`` in ``places``.
    private(set) var beginnings = Vocabulary()
    /// The lengths of beginnings, in ascending order.
    private var lengths: [Int] = []

    /// A token that was met.
    private struct Occurrence {
        let number: UInt32
        let place: UInt32
    }

    /// Where the places of a token stand.
    private struct Run {
        var first: UInt32 = 0
        var count: UInt32 = 0
    }

    /// The numbers that stand in the article, in the order in which they were met.
    private(set) var met: [UInt32] = []
    /// The places of all tokens in the article, those of one in ascending order. A place is a column and a position in it.
    private(set) var places: [UInt32] = []
    /// By number, which of ``places`` are its own.
    private var runs: [Run] = []
    private var occurrences: [Occurrence] = []
    /// The numbers that stand in the article, to be asked for one.
    private var standing = BitSet()
    /// In how many of every eighth article each number stood.
    private var frequencies: [Int] = []
    private var articles = 0

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

    /// Which of ``places`` are those of a token; none where it does not stand in the article.
    func places(of number: UInt32) -> Range<Int> {
        let run = runs[Int(number)]
        return Int(run.first)..<Int(run.first + run.count)
    }

    /// Whether a token stands in the article.
    func contains(_ number: UInt32) -> Bool { standing.contains(Int(number)) }

    /// Whether a token stands at a place.
    func stands(_ number: UInt32, at place: UInt32) -> Bool {
        let run = places(of: number)
        var (low, high) = (run.lowerBound, run.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low < run.upperBound && places[low] == place
    }

    /// Finds what stands in an article.
    func read(_ text: ArticleTokenizer.Text) {
        // On copies, which cost nothing: what is the object's own is checked at each access.
        var found = Finder(words: words, beginnings: beginnings, lengths: lengths, occurrences: occurrences)
        occurrences = []
        found.occurrences.removeAll(keepingCapacity: true)
        for (column, tokens) in text.columns.enumerated() {
            found.read(tokens.span, UInt32(column) << WatchedTokens.columnShift)
        }
        arrange(found.occurrences)
        occurrences = found.occurrences
    }

    /// Puts the places of each token together, in the order in which they were met.
    private func arrange(_ occurrences: [Occurrence]) {
        var runs = runs
        self.runs = []
        for number in met {
            runs[Int(number)] = Run()
            standing.remove(Int(number))
        }
        met.removeAll(keepingCapacity: true)
        let numbers = 2 * max(words.count, beginnings.count)
        if runs.count < numbers { runs += Array(repeating: Run(), count: numbers - runs.count) }
        if frequencies.count < numbers { frequencies += Array(repeating: 0, count: numbers - frequencies.count) }
        if standing.capacity < numbers { standing = BitSet(capacity: numbers) }
        for occurrence in occurrences {
            let number = Int(occurrence.number)
            if runs[number].count == 0 { met.append(occurrence.number) }
            runs[number].count += 1
        }
        var first: UInt32 = 0
        articles += 1
        if articles & 7 == 0 { for number in met { frequencies[Int(number)] += 1 } }
        for number in met {
            standing.insert(Int(number))
            runs[Int(number)].first = first
            first += runs[Int(number)].count
            runs[Int(number)].count = 0
        }
        var places = places
        self.places = []
        if places.count < first { places += Array(repeating: 0, count: Int(first) - places.count) }
        for occurrence in occurrences {
            let run = runs[Int(occurrence.number)]
            let end = Int(run.first + run.count)
            // A word and its stem may begin alike.
            if run.count > 0, places[end - 1] == occurrence.place { continue }
            places[end] = occurrence.place
            runs[Int(occurrence.number)].count += 1
        }
        self.places = places
        self.runs = runs
    }

    /// Looks for tokens in one article.
    private struct Finder {
        let words: Vocabulary
        let beginnings: Vocabulary
        let lengths: [Int]
        var occurrences: [Occurrence]

        mutating func read(_ tokens: Span<UInt8>, _ column: UInt32) {
            var reader = ArticleTokenizer.TokenReader()
            var count: UInt32 = 0
            while let range = reader.next(in: tokens), count < 1 << WatchedTokens.columnShift {
                if reader.place == .next { count += 1 }
                find(tokens.extracting(range), at: column | (count - 1))
            }
        }

        private mutating func find(_ token: Span<UInt8>, at place: UInt32) {
            if let number = words.number(of: token) { occurrences.append(Occurrence(number: 2 * number, place: place)) }
            for length in lengths {
                guard length <= token.count else { break }
                if let number = beginnings.number(of: token.extracting(0..<length)) {
                    occurrences.append(Occurrence(number: 2 * number + 1, place: place))
                }
            }
        }
    }
}
