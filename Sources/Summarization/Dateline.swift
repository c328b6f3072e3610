import TextAnalysis

/// Where and by whom an article was filed, as agencies begin its text: `LONDON, Feb 26 (Reuters) - `.
enum Dateline {
    private typealias Text = UnsafeBufferPointer<UInt8>

    /// A dateline ends within so many bytes.
    private static let longest = 100

    /// Returns where the text begins behind its dateline; behind the white space before it where there is none.
    ///
    /// Taken for one is what begins with a place in capitals and ends with an agency in brackets or with a dash, an agency
    /// in brackets at the very start, and what ends with a known agency in brackets and a dash (`Berlin (dpa) - `). Some
    /// agencies put two of them one after the other.
    static func end(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = skipBlanks(text, 0)
        for _ in 0..<2 {
            guard let end = one(text, start) else { break }
            start = end
        }
        return start
    }

    private static func one(_ text: Text, _ start: Int) -> Int? {
        if let end = endInChineseOrJapanese(text, start) { return end }
        let limit = min(text.count, start + longest)
        let isPlace = beginsInCapitals(text, start)
        var index = start
        while index < limit {
            switch text[index] {
            case UInt8(ascii: "("):
                guard let close = endOfAgency(text, index, limit) else { return nil }
                // EFE writes (EFE).-
                let dash = endOfDash(text, close < text.count && text[close] == UInt8(ascii: ".") ? close + 1 : close)
                if index == start || isPlace { return dash ?? skipBlanks(text, close) }
                return isKnownAgency(text, (index + 1)..<(close - 1)) ? dash : nil
            case UInt8(ascii: "/"):
                // TASS writes /TASS/.
                guard isPlace, let close = text[(index + 1)..<limit].firstIndex(of: UInt8(ascii: "/")),
                    isKnownAgency(text, (index + 1)..<close)
                else { return nil }
                return skipBlanks(text, close + 1 < text.count && text[close + 1] == 0x2e ? close + 2 : close + 1)
            case UInt8(ascii: "."):
                // D.C. and Feb. belong to datelines.
                if index - start < 2 { return nil }
                index += 1
            case UInt8(ascii: "!"), UInt8(ascii: "?"), 0x22, 0x0a: return nil
            default:
                if let end = endOfDash(text, index) { return isPlace ? end : nil }
                index += 1
            }
        }
        return nil
    }

    /// The end of `(CNN)`, `(Reuters)`, `(AP Photo)`: a few letters in brackets.
    private static func endOfAgency(_ text: Text, _ open: Int, _ limit: Int) -> Int? {
        var index = open + 1
        // Some agencies write themselves small (dpa, afp); a sentence may begin with a small word in brackets.
        guard index < text.count, isUpper(text[index]) || (open > 0 && (text[index] &- 0x61) < 26) else { return nil }
        while index < min(text.count, open + 24) {
            let byte = text[index]
            if byte == UInt8(ascii: ")") { return index - open >= 3 ? index + 1 : nil }
            guard byte == 0x20 || byte == 0x2f || byte == 0x2e || byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 else {
                return nil
            }
            index += 1
        }
        return nil
    }

    /// The first word of what stands in the brackets, `dpa` of `dpa/lby`, is an agency's name.
    private static func isKnownAgency(_ text: Text, _ range: Range<Int>) -> Bool {
        let name = text[range].prefix { $0 != 0x20 && $0 != 0x2f }
        return agencies.contains(Words.hash(of: CaseFolding.fold(Array(name))))
    }

    private static let agencies = HashSet64(
        """
        aa aap adn afp agerpres agi anp ansa ap apa ats belga bns bta cnn ctk čtk dapd dpa efe epd europapress hina ians
        inform interfax itar-tass jiji kna kyodo lusa mti ntb pa pap pti reuter reuters ria ritzau rtr sana sda sid spa
        stt ta3 tanjug tass tt ukrinform unian upi xinhua yonhap
        """.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0a }).map { Words.hash(of: $0) })

    /// The first word is of three capitals at least.
    private static func beginsInCapitals(_ text: Text, _ start: Int) -> Bool {
        var index = start
        var capitals = 0
        while index < text.count, index - start < longest {
            let (value, length) = UTF8Decoding.scalar(text, index)
            let info = CharacterInfo.of(value)
            guard info.isUppercase else { return capitals >= 3 && !info.isLetter }
            capitals += 1
            index += length
        }
        return capitals >= 3
    }

    /// The end of 【東京時事】 at the start, or of 新华社北京3月3日电（记者 …）.
    private static func endInChineseOrJapanese(_ text: Text, _ start: Int) -> Int? {
        guard start + 3 <= text.count, text[start] >= 0xe3 else { return nil }
        let head = UnsafeBufferPointer(rebasing: text[start..<min(text.count, start + longest)])
        if starts(head, at: 0, with: "【") {
            return firstIndex(of: "】", in: head).map { start + $0 + 3 }
        }
        guard let wired = firstIndex(of: "日电", in: head) else { return nil }
        let end = wired + 6
        guard starts(head, at: end, with: "（"),
            let close = firstIndex(of: "）", in: UnsafeBufferPointer(rebasing: head[end...]))
        else { return start + end }
        return start + end + close + 3
    }

    private static func firstIndex(of mark: StaticString, in text: Text) -> Int? {
        text.indices.first { starts(text, at: $0, with: mark) }
    }

    private static func starts(_ text: Text, at index: Int, with mark: StaticString) -> Bool {
        guard text.count - index >= mark.utf8CodeUnitCount else { return false }
        return mark.withUTF8Buffer { bytes in bytes.indices.allSatisfy { text[index + $0] == bytes[$0] } }
    }

    /// The end of a dash with its spaces: ` - `, ` -- `, `--`, ` – `, ` — `.
    private static func endOfDash(_ text: Text, _ start: Int) -> Int? {
        var index = skipBlanks(text, start)
        let hasSpace = index > start
        let dash = index
        while index < text.count, text[index] == 0x2d { index += 1 }
        if index == dash, index + 2 < text.count, text[index] == 0xe2, text[index + 1] == 0x80,
            text[index + 2] == 0x93 || text[index + 2] == 0x94
        {
            index += 3
        } else if index - dash == 1, !hasSpace, start == 0 || text[start - 1] != UInt8(ascii: ".") {
            return nil
        }
        guard index > dash else { return nil }
        let end = skipBlanks(text, index)
        return end > index || index - dash > 1 ? end : nil
    }

    private static func skipBlanks(_ text: Text, _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] <= 0x20 { index += 1 }
        return index
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
}
