/// What stands in articles but says nothing of their story: datelines, credits, invitations to click.
enum Boilerplate {
    /// Returns where the text begins behind a dateline such as `LONDON, Feb 26 (Reuters) - ` or `(CNN) -- `.
    ///
    /// A dateline is taken for one only where it ends with an agency in brackets, or with a dash and begins with a place
    /// in capitals, within the first 100 bytes.
    static func endOfDateline(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = 0
        while start < text.count, text[start] <= 0x20 { start += 1 }
        let limit = min(text.count, start + 100)
        var hasAgency = false
        var index = start
        while index < limit {
            switch text[index] {
            case UInt8(ascii: "("):
                guard let close = endOfAgency(text, index, limit), index == start || beginsInCapitals(text, start)
                else {
                    return start
                }
                hasAgency = true
                index = close
                if let behind = endOfDash(text, index) { return behind }
                return skipSpaces(text, index)
            case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), 0x22, 0x0a:
                // D.C. and Feb. belong to datelines, a sentence's end does not.
                if text[index] != UInt8(ascii: ".") || index - start < 2 { return start }
                index += 1
            default:
                if let behind = endOfDash(text, index) {
                    return hasAgency || beginsInCapitals(text, start) ? behind : start
                }
                index += 1
            }
        }
        return start
    }

    /// A sentence is a credit or an invitation.
    static func isBoilerplate(_ sentence: UnsafeBufferPointer<UInt8>) -> Bool {
        openings.contains { opening in
            guard sentence.count >= opening.count else { return false }
            for index in opening.indices
            where (sentence[index] | (isUpper(sentence[index]) ? 0x20 : 0)) != opening[index] {
                return false
            }
            return true
        }
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    private static let openings: [[UInt8]] = [
        "scroll down for video", "scroll down to", "click here", "read more", "read also", "related:", "follow us",
        "sign up for", "published:", "updated:", "last updated", "(reporting by", "(editing by",
        "(additional reporting",
        "(writing by", "reporting by", "editing by", "copyright ", "© ", "all rights reserved", "photo:", "(photo",
        "watch:", "share this", "for more information", "lesen sie auch", "mehr zum thema", "lire aussi",
        "à lire aussi",
        "lea también", "leer más", "leggi anche", "leia também", "leia mais", "lees ook", "läs också", "læs også",
        "les også", "читайте также",
    ].map { Array($0.utf8) }

    /// The end of `(CNN)`, `(Reuters)`, `(AP Photo)`: a few letters in brackets.
    private static func endOfAgency(_ text: UnsafeBufferPointer<UInt8>, _ open: Int, _ limit: Int) -> Int? {
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

    /// The first word is of three capitals at least.
    private static func beginsInCapitals(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        var index = start
        while index < text.count, isUpper(text[index]) || text[index] >= 0x80 { index += 1 }
        let isWhole = index == text.count || (text[index] | 0x20) &- 0x61 >= 26
        return index - start >= 3 && isWhole
    }

    /// The end of a dash with its spaces: ` - `, ` -- `, `--`, ` – `, ` — `.
    private static func endOfDash(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var index = skipSpaces(text, start)
        let hasSpace = index > start
        let dash = index
        while index < text.count, text[index] == 0x2d { index += 1 }
        if index == dash, index + 2 < text.count, text[index] == 0xe2, text[index + 1] == 0x80,
            text[index + 2] == 0x93 || text[index + 2] == 0x94
        {
            index += 3
        } else if index - dash == 1, !hasSpace {
            return nil
        }
        guard index > dash else { return nil }
        let end = skipSpaces(text, index)
        return end > index || index - dash > 1 ? end : nil
    }

    private static func skipSpaces(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == 0x20 || text[index] == 0x0a || text[index] == 0x0d { index += 1 }
        return index
    }
}
