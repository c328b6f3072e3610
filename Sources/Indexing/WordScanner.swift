/// Takes a text apart into the words of the index, one at a time and without allocating.
///
/// A word is a run of letters, digits and marks, lower-cased and without accents (``word``), with its accents kept
/// beside it for the stemmer (``accented``). A run of a script without spaces comes out as overlapping pairs of letters
/// and then its last letter alone: so every letter of the run begins some token, and the search for a single letter is
/// a search for a prefix.
struct WordScanner {
    /// What the current token is.
    enum Kind {
        case word
        /// Two letters of a script without spaces, or the only one of its run.
        case pair
        /// The last letter of a run of two or more.
        case tail
    }

    /// Longer words are cut: what is longer is no word (and FTS5 keeps every one of them in memory).
    static let longestWord = 120

    let table: FoldTable
    /// The token's bytes; only the first `wordCount` count. In place and no array: it is written for every letter.
    /// There is room for ``longestWord``, and for a letter that is folded to several bytes.
    private(set) var word = InlineArray<128, UInt8>(repeating: 0)
    private(set) var wordCount = 0
    /// The token in lower case with its accents; only the first `accentedCount` count.
    private(set) var accented = InlineArray<248, UInt8>(repeating: 0)
    private(set) var accentedCount = 0
    /// Both forms are the same ASCII, and only ``word`` is filled in.
    private(set) var isPlain = true
    private(set) var hasDigit = false
    private(set) var kind = Kind.word
    /// Where the token stands in the text.
    private(set) var start = 0
    private(set) var end = 0
    private var isInRun = false

    /// The token's bytes.
    var token: [UInt8] { (0..<wordCount).map { word[$0] } }

    /// The token begins with these bytes.
    func begins(with prefix: [UInt8]) -> Bool {
        guard prefix.count <= wordCount else { return false }
        for index in prefix.indices where word[index] != prefix[index] { return false }
        return true
    }

    /// Appends the token's bytes.
    func append(to tokens: inout [UInt8]) {
        for index in 0..<wordCount { tokens.append(word[index]) }
    }

    init(table: FoldTable) { self.table = table }

    /// Begins a new text.
    mutating func restart() {
        end = 0
        isInRun = false
    }

    /// Finds the next token after ``end``; false at the end of the text.
    mutating func next(in text: Span<UInt8>) -> Bool {
        let count = text.count
        var index = end
        while index < count {
            let byte = text[index]
            if byte < 0x80 {
                if asciiFold(byte) != 0 { return scanWord(text, from: index) }
                index += 1
                continue
            }
            guard let (scalar, length) = WordScanner.scalar(text, at: index) else {
                index += 1
                continue
            }
            switch table.entry(scalar).kind {
            case .word: return scanWord(text, from: index)
            case .paired: return scanPair(text, from: index, length: length)
            case .separator, .accent: index += length
            }
        }
        return false
    }

    private mutating func scanWord(_ text: Span<UInt8>, from first: Int) -> Bool {
        isInRun = false
        kind = .word
        isPlain = true
        hasDigit = false
        wordCount = 0
        start = first
        var index = first
        let count = text.count
        while index < count {
            let byte = text[index]
            if byte < 0x80 {
                let folded = asciiFold(byte)
                if folded == 0 { break }
                if folded < UInt8(ascii: "a") { hasDigit = true }
                if wordCount < WordScanner.longestWord {
                    word[wordCount] = folded
                    wordCount += 1
                    if !isPlain { appendAccented(UInt32(folded), 1) }
                }
                index += 1
                continue
            }
            guard let (scalar, length) = WordScanner.scalar(text, at: index) else { break }
            let entry = table.entry(scalar)
            if entry.kind == .separator || entry.kind == .paired { break }
            if isPlain {
                isPlain = false
                accentedCount = wordCount
                for position in 0..<wordCount { accented[position] = word[position] }
            }
            if wordCount < WordScanner.longestWord {
                hasDigit = hasDigit || entry.isDigit
                var folded = entry.folded
                for _ in 0..<entry.foldedCount {
                    word[wordCount] = UInt8(truncatingIfNeeded: folded)
                    folded >>= 8
                    wordCount += 1
                }
                appendAccented(entry.lower, entry.lowerCount)
            }
            index += length
        }
        end = index
        return true
    }

    private mutating func appendAccented(_ packed: UInt32, _ count: UInt8) {
        guard accentedCount + 4 <= accented.count else { return }
        var packed = packed
        for _ in 0..<count {
            accented[accentedCount] = UInt8(truncatingIfNeeded: packed)
            packed >>= 8
            accentedCount += 1
        }
    }

    private mutating func scanPair(_ text: Span<UInt8>, from first: Int, length: Int) -> Bool {
        // A pair overlaps the one before it: a new run begins where the letters do not follow each other.
        let continues = isInRun && first == runEnd
        var last = first + length
        if let (following, followingLength) = WordScanner.scalar(text, at: last), table.entry(following).kind == .paired
        {
            last += followingLength
            kind = .pair
            isInRun = true
            runEnd = first + length
        } else {
            kind = continues ? .tail : .pair
            isInRun = false
            runEnd = last
        }
        isPlain = true
        hasDigit = true  // No stemmer knows these scripts.
        wordCount = last - first
        for position in 0..<wordCount { word[position] = text[first + position] }
        start = first
        end = runEnd
        tokenEnd = last
        return true
    }

    /// Where the next letter of the current run stands.
    private var runEnd = 0
    private var tokenEnd = 0
    /// The token's place in the text (a pair reaches beyond where the scanner goes on).
    var range: Range<Int> { start..<(kind == .word ? end : tokenEnd) }

    /// Decodes the scalar at `index`; nil where there is none or the bytes are not UTF-8.
    static func scalar(_ text: Span<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
        guard index < text.count else { return nil }
        let lead = text[index]
        let length: Int
        var value: UInt32
        switch lead {
        case 0..<0x80: return (Unicode.Scalar(lead), 1)
        case 0xc2..<0xe0: (length, value) = (2, UInt32(lead & 0x1f))
        case 0xe0..<0xf0: (length, value) = (3, UInt32(lead & 0x0f))
        case 0xf0..<0xf5: (length, value) = (4, UInt32(lead & 0x07))
        default: return nil
        }
        guard index + length <= text.count else { return nil }
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xc0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        return Unicode.Scalar(value).map { ($0, length) }
    }
}

/// Returns what an ASCII byte becomes in a word; 0 parts words.
@inline(__always)
private func asciiFold(_ byte: UInt8) -> UInt8 {
    let lower = byte | 0x20
    if lower &- UInt8(ascii: "a") < 26 { return lower }
    return byte &- UInt8(ascii: "0") < 10 ? byte : 0
}
