import TextAnalysis

/// The work of a ``Summarizer``: one value with all buffers, so that the inner loops own what they touch.
struct Extractor {
    private let sentences: Int
    private let phrases: Int
    private var tools: [String: LanguageTools] = [:]
    private var words = Words()
    private var stems: [UInt64] = []
    private var titleWords = Words()
    private var titleStems: [UInt64] = []
    private var terms = HashIndex64()
    private var counts: [Int] = []
    private var weights: [Double] = []
    private var marks: [Int] = []
    private var finder = PhraseFinder()

    init(sentences: Int, phrases: Int) {
        self.sentences = sentences
        self.phrases = phrases
    }

    mutating func summarize(title: String, text: UnsafeBufferPointer<UInt8>, language: String) -> Summary {
        words.scan(text, unspaced: .apart)
        let tools = tools(language)
        tools.stems.read(words, stopWords: tools.stopWords, into: &stems)
        let start = Boilerplate.endOfDateline(text)
        let rest = UnsafeBufferPointer(rebasing: text[start...])
        let ranges = tools.segmenter.ranges(in: rest).map { ($0.lowerBound + start)..<($0.upperBound + start) }
        guard !ranges.isEmpty else { return Summary(sentences: [], phrases: []) }
        var passages = read(text, ranges)
        weigh(title, tools)
        for index in passages.indices { passages[index].score = centrality(passages[index]) }
        let most = passages.reduce(0) { max($0, $1.isLast ? 0 : $1.score) }
        for index in passages.indices {
            passages[index].score = (most > 0 ? passages[index].score / most : 0) + Weights.place(index)
            passages[index].score -= malus(text, passages[index].range)
            if passages[index].isLast { passages[index].score -= 10 }
        }
        let chosen = choose(passages)
        return Summary(
            sentences: chosen.map { Self.tidy(text[passages[$0].range]) },
            phrases: phrases == 0
                ? []
                : finder.find(
                    text: text, words: words, stems: stems, passages: passages,
                    capitalsMarkNames: tools.capitalsMarkNames, limit: phrases))
    }

    private mutating func tools(_ language: String) -> LanguageTools {
        var code = StopWords.primarySubtag(of: language)
        if code == "und" || code.isEmpty { code = StopWords.guessLanguage(of: words) ?? "und" }
        if let known = tools[code] { return known }
        // A stream of made-up codes must not fill the memory.
        if tools.count >= 64 { tools.removeAll() }
        let made = LanguageTools(language: code)
        tools[code] = made
        return made
    }

    // MARK: Terms

    /// Divides the words among the sentences and numbers their terms.
    private mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ ranges: [Range<Int>]) -> [Passage] {
        terms.removeAll()
        counts.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        var word = 0
        var passages: [Passage] = []
        passages.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            while word < words.count, words.starts[word] < range.lowerBound { word += 1 }
            let first = word
            while word < words.count, words.starts[word] < range.upperBound { word += 1 }
            var passage = Passage(range: range, words: first..<word)
            passage.terms.reserveCapacity(word - first)
            for position in first..<word {
                let term = Self.term(position, words, stems)
                if term == 0 { continue }
                let number = terms.number(term)
                if number == counts.count {
                    counts.append(0)
                    marks.append(-1)
                }
                counts[number] += 1
                if marks[number] != index {
                    marks[number] = index
                    passage.terms.append(number)
                }
            }
            passage.isLast =
                word - first < Weights.leastWords
                || Boilerplate.isBoilerplate(UnsafeBufferPointer(rebasing: text[range]))
            passages.append(passage)
        }
        return passages
    }

    /// The term that a word stands for: its stem, or in scripts without spaces the pair with the next character; 0 for
    /// none.
    @inline(__always)
    private static func term(_ index: Int, _ words: Words, _ stems: [UInt64]) -> UInt64 {
        guard words.shapes[index].contains(.unspaced) else { return stems[index] }
        guard index + 1 < words.count, words.shapes[index + 1].contains(.unspaced),
            words.starts[index + 1] == words.stops[index]
        else { return 0 }
        return stems[index] &* 31 &+ stems[index + 1]
    }

    private mutating func weigh(_ title: String, _ tools: LanguageTools) {
        weights.removeAll(keepingCapacity: true)
        for count in counts { weights.append(Weights.term(count: count)) }
        guard !title.isEmpty else { return }
        titleWords.scan(title, unspaced: .apart)
        tools.stems.read(titleWords, stopWords: tools.stopWords, into: &titleStems)
        var seen = HashSet64()
        for index in 0..<titleWords.count {
            let term = Self.term(index, titleWords, titleStems)
            guard term != 0, seen.insert(term), let number = terms.existing(term) else { continue }
            weights[number] = max(weights[number], Weights.term(count: 2)) * Weights.title
        }
    }

    // MARK: Scores

    private func centrality(_ passage: Passage) -> Double {
        var sum = 0.0
        for term in passage.terms { sum += weights[term] }
        return sum / Weights.length(words: passage.words.count)
    }

    private func malus(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double {
        var malus = 0.0
        if text[range.upperBound - 1] == UInt8(ascii: "?") { malus += Weights.question }
        let first = text[range.lowerBound]
        let isCurly =
            first == 0xe2 && range.count > 3 && text[range.lowerBound + 1] == 0x80
            && (0x98...0x9e).contains(text[range.lowerBound + 2])
        if first == 0x22 || first == 0x27 || isCurly { malus += Weights.quotation }
        return malus
    }

    /// Chooses the best sentence, lowers those that repeat it, and so on; returns the chosen in the text's order.
    private mutating func choose(_ passages: [Passage]) -> [Int] {
        var chosen: [Int] = []
        var repeated = Array(repeating: 0.0, count: passages.count)
        while chosen.count < min(sentences, passages.count) {
            var best: Int?
            var bestScore = -Double.infinity
            for index in passages.indices where !chosen.contains(index) {
                let isRepetition = repeated[index] >= Weights.repetition
                let score = passages[index].score - Weights.redundancy * repeated[index] - (isRepetition ? 5 : 0)
                if score > bestScore { (best, bestScore) = (index, score) }
            }
            guard let best else { break }
            // Boilerplate only where there is nothing else at all.
            if passages[best].isLast, !chosen.isEmpty { break }
            chosen.append(best)
            for term in passages[best].terms { marks[term] = -2 - best }
            for index in passages.indices {
                let fewer = min(passages[index].terms.count, passages[best].terms.count)
                guard fewer > 0 else { continue }
                var shared = 0
                for term in passages[index].terms where marks[term] == -2 - best { shared += 1 }
                repeated[index] = max(repeated[index], Double(shared) / Double(fewer))
            }
        }
        return chosen.sorted()
    }

    private static func tidy(_ sentence: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        SentenceSegmenter.tidy(ArraySlice(sentence))
    }
}
