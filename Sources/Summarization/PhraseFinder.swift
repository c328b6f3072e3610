import TextAnalysis

/// Finds key phrases, names (runs of capitalized words) and word groups that an article repeats, and the names by
/// themselves.
///
/// Candidates are groups of up to three neighbouring words without a stop word or punctuation between them, and whole
/// names, also with a small word inside (`Bank of England`); a group that stands inside a better one is left out.
struct PhraseFinder {
    private struct Candidate {
        var words: Range<Int>
        var count = 0
        var names = 0
        var rank: Double = 0
        /// It tells something of the article, and is not only named in it.
        var isPhrase = false

        /// It is mostly written as a name.
        var isName: Bool { names > 0 && names * 2 >= count }
    }

    /// What was found, the most telling first, as it is written where it comes first.
    struct Findings {
        var phrases: [String] = []
        /// The named things, also those that other phrases push out of ``phrases``.
        var names: [String] = []
    }

    private var index = HashIndex64()
    private var candidates: [Candidate] = []

    private static let longest = 3
    private static let longestName = 5

    /// Returns at most `limit` phrases, and as many names.
    mutating func find(
        text: UnsafeBufferPointer<UInt8>, words: borrowing Words, stems: [UInt64], passages: [Passage],
        capitalsMarkNames: Bool, limit: Int
    ) -> Findings {
        index.removeAll()
        candidates.removeAll(keepingCapacity: true)
        let capitalized = words.shapes.reduce(0) { $0 + ($1.contains(.capitalized) ? 1 : 0) }
        // In a text that is all in capitals they mark nothing.
        let marksNames = capitalsMarkNames && capitalized * 4 < words.count * 3
        for passage in passages where !passage.isLast || passages.count == 1 {
            collectGroups(passage.words, text, words, stems)
            if marksNames { collectNames(passage.words, text, words, stems) }
        }
        return best(text, words, stems, limit)
    }

    private func isContent(_ word: Int, _ words: borrowing Words, _ stems: [UInt64]) -> Bool {
        stems[word] != 0 && !isNumber(word, words)
    }

    private func isNumber(_ word: Int, _ words: borrowing Words) -> Bool {
        words.shapes[word].contains(.digits) && words.word(word).allSatisfy { $0 &- 0x30 < 10 }
    }

    /// One space, one hyphen, or nothing (in scripts without spaces) parts this word from the one before.
    private func isJoined(_ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words, _ word: Int) -> Bool {
        let gap = words.stops[word - 1]..<words.starts[word]
        if gap.isEmpty { return true }
        return gap.count == 1
            && (text[gap.lowerBound] == 0x20 || text[gap.lowerBound] == 0x2d || text[gap.lowerBound] == 0x0a)
    }

    // MARK: Candidates

    /// Every group of a run of content words, so that "interest rate" counts within "short-term interest rate" too.
    private mutating func collectGroups(
        _ sentence: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words, _ stems: [UInt64]
    ) {
        var start = sentence.lowerBound
        while start < sentence.upperBound {
            guard isContent(start, words, stems) else {
                start += 1
                continue
            }
            var end = start + 1
            while end < sentence.upperBound, isContent(end, words, stems), isJoined(text, words, end) { end += 1 }
            // Of characters only groups of two to four make sense.
            let lengths = words.shapes[start].contains(.unspaced) ? 2...4 : 1...Self.longest
            for first in start..<end {
                var hash: UInt64 = 0
                for length in 1...min(lengths.upperBound, end - first) {
                    hash = Self.extend(hash, stems[first + length - 1])
                    if length >= lengths.lowerBound {
                        candidates[number(hash, first..<(first + length))].count += 1
                    }
                }
            }
            start = end
        }
    }

    /// Runs of capitalized words; a small word or two between them may belong to the name.
    private mutating func collectNames(
        _ sentence: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words, _ stems: [UInt64]
    ) {
        var first = sentence.lowerBound
        while first < sentence.upperBound {
            guard isNamePart(first, words, stems) else {
                first += 1
                continue
            }
            var end = first + 1
            var isGroup = true
            while end < sentence.upperBound, isJoined(text, words, end) {
                if isNamePart(end, words, stems) {
                    end += 1
                } else if let next = behindConnector(end, sentence.upperBound, text, words, stems) {
                    end = next
                    isGroup = false
                } else {
                    break
                }
            }
            // The capital of a sentence's first word alone means nothing.
            if end - first <= Self.longestName, end - first > 1 || first > sentence.lowerBound {
                var hash: UInt64 = 0
                for word in first..<end { hash = Self.extend(hash, stems[word]) }
                let number = number(hash, first..<end)
                candidates[number].names += 1
                // It was not counted as a group.
                if !isGroup || end - first > Self.longest { candidates[number].count += 1 }
            }
            first = end
        }
    }

    /// The end of `of England`, `of the Interior`, `van der Berg` at `word`; nil where no name goes on there.
    private func behindConnector(
        _ word: Int, _ limit: Int, _ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words, _ stems: [UInt64]
    ) -> Int? {
        var next = word + 1
        guard Self.connectors.contains(words.hashes[word]), next < limit, isJoined(text, words, next) else {
            return nil
        }
        if Self.articles.contains(words.hashes[next]) { next += 1 }
        guard next < limit, isJoined(text, words, next), isNamePart(next, words, stems) else { return nil }
        return next + 1
    }

    private func isNamePart(_ word: Int, _ words: borrowing Words, _ stems: [UInt64]) -> Bool {
        words.shapes[word].contains(.capitalized) && stems[word] != 0 && !Self.calendar.contains(words.hashes[word])
    }

    /// The number of the candidate with this hash; a new one stands for these words.
    private mutating func number(_ hash: UInt64, _ group: Range<Int>) -> Int {
        let number = index.number(hash)
        if number == candidates.count { candidates.append(Candidate(words: group)) }
        return number
    }

    private static func extend(_ hash: UInt64, _ stem: UInt64) -> UInt64 {
        (hash &* 0x9e37_79b9_7f4a_7c15) ^ stem
    }

    /// Words of which one may stand inside a name, and after it one that is no more than an article.
    private static let connectors = hashes(
        "of de del della delle dei di da do dos das du des van von der zu zur el al bin ibn")
    private static let articles = hashes("the la las los les le der den ter")
    /// Capitalized in English, and no name that tells something.
    private static let calendar = hashes(
        """
        monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
        september october november december
        """)

    private static func hashes(_ list: String) -> HashSet64 {
        HashSet64(list.utf8.split { $0 == 0x20 || $0 == 0x0a }.map { Words.hash(of: $0) })
    }

    // MARK: Choice

    private mutating func best(
        _ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words, _ stems: [UInt64], _ limit: Int
    ) -> Findings {
        let length = Double(max(1, words.count))
        for number in candidates.indices {
            let candidate = candidates[number]
            let isName = candidate.isName
            // Said once, only a name of several words is telling; a single word that is no name must come often.
            let least = candidate.words.count > 1 ? (isName ? 1 : 2) : (isName ? 2 : 3)
            guard candidate.count >= least || isName, !isDay(candidate, words) else { continue }
            candidates[number].isPhrase = candidate.count >= least
            let size = candidate.words.count == 1 ? (isName ? 1 : 0.6) : candidate.words.count == 2 ? 1.6 : 2.2
            let early = 1.5 - Double(candidate.words.lowerBound) / length
            candidates[number].rank = Double(candidate.count) * size * (isName ? 1.6 : 1) * early
        }
        let ranked = candidates.filter { $0.rank > 0 }.sorted {
            $0.rank != $1.rank ? $0.rank > $1.rank : $0.words.lowerBound < $1.words.lowerBound
        }
        func written(_ candidates: [Candidate]) -> [String] {
            var seen: Set<String> = []
            return choose(candidates, words, stems, limit).map { surface($0, text, words) }.filter {
                seen.insert($0).inserted
            }
        }
        return Findings(phrases: written(ranked.filter(\.isPhrase)), names: written(ranked.filter(\.isName)))
    }

    /// Leaves out what stands inside a better one.
    private func choose(
        _ ranked: [Candidate], _ words: borrowing Words, _ stems: [UInt64], _ limit: Int
    ) -> [Candidate] {
        var kept: [Candidate] = []
        for candidate in ranked where kept.count < limit {
            var inside: Int?
            for index in kept.indices where inside == nil && overlaps(candidate, kept[index], words, stems) {
                inside = index
            }
            guard let inside else {
                kept.append(candidate)
                continue
            }
            // The longer form of a name takes the place of the shorter one.
            if candidate.words.count > kept[inside].words.count, candidate.names > 0, kept[inside].names > 0,
                kept[inside].words.count == 1
            {
                kept[inside] = candidate
            }
        }
        return kept
    }

    /// All words of one name stand in the other (two people may share a name), else half of them.
    private func overlaps(
        _ left: Candidate, _ right: Candidate, _ words: borrowing Words, _ stems: [UInt64]
    ) -> Bool {
        var shared = 0
        var (lefts, rights) = (0, 0)
        for word in left.words where stems[word] != 0 {
            lefts += 1
            for other in right.words where words.hashes[other] == words.hashes[word] {
                shared += 1
                break
            }
        }
        for word in right.words where stems[word] != 0 { rights += 1 }
        let areNames = left.names > 0 && right.names > 0
        return shared > 0 && shared * (areNames ? 1 : 2) >= min(lefts, rights)
    }

    private func isDay(_ candidate: Candidate, _ words: borrowing Words) -> Bool {
        candidate.words.count == 1 && Self.calendar.contains(words.hashes[candidate.words.lowerBound])
    }

    private func surface(_ candidate: Candidate, _ text: UnsafeBufferPointer<UInt8>, _ words: borrowing Words) -> String
    {
        let range = words.starts[candidate.words.lowerBound]..<words.stops[candidate.words.upperBound - 1]
        return SentenceSegmenter.tidy(UnsafeBufferPointer(rebasing: text[range]))
    }
}
