import TextAnalysis

/// Finds key phrases: names (runs of capitalized words) and word groups that an article repeats.
///
/// Candidates are groups of up to three neighbouring words without a stop word or punctuation between them, and whole
/// names; a group that stands inside a better one is left out.
struct PhraseFinder {
    private struct Candidate {
        var words: Range<Int>
        var count = 0
        var names = 0
        var rank: Double = 0
    }

    private var index = HashIndex64()
    private var candidates: [Candidate] = []

    private static let longest = 3
    private static let longestName = 5

    mutating func find(
        text: UnsafeBufferPointer<UInt8>, words: Words, stems: [UInt64], passages: [Passage],
        capitalsMarkNames: Bool, limit: Int
    ) -> [String] {
        index.removeAll()
        candidates.removeAll(keepingCapacity: true)
        for passage in passages where !passage.isLast || passages.count == 1 {
            var start = passage.words.lowerBound
            while start < passage.words.upperBound {
                guard isContent(start, words, stems) else {
                    start += 1
                    continue
                }
                var end = start + 1
                while end < passage.words.upperBound, isContent(end, words, stems), isJoined(text, words, end) {
                    end += 1
                }
                collect(
                    start..<end, sentenceStart: passage.words.lowerBound, words, stems,
                    capitalsMarkNames: capitalsMarkNames)
                start = end
            }
        }
        return best(text, words, limit)
    }

    private func isContent(_ word: Int, _ words: Words, _ stems: [UInt64]) -> Bool {
        stems[word] != 0 && !isNumber(word, words)
    }

    private func isNumber(_ word: Int, _ words: Words) -> Bool {
        words.shapes[word].contains(.digits) && words.word(word).allSatisfy { $0 &- 0x30 < 10 }
    }

    /// One space, one hyphen, or nothing (in scripts without spaces) parts this word from the one before.
    private func isJoined(_ text: UnsafeBufferPointer<UInt8>, _ words: Words, _ word: Int) -> Bool {
        let gap = words.stops[word - 1]..<words.starts[word]
        if gap.isEmpty { return true }
        return gap.count == 1
            && (text[gap.lowerBound] == 0x20 || text[gap.lowerBound] == 0x2d || text[gap.lowerBound] == 0x0a)
    }

    // MARK: Candidates

    private mutating func collect(
        _ run: Range<Int>, sentenceStart: Int, _ words: Words, _ stems: [UInt64], capitalsMarkNames: Bool
    ) {
        let isUnspaced = words.shapes[run.lowerBound].contains(.unspaced)
        // Every group of the run, so that "interest rate" counts within "short-term interest rate" too. Of characters
        // only groups of two to four make sense.
        let lengths = isUnspaced ? 2...4 : 1...Self.longest
        for first in run {
            for length in lengths where first + length <= run.upperBound {
                add(first..<(first + length), isName: false, stems)
            }
        }
        guard capitalsMarkNames, !isUnspaced else { return }
        var first = run.lowerBound
        while first < run.upperBound {
            guard words.shapes[first].contains(.capitalized) else {
                first += 1
                continue
            }
            var end = first + 1
            while end < run.upperBound, words.shapes[end].contains(.capitalized) { end += 1 }
            // The capital of a sentence's first word alone means nothing.
            if end - first <= Self.longestName, end - first > 1 || first > sentenceStart {
                add(first..<end, isName: true, stems)
            }
            first = end
        }
    }

    private mutating func add(_ group: Range<Int>, isName: Bool, _ stems: [UInt64]) {
        var hash: UInt64 = 0
        for word in group { hash = (hash &* 0x9e37_79b9_7f4a_7c15) ^ stems[word] }
        let number = index.number(hash)
        if number == candidates.count { candidates.append(Candidate(words: group)) }
        if isName {
            // A name of more words than a group has was not counted as one.
            if group.count > Self.longest { candidates[number].count += 1 }
            candidates[number].names += 1
        } else {
            candidates[number].count += 1
        }
    }

    // MARK: Choice

    private mutating func best(_ text: UnsafeBufferPointer<UInt8>, _ words: Words, _ limit: Int) -> [String] {
        let length = Double(max(1, words.count))
        for number in candidates.indices {
            let candidate = candidates[number]
            let isName = candidate.names * 2 >= candidate.count && candidate.names > 0
            // Said once, only a name of several words is telling; a single word that is no name must come often.
            let least = candidate.words.count > 1 ? (isName ? 1 : 2) : (isName ? 2 : 3)
            guard candidate.count >= least else { continue }
            let size = candidate.words.count == 1 ? (isName ? 1 : 0.6) : candidate.words.count == 2 ? 1.6 : 2.2
            let early = 1.5 - Double(candidate.words.lowerBound) / length
            candidates[number].rank = Double(candidate.count) * size * (isName ? 1.6 : 1) * early
        }
        let ranked = candidates.filter { $0.rank > 0 }.sorted {
            $0.rank != $1.rank ? $0.rank > $1.rank : $0.words.lowerBound < $1.words.lowerBound
        }
        var kept: [Candidate] = []
        for candidate in ranked where kept.count < limit {
            let inside = kept.firstIndex { overlaps(candidate, $0, words) }
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
        var seen: Set<String> = []
        return kept.map { surface($0, text, words) }.filter { seen.insert($0).inserted }
    }

    /// Half of the words of the one with fewer stand in the other.
    private func overlaps(_ left: Candidate, _ right: Candidate, _ words: Words) -> Bool {
        let shared = left.words.count { word in right.words.contains { words.hashes[$0] == words.hashes[word] } }
        return shared * 2 >= min(left.words.count, right.words.count) && shared > 0
    }

    private func surface(_ candidate: Candidate, _ text: UnsafeBufferPointer<UInt8>, _ words: Words) -> String {
        let range = words.starts[candidate.words.lowerBound]..<words.stops[candidate.words.upperBound - 1]
        return SentenceSegmenter.tidy(ArraySlice(text[range]))
    }
}
