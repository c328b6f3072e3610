import Stemming

/// A language's stemmer as the index uses it: stems are folded like words, and a news text's few thousand common words
/// are remembered (a remembered stem costs a tenth of a computed one).
final class LanguageStemmer {
    private static let slotCount = 8192
    private static let slotSize = 64
    private static let longestRemembered = 31

    private let stemmer: Stemmer
    private let table: FoldTable
    /// Slots of: word's length, stem's length, word, stem. A word's place is its hash; a newcomer takes it.
    private var slots = [UInt8](repeating: 0, count: slotCount * slotSize)
    /// The stem found last; only the first `count` bytes count.
    private(set) var stem = [UInt8](repeating: 0, count: WordScanner.longestWord * 2 + 16)
    private var unfolded: [UInt8] = []
    private(set) var count = 0

    init?(language: String, table: FoldTable) {
        guard let stemmer = Stemmer(language: language) else { return nil }
        self.stemmer = stemmer
        self.table = table
    }

    /// Finds the folded stem of the scanner's current word; false where it is the word itself (or the word has none).
    func find(_ scanner: borrowing WordScanner) -> Bool {
        guard scanner.kind == .word, !scanner.hasDigit, scanner.wordCount > 2 else { return false }
        let length = scanner.isPlain ? scanner.wordCount : scanner.accentedCount
        let source = scanner.isPlain ? scanner.word.span : scanner.accented.span
        let word = source.extracting(0..<length)
        guard length <= LanguageStemmer.longestRemembered else {
            compute(word, isPlain: scanner.isPlain)
            return isNew(scanner)
        }
        let base =
            Int(truncatingIfNeeded: FNV.hash(word) % UInt64(LanguageStemmer.slotCount)) * LanguageStemmer.slotSize
        if let known = recall(word, at: base) {
            count = known
            return count > 0
        }
        compute(word, isPlain: scanner.isPlain)
        let isNew = isNew(scanner)
        guard count <= LanguageStemmer.longestRemembered else { return isNew }
        slots[base] = UInt8(length)
        slots[base + 1] = isNew ? UInt8(count) : 0
        for offset in 0..<length { slots[base + 2 + offset] = word[offset] }
        for offset in 0..<count { slots[base + 33 + offset] = stem[offset] }
        return isNew
    }

    /// The hash of the stem found last.
    var stemHash: UInt64 {
        let stem = stem
        return FNV.hash(stem.span.extracting(0..<count))
    }

    /// Copies the stem of a word out of its slot; nil where another word stands in it. In one access each to slots and stem:
    /// this is done for every word of every article.
    private func recall(_ word: Span<UInt8>, at base: Int) -> Int? {
        slots.withUnsafeBytes { slots in
            let slot = UnsafeRawBufferPointer(rebasing: slots[base..<base + LanguageStemmer.slotSize])
            guard Int(slot[0]) == word.count else { return nil }
            for offset in 0..<word.count where slot[2 + offset] != word[offset] { return nil }
            let count = Int(slot[1])
            stem.withUnsafeMutableBytes { $0.copyBytes(from: slot[33..<33 + count]) }
            return count
        }
    }

    private func isNew(_ scanner: borrowing WordScanner) -> Bool {
        guard count == scanner.wordCount else { return count > 0 }
        for offset in 0..<count where stem[offset] != scanner.word[offset] { return true }
        return false
    }

    private func compute(_ word: Span<UInt8>, isPlain: Bool) {
        count = 0
        unfolded.removeAll(keepingCapacity: true)
        word.withUnsafeBufferPointer { stemmer.appendStem(of: $0, to: &unfolded) }
        var index = 0
        while index < unfolded.count, count + 4 < stem.count {
            if isPlain || unfolded[index] < 0x80 {
                stem[count] = unfolded[index]
                count += 1
                index += 1
                continue
            }
            guard let (scalar, length) = WordScanner.scalar(unfolded.span, at: index) else { return }
            let entry = table.entry(scalar)
            var folded = entry.folded
            for _ in 0..<entry.foldedCount {
                stem[count] = UInt8(truncatingIfNeeded: folded)
                folded >>= 8
                count += 1
            }
            index += length
        }
    }
}

/// The 64-bit hash of Fowler, Noll and Vo (1a): short keys, no seed, the same in every process.
enum FNV {
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<bytes.count { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }
}
