import Articles
import TextAnalysis

/// The sentences of a near duplicate that the earlier article lacks.
///
/// Of the earlier one its shingles are known and not its text. A word is in both where a shingle that it belongs to is;
/// a sentence is new where one of its words is not.
enum NewSentences {
    /// The most sentences that are told.
    static let limit = 16
    /// The longest that is told whole, in bytes; of a longer one the start is told.
    static let longest = 1000

    /// Returns the new sentences of a body, in its order.
    ///
    /// - Parameters:
    ///   - width: the words of a shingle of the article.
    ///   - known: the shingles of the earlier article, sorted.
    static func find(in body: [UInt8], language: String, width: Int, known: [UInt32]) -> [String] {
        var words = Words()
        words.scan(body, unspaced: .apart)
        guard words.count > 0 else { return [] }
        let isKnown = knownWords(words.hashes, width, known)
        var found: [String] = []
        var word = 0
        for range in SentenceSegmenter(language: language).ranges(in: body) {
            while word < words.count, words.starts[word] < range.lowerBound { word += 1 }
            var isNew = false
            while word < words.count, words.starts[word] < range.upperBound {
                isNew = isNew || !isKnown[word]
                word += 1
            }
            guard isNew else { continue }
            found.append(text(body[range]))
            if found.count == limit { break }
        }
        return found
    }

    /// Which words belong to a known shingle.
    private static func knownWords(_ hashes: [UInt64], _ width: Int, _ known: [UInt32]) -> [Bool] {
        var shingles: [UInt32] = []
        hashes.withUnsafeBufferPointer { Shingles.appendHashes(words: $0, width: width, to: &shingles) }
        var isKnown = [Bool](repeating: false, count: hashes.count)
        for (index, shingle) in shingles.enumerated() where contains(known, shingle) {
            for word in index..<(index + width) { isKnown[word] = true }
        }
        return isKnown
    }

    private static func contains(_ sorted: [UInt32], _ value: UInt32) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }

    private static func text(_ sentence: ArraySlice<UInt8>) -> String {
        guard sentence.count > longest else { return SentenceSegmenter.tidy(sentence) }
        var end = sentence.startIndex + longest
        // Not in the middle of a character.
        while sentence[end] & 0xc0 == 0x80 { end -= 1 }
        return SentenceSegmenter.tidy(sentence[..<end]) + "…"
    }
}
