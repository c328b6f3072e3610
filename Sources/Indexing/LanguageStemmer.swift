import Stemming

/// A language's stemmer as the index uses it: stems are folded like words, and a news text's few thousand common words
/// are remembered (a remembered stem costs a tenth of a computed one).
///
/// It is asked for every word of every article, so what it remembers and what it finds lie in memory of its own, where no
/// access is checked twice.
final class LanguageStemmer {
    /// A slot has a word with nulls behind it, and its stem, whose length stands in the last byte: 0 where there is none.
    private static let slotSize = 64
    private static let slotBits: UInt64 = 12
    private static let slotCount = 1 << Int(slotBits)
    private static let stemOffset = 32
    private static let longestRemembered = 31
    private static let longestStem = WordScanner.longestWord * 2 + 16

    private let stemmer: Stemmer
    private let table: FoldTable
    /// A word's slot is that of its hash; a newcomer takes it.
    private let slots: UnsafeMutableRawPointer
    private let computed: UnsafeMutablePointer<UInt8>
    private var unfolded: [UInt8] = []
    /// The stem found last: in its slot, or computed.
    private var found: UnsafePointer<UInt8>
    private var count = 0

    init?(language: String, table: FoldTable) {
        guard let stemmer = Stemmer(language: language) else { return nil }
        self.stemmer = stemmer
        self.table = table
        let size = LanguageStemmer.slotCount * LanguageStemmer.slotSize
        slots = .allocate(byteCount: size, alignment: 64)
        slots.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        computed = .allocate(capacity: LanguageStemmer.longestStem)
        computed.initialize(repeating: 0, count: LanguageStemmer.longestStem)
        found = UnsafePointer(computed)
    }

    deinit {
        slots.deallocate()
        computed.deallocate()
    }

    /// The stem found last.
    var stem: [UInt8] { Array(UnsafeBufferPointer(start: found, count: count)) }

    /// The hash of the stem found last.
    var stemHash: UInt64 { FNV.hash(UnsafeBufferPointer(start: found, count: count).span) }

    /// Appends the stem found last.
    func append(to tokens: inout [UInt8]) {
        let (found, count) = (found, count)
        for offset in 0..<count { tokens.append(found[offset]) }
    }

    /// Finds the folded stem of the scanner's current word; false where it is the word itself (or the word has none).
    func find(_ scanner: borrowing WordScanner) -> Bool {
        guard scanner.kind == .word, !scanner.hasDigit, scanner.wordCount > 2 else { return false }
        let isPlain = scanner.isPlain
        let length = isPlain ? scanner.wordCount : scanner.accentedCount
        let source = isPlain ? scanner.word.span : scanner.accented.span
        let word = source.extracting(0..<length)
        guard length <= LanguageStemmer.longestRemembered else {
            compute(word, isPlain: isPlain)
            return isNew(scanner)
        }
        let key = Key(source, length)
        let slot = slots + key.place(bits: LanguageStemmer.slotBits) * LanguageStemmer.slotSize
        let stem = (slot + LanguageStemmer.stemOffset).assumingMemoryBound(to: UInt8.self)
        if key.stands(at: slot) {
            found = UnsafePointer(stem)
            count = Int(stem[LanguageStemmer.longestRemembered])
            return count > 0
        }
        compute(word, isPlain: isPlain)
        let isNew = isNew(scanner)
        guard count <= LanguageStemmer.longestRemembered else { return isNew }
        key.store(at: slot)
        for offset in 0..<count { stem[offset] = computed[offset] }
        stem[LanguageStemmer.longestRemembered] = isNew ? UInt8(count) : 0
        return isNew
    }

    /// A word of at most 31 bytes, as four numbers: words hold no null, so that no two have the same.
    private struct Key {
        private var numbers: (UInt64, UInt64, UInt64, UInt64)

        /// Takes the first bytes of a scanner's memory, which is longer than a key.
        init(_ memory: Span<UInt8>, _ length: Int) {
            func number(_ offset: Int) -> UInt64 {
                let left = length - offset
                guard left > 0 else { return 0 }
                let bytes = memory.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
                return left >= 8 ? bytes : bytes & (1 << UInt64(truncatingIfNeeded: left * 8) - 1)
            }
            numbers = (number(0), number(8), number(16), number(24))
        }

        func place(bits: UInt64) -> Int {
            let mixed =
                numbers.0 &* 0x9e37_79b9_7f4a_7c15 ^ numbers.1 &* 0xc2b2_ae3d_27d4_eb4f
                ^ numbers.2 &* 0x1656_67b1_9e37_79f9 ^ numbers.3 &* 0x27d4_eb2f_1656_67c5
            return Int(truncatingIfNeeded: ((mixed ^ mixed >> 29) &* 0x9e37_79b9_7f4a_7c15) >> (64 - bits))
        }

        func stands(at slot: UnsafeMutableRawPointer) -> Bool {
            slot.load(as: UInt64.self) == numbers.0 && slot.load(fromByteOffset: 8, as: UInt64.self) == numbers.1
                && slot.load(fromByteOffset: 16, as: UInt64.self) == numbers.2
                && slot.load(fromByteOffset: 24, as: UInt64.self) == numbers.3
        }

        func store(at slot: UnsafeMutableRawPointer) {
            slot.storeBytes(of: numbers.0, as: UInt64.self)
            slot.storeBytes(of: numbers.1, toByteOffset: 8, as: UInt64.self)
            slot.storeBytes(of: numbers.2, toByteOffset: 16, as: UInt64.self)
            slot.storeBytes(of: numbers.3, toByteOffset: 24, as: UInt64.self)
        }
    }

    private func isNew(_ scanner: borrowing WordScanner) -> Bool {
        guard count == scanner.wordCount else { return count > 0 }
        for offset in 0..<count where computed[offset] != scanner.word[offset] { return true }
        return false
    }

    private func compute(_ word: Span<UInt8>, isPlain: Bool) {
        count = 0
        found = UnsafePointer(computed)
        unfolded.removeAll(keepingCapacity: true)
        word.withUnsafeBufferPointer { stemmer.appendStem(of: $0, to: &unfolded) }
        var index = 0
        while index < unfolded.count, count + 4 < LanguageStemmer.longestStem {
            if isPlain || unfolded[index] < 0x80 {
                computed[count] = unfolded[index]
                count += 1
                index += 1
                continue
            }
            guard let (scalar, length) = WordScanner.scalar(unfolded.span, at: index) else { return }
            let entry = table.entry(scalar)
            var folded = entry.folded
            for _ in 0..<entry.foldedCount {
                computed[count] = UInt8(truncatingIfNeeded: folded)
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
