import TextAnalysis

/// The work of a ``Summarizer``: one value with all buffers, so that the inner loops own what they touch.
struct Extractor {
    private let budget: Budget
    private let phrases: Int
    private var tools: [String: LanguageTools] = [:]
    private var words = Words()
    private var stems: [UInt64] = []
    private var titleWords = Words()
    private var titleStems: [UInt64] = []
    private var terms = HashIndex64()
    private var passages: [Passage] = []
    /// The numbers of the different terms of each sentence, one sentence after the other.
    private var numbers: [Int32] = []
    /// For each term: how often it appears, what it weighs, and the last sentence that had it.
    private var counts: [Int] = []
    private var weights: [Double] = []
    private var marks: [Int] = []
    private var finder = PhraseFinder()

    init(budget: Budget, phrases: Int) {
        self.budget = budget
        self.phrases = phrases
    }

    mutating func summarize(title: String, text: UnsafeBufferPointer<UInt8>, language: String) -> Summary {
        words.scan(text, unspaced: .apart)
        let tools = tools(language)
        tools.stems.read(words, stopWords: tools.stopWords, into: &stems)
        read(text, tools.segmenter)
        guard !passages.isEmpty else { return Summary(sentences: []) }
        weigh(title, tools)
        score(text)
        let sentences = choose(text)
        guard phrases > 0 else { return Summary(sentences: sentences) }
        let found = finder.find(
            text: text, words: words, stems: stems, passages: passages, capitalsMarkNames: tools.capitalsMarkNames,
            limit: phrases)
        return Summary(sentences: sentences, phrases: found.phrases, names: found.names)
    }

    /// Returns the sentences of a text from its first on, as many as the budget has room for.
    mutating func lead(_ text: UnsafeBufferPointer<UInt8>, language: String) -> [String] {
        words.scan(text, unspaced: .apart)
        let tools = tools(language)
        stems.removeAll(keepingCapacity: true)
        stems.append(contentsOf: repeatElement(0, count: words.count))
        read(text, tools.segmenter)
        var rest = Budget.Rest(budget)
        var sentences: [String] = []
        for passage in passages {
            let sentence = Self.tidy(text[passage.range])
            let characters = sentence.unicodeScalars.count
            guard rest.hasRoom(words: passage.words.count, characters: characters) else { break }
            rest.take(words: passage.words.count, characters: characters)
            sentences.append(sentence)
        }
        if sentences.isEmpty, let first = passages.first { sentences.append(cut(text, first)) }
        return sentences
    }

    private mutating func tools(_ language: String) -> LanguageTools {
        if let known = tools[language], language != "und" { return known }
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

    /// Cuts the text into sentences, divides the words among them and numbers their terms.
    private mutating func read(_ text: UnsafeBufferPointer<UInt8>, _ segmenter: SentenceSegmenter) {
        terms.removeAll()
        passages.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        let start = Dateline.end(text)
        var word = 0
        for range in segmenter.ranges(in: UnsafeBufferPointer(rebasing: text[start...])) {
            let range = (range.lowerBound + start)..<(range.upperBound + start)
            while word < words.count, words.starts[word] < range.lowerBound { word += 1 }
            let first = word
            let firstNumber = numbers.count
            while word < words.count, words.starts[word] < range.upperBound {
                let term = Self.term(word, words, stems)
                word += 1
                if term != 0 { count(term) }
            }
            let count = word - first
            let isLast =
                count < Weights.leastWords
                || Boilerplate.holds(UnsafeBufferPointer(rebasing: text[range]), words: count)
            passages.append(
                Passage(range: range, words: first..<word, terms: firstNumber..<numbers.count, isLast: isLast))
        }
    }

    /// Counts a term of the sentence that is being read.
    @inline(__always)
    private mutating func count(_ term: UInt64) {
        let number = terms.number(term)
        if number == counts.count {
            counts.append(0)
            marks.append(-1)
        }
        counts[number] += 1
        guard marks[number] != passages.count else { return }
        marks[number] = passages.count
        numbers.append(Int32(truncatingIfNeeded: number))
    }

    /// The term that a word stands for: its stem, or in scripts without spaces the pair with the next character; 0 for
    /// none.
    @inline(__always)
    private static func term(_ index: Int, _ words: borrowing Words, _ stems: [UInt64]) -> UInt64 {
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

    private mutating func score(_ text: UnsafeBufferPointer<UInt8>) {
        var most = 0.0
        for index in passages.indices {
            let passage = passages[index]
            var sum = 0.0
            for number in numbers[passage.terms] { sum += weights[Int(number)] }
            let centrality = sum / Weights.length(words: passage.words.count)
            passages[index].score = centrality
            if !passage.isLast { most = max(most, centrality) }
        }
        for index in passages.indices {
            let centrality = most > 0 ? passages[index].score / most : 0
            passages[index].score = centrality + Weights.place(index) - Self.malus(text, passages[index].range)
            if passages[index].isLast { passages[index].score -= Weights.never }
        }
    }

    private static func malus(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double {
        var malus = 0.0
        if text[range.upperBound - 1] == UInt8(ascii: "?") { malus += Weights.question }
        let first = text[range.lowerBound]
        let isCurly =
            first == 0xe2 && range.count > 3 && text[range.lowerBound + 1] == 0x80
            && (0x98...0x9e).contains(text[range.lowerBound + 2])
        if first == 0x22 || first == 0x27 || isCurly { malus += Weights.quotation }
        return malus
    }

    // MARK: Choice

    /// Chooses the best sentence that has room, lowers those that repeat it, and so on; returns them in the text's order.
    private mutating func choose(_ text: UnsafeBufferPointer<UInt8>) -> [String] {
        var rest = Budget.Rest(budget)
        var chosen: [Int] = []
        while chosen.count < passages.count, !rest.isSpent, let best = best(text, rest) {
            // Boilerplate only where there is nothing else at all.
            if passages[best].isLast, !chosen.isEmpty { break }
            chosen.append(best)
            passages[best].isChosen = true
            rest.take(words: passages[best].words.count, characters: length(text, passages[best]))
            if chosen.count < budget.sentences { lower(repeating: best) }
        }
        guard chosen.isEmpty else { return chosen.sorted().map { Self.tidy(text[passages[$0].range]) } }
        // Not even one sentence has room: the beginning of the best one.
        let best = passages.indices.max { passages[$0].score < passages[$1].score } ?? 0
        return [cut(text, passages[best])]
    }

    private func best(_ text: UnsafeBufferPointer<UInt8>, _ rest: Budget.Rest) -> Int? {
        var best: Int?
        var bestScore = -Double.infinity
        let isShort = budget.words != nil || budget.characters != nil
        for index in passages.indices where !passages[index].isChosen {
            let repeated = passages[index].repeated
            var score = passages[index].score - Weights.redundancy * repeated
            if repeated >= Weights.repetition { score -= Weights.never / 2 }
            guard score > bestScore else { continue }
            if isShort,
                !rest.hasRoom(words: passages[index].words.count, characters: length(text, passages[index]))
            {
                continue
            }
            (best, bestScore) = (index, score)
        }
        return best
    }

    /// Takes note in all sentences of what part of their terms a chosen one has.
    private mutating func lower(repeating best: Int) {
        for number in numbers[passages[best].terms] { marks[Int(number)] = -2 - best }
        for index in passages.indices where !passages[index].isChosen {
            let fewer = min(passages[index].terms.count, passages[best].terms.count)
            guard fewer > 0 else { continue }
            var shared = 0
            for number in numbers[passages[index].terms] where marks[Int(number)] == -2 - best { shared += 1 }
            passages[index].repeated = max(passages[index].repeated, Double(shared) / Double(fewer))
        }
    }

    /// The scalars of a sentence, as it will be given.
    private func length(_ text: UnsafeBufferPointer<UInt8>, _ passage: Passage) -> Int {
        guard budget.characters != nil else { return 0 }
        return Self.tidy(text[passage.range]).unicodeScalars.count
    }

    /// The first words of a sentence that is longer than the whole budget, with an ellipsis.
    private func cut(_ text: UnsafeBufferPointer<UInt8>, _ passage: Passage) -> String {
        var given = ""
        for (count, word) in passage.words.enumerated() {
            if let most = budget.words, count == most { break }
            let next = Self.tidy(text[passage.range.lowerBound..<words.stops[word]])
            if let most = budget.characters, next.unicodeScalars.count >= most { break }
            given = next
        }
        return given + "…"
    }

    private static func tidy(_ sentence: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        SentenceSegmenter.tidy(UnsafeBufferPointer(rebasing: sentence))
    }
}
