/// Cuts a text into sentences: knows abbreviations, initials, decimals, quotes, ellipses, lists and CJK full stops.
///
/// A blank line always ends a sentence. A single line break does not, for newswires wrap their lines, unless the next
/// line begins with a bullet or an item's number. What follows a full stop decides where the word before it does not.
/// It does not cut a sentence at semicolons (but in Greek, where they ask), nor Thai and Lao, which write no full stops.
package struct SentenceSegmenter: Sendable {
    private let abbreviations: Abbreviations
    private let starters: StopWords
    /// A semicolon asks a question: in Greek.
    private let semicolonAsks: Bool

    /// Makes a segmenter with the abbreviations of a BCP 47 code, or the common ones.
    package init(language: String) {
        let subtag = StopWords.primarySubtag(of: language)
        abbreviations = Abbreviations.of(language: subtag)
        semicolonAsks = subtag == "el"
        starters = StopWords.of(language: StopWords.languages.contains(subtag) ? subtag : "en")
    }

    /// Returns the sentences of a text as ranges of bytes, in order, without the white space around them.
    package func ranges(in text: [UInt8]) -> [Range<Int>] { text.withUnsafeBufferPointer(ranges(in:)) }

    /// Returns the sentences of a text, with each run of white space inside them as one space.
    package func sentences(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        return ranges(in: bytes).map { Self.tidy(bytes[$0]) }
    }

    /// Returns a sentence with each run of white space as one space.
    package static func tidy(_ sentence: ArraySlice<UInt8>) -> String {
        sentence.withUnsafeBufferPointer { tidy($0) }
    }

    /// Returns a sentence with each run of white space as one space.
    package static func tidy(_ sentence: UnsafeBufferPointer<UInt8>) -> String {
        let output = [UInt8](unsafeUninitializedCapacity: sentence.count) { output, count in
            var isAfterSpace = false
            for byte in sentence {
                let isSpace = byte == 0x20 || byte.isLineSpace
                if isSpace, isAfterSpace { continue }
                isAfterSpace = isSpace
                output[count] = isSpace ? 0x20 : byte
                count += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Returns the sentences of a UTF-8 text as ranges of bytes, in order, without the white space around them.
    package func ranges(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        var index = 0
        func finish(at end: Int) {
            let range = Self.trim(text, start..<end)
            if !range.isEmpty { result.append(range) }
            start = end
        }
        while index < text.count {
            let byte = text[index]
            switch Self.kinds[Int(byte)] {
            case .other: index += 1
            case .mayEnd:
                guard let end = endOfTerminators(text, index) else {
                    index += 1
                    continue
                }
                if let boundary = boundary(text, sentenceStart: start, terminator: index, after: end) {
                    finish(at: boundary)
                    index = boundary
                } else {
                    index = end
                }
            case .lineEnd:
                if isBreak(text, lineEnd: index) { finish(at: index) }
                index += 1
            }
        }
        finish(at: text.count)
        return result
    }

    /// What a byte may be the first one of.
    private enum ByteKind: UInt8 {
        case other, mayEnd, lineEnd
    }

    private static let kinds: [ByteKind] = (0..<256).map { value in
        switch UInt8(value) {
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"), 0xcd, 0xd6, 0xd8, 0xdb, 0xe0,
            0xe1, 0xe2, 0xe3, 0xef:
            .mayEnd
        case 0x0a: .lineEnd
        default: .other
        }
    }

    /// Returns a range without the white space at its ends.
    private static func trim(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let length = blankLength(text, at: low)
            if length == 0 { break }
            low += length
        }
        while high > low {
            if text[high - 1] <= 0x20 {
                high -= 1
            } else if text[high - 1] >= 0x80, let last = UTF8Decoding.scalar(before: high, text),
                CharacterInfo.of(last.value).isWhitespace
            {
                high -= last.length
            } else {
                break
            }
        }
        return low..<max(low, high)
    }

    /// The length in bytes of the white space at `index`, 0 where there is none; the byte order mark is white space.
    private static func blankLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        if text[index] <= 0x20 { return 1 }
        if text[index] < 0x80 { return 0 }
        let (value, length) = UTF8Decoding.scalar(text, index)
        return CharacterInfo.of(value).isWhitespace || value == 0xfeff ? length : 0
    }

    // MARK: Rules

    /// Returns the end of a run of full stops, question marks and the like that starts at `index`.
    private func endOfTerminators(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        var end = index
        while end < text.count {
            let (value, length) = UTF8Decoding.scalar(text, end)
            guard Self.isTerminator(value) || semicolonAsks && (value == 0x3b || value == 0x37e) else { break }
            end += length
        }
        return end > index ? end : nil
    }

    private static func isTerminator(_ value: UInt32) -> Bool {
        switch value {
        // . ! ? … ‼ ⁇ ⁈ ⁉ and the full stops of CJK, Arabic and Devanagari; of Armenian, Tibetan, Burmese, Ethiopic
        // and Khmer.
        case 0x2e, 0x21, 0x3f, 0x2026, 0x203c, 0x2047...0x2049, 0x3002, 0xff01, 0xff1f, 0xff0e, 0xff61, 0x61f, 0x6d4,
            0x964, 0x965, 0x589, 0xf0d, 0xf0e, 0x104a, 0x104b, 0x1362, 0x1367, 0x17d4, 0x17d5:
            true
        default: false
        }
    }

    private static func isWideTerminator(_ value: UInt32) -> Bool {
        switch value {
        case 0x2e, 0x21, 0x3f, 0x2026, 0x203c, 0x2047...0x2049, 0x3b, 0x37e: false
        default: true
        }
    }

    /// Returns where the sentence ends (after closing quotes and brackets), or nil where it goes on.
    private func boundary(
        _ text: UnsafeBufferPointer<UInt8>, sentenceStart: Int, terminator: Int, after: Int
    ) -> Int? {
        let first = UTF8Decoding.scalar(text, terminator).value
        let end = skipSpacedCloser(text, skipClosers(text, after))
        if end >= text.count { return end }
        // In 「…。」と言った the speech goes on outside the bracket.
        if Self.isWideTerminator(first) {
            return end > after && isContinuation(text, end) ? nil : end
        }
        let next = UTF8Decoding.scalar(text, end)
        guard CharacterInfo.of(next.value).isWhitespace else {
            return isGlued(text, terminator, end, hasCloser: end > after) ? end : nil
        }
        let opening = skipOpeners(text, end)
        guard opening < text.count else { return end }
        let follower = CharacterInfo.of(UTF8Decoding.scalar(text, opening).value)
        // "What?" he said. And: the U.S. economy … but also: It is over... or is it?
        if follower.isLetter, !follower.isUppercase, !follower.isUnspaced, isLowercase(text, opening) { return nil }
        if first != 0x2e { return end }
        if after - terminator > 1 { return end }
        if end > after { return end }
        return endsSentence(text, sentenceStart: sentenceStart, stop: terminator, next: opening) ? end : nil
    }

    /// Decides about a single full stop that is followed by white space and something not in lower case.
    private func endsSentence(
        _ text: UnsafeBufferPointer<UInt8>, sentenceStart: Int, stop: Int, next: Int
    ) -> Bool {
        var tokenStart = stop
        while tokenStart > sentenceStart, Self.isTokenByte(text[tokenStart - 1]) { tokenStart -= 1 }
        let token = UnsafeBufferPointer(rebasing: text[tokenStart..<stop])
        guard let head = token.first else { return true }
        let followsNumber = CharacterInfo.of(UTF8Decoding.scalar(text, next).value).isDigit
        if Self.isNumber(token) {
            // An item's number at the start of its line, or an ordinal.
            if isItemStart(text, sentenceStart, tokenStart) { return false }
            if abbreviations.hasDottedOrdinals, token.count <= 2 { return startsSentence(text, next) }
            return true
        }
        let scalar = UTF8Decoding.scalar(token, 0)
        if scalar.length == token.count, CharacterInfo.of(scalar.value).isLetter {
            // J. Smith, but: vitamin C. The …; I is a word of English at the end of a sentence only.
            guard CharacterInfo.of(scalar.value).isUppercase else { return startsSentence(text, next) }
            return startsSentence(text, next) && !followsInitial(text, sentenceStart, tokenStart)
        }
        let hash = Words.hash(of: CaseFolding.fold(Array(token)))
        if abbreviations.binding.contains(hash) { return false }
        if abbreviations.open.contains(hash) { return !followsNumber && startsSentence(text, next) }
        // U.S., a.m., z.B.: letters parted by full stops.
        if token.contains(0x2e), head.isASCIILetter, Self.isDottedLetters(token) { return startsSentence(text, next) }
        return true
    }

    /// The next word is one that begins sentences: a capitalized stop word.
    private func startsSentence(_ text: UnsafeBufferPointer<UInt8>, _ next: Int) -> Bool {
        var end = next
        while end < text.count, Self.isTokenByte(text[end]), text[end] != 0x2e { end += 1 }
        guard end > next else { return true }
        return starters.contains(Words.hash(of: CaseFolding.fold(Array(text[next..<end]))))
    }

    /// The token before this one is an initial too, as in `J. R. The…`.
    private func followsInitial(_ text: UnsafeBufferPointer<UInt8>, _ sentenceStart: Int, _ start: Int) -> Bool {
        start - sentenceStart >= 3 && text[start - 1] == 0x20 && text[start - 2] == 0x2e
            && text[start - 3].isASCIIUppercase
    }

    /// A word glued to the full stop before it by a lost line break: `waiting.The report`.
    private func isGlued(_ text: UnsafeBufferPointer<UInt8>, _ stop: Int, _ next: Int, hasCloser: Bool) -> Bool {
        guard next + 1 < text.count else { return false }
        let opening = text[next] == 0x22 ? next + 1 : next
        guard opening + 1 < text.count, text[opening].isASCIIUppercase,
            text[opening + 1].isASCIILowercase || text[opening + 1] == 0x20
        else { return false }
        if hasCloser { return true }
        // Not in an address of the web or of mail, looking forward and then back.
        var end = opening
        while end < text.count, text[end].isASCIILetter { end += 1 }
        if end + 1 < text.count, text[end] == 0x2e, text[end + 1].isASCIILowercase { return false }
        guard stop >= 3, text[stop - 1].isASCIILowercase, text[stop - 2].isASCIILowercase,
            text[stop - 3].isASCIILowercase
        else { return false }
        var start = stop
        while start > 0, Self.isTokenByte(text[start - 1]) || text[start - 1] == 0x2f || text[start - 1] == 0x40 {
            start -= 1
        }
        return !text[start..<stop].contains { $0 == 0x2e || $0 == 0x2f || $0 == 0x40 }
    }

    private func isLowercase(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let (value, _) = UTF8Decoding.scalar(text, index)
        if value < 0x80 { return UInt8(value).isASCIILowercase }
        return Unicode.Scalar(value)?.properties.isLowercase ?? false
    }

    private func isContinuation(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let value = UTF8Decoding.scalar(text, index).value
        // Hiragana (と言った, は, が), a comma.
        return (0x3041...0x309f).contains(value) || value == 0x3001 || value == 0xff0c
    }

    // MARK: Lines

    /// The line break at `lineEnd` ends a sentence: an empty line follows, or an item of a list.
    private func isBreak(_ text: UnsafeBufferPointer<UInt8>, lineEnd: Int) -> Bool {
        var index = lineEnd + 1
        while index < text.count, text[index] == 0x20 || text[index] == 0x09 || text[index] == 0x0d { index += 1 }
        guard index < text.count else { return true }
        if text[index] == 0x0a { return true }
        return isItem(text, index)
    }

    /// A bullet or an item's number stands at `index`.
    private func isItem(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let (value, length) = UTF8Decoding.scalar(text, index)
        let after = index + length
        switch value {
        case 0x2d, 0x2a, 0xb7, 0x2013, 0x2014, 0x2022, 0x2023, 0x25a0, 0x25cf, 0x25aa, 0x25e6, 0x2043, 0x25ba:
            return after < text.count && text[after] == 0x20
        case 0x30...0x39:
            var end = index
            while end < text.count, end - index < 3, text[end].isASCIIDigit { end += 1 }
            return end + 1 < text.count && (text[end] == 0x2e || text[end] == 0x29) && text[end + 1] == 0x20
        default: return false
        }
    }

    private func isItemStart(_ text: UnsafeBufferPointer<UInt8>, _ sentenceStart: Int, _ tokenStart: Int) -> Bool {
        var index = sentenceStart
        while index < tokenStart, text[index] <= 0x20 { index += 1 }
        return index == tokenStart
    }

    private func skipClosers(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count {
            let (value, length) = UTF8Decoding.scalar(text, index)
            switch value {
            case 0x22, 0x27:
                // A straight quote closes only where a space or the end, or another closer, comes after it.
                let next = index + 1 < text.count ? UTF8Decoding.scalar(text, index + 1).value : 0x20
                let isOpening = CharacterInfo.of(next).isLetter && index > start
                if isOpening { return index }
                index += length
            case 0x29, 0x5d, 0x2019, 0x201d, 0xbb, 0x203a, 0x300d, 0x300f, 0xff09, 0x3011, 0x300b, 0x3009, 0x201c:
                index += length
            default: return index
            }
        }
        return index
    }

    /// French puts a space, often one that does not break, before its closing quotation mark; tokenized texts have a space
    /// on both sides of a straight one.
    private func skipSpacedCloser(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        guard start < text.count else { return start }
        let space = UTF8Decoding.scalar(text, start)
        let mark = start + space.length
        guard [0x20, 0xa0, 0x202f].contains(space.value), mark < text.count else { return start }
        if text[mark] == 0x22, mark + 1 == text.count || text[mark + 1] <= 0x20 { return mark + 1 }
        return UTF8Decoding.scalar(text, mark) == (0xbb, 2) ? mark + 2 : start
    }

    private func skipOpeners(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count {
            let (value, length) = UTF8Decoding.scalar(text, index)
            switch value {
            case 0x22, 0x27, 0x28, 0x5b, 0x2018, 0x201c, 0x201e, 0x201a, 0xab, 0x2039, 0xbf, 0xa1, 0x2d, 0x2013, 0x2014:
                index += length
            default:
                guard CharacterInfo.of(value).isWhitespace else { return index }
                index += length
            }
        }
        return index
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte.isASCIILetter || byte.isASCIIDigit || byte == 0x2e || byte == 0x2d || byte == 0x5f
    }

    private static func isNumber(_ token: UnsafeBufferPointer<UInt8>) -> Bool { token.allSatisfy { $0.isASCIIDigit } }

    private static func isDottedLetters(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        var run = 0
        for byte in token {
            run = byte == 0x2e ? 0 : run + 1
            if run > 2 || byte.isASCIIDigit { return false }
        }
        return true
    }
}
