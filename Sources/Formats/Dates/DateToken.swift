/// A piece of a written date.
enum DateToken: Equatable {
    /// A number and how many digits it is written with.
    case number(Int, digits: Int)
    /// Letters in lower case; `a.m.` and the like are one word.
    case word(String)
    case mark(Character)

    /// Returns the pieces of a text. Digits of any script are digits; a run of white space is one space.
    static func read(_ text: some StringProtocol) -> [DateToken] {
        var tokens: [DateToken] = []
        var word = ""
        var value = 0
        var digits = 0
        func endNumber() {
            if digits > 0 { tokens.append(.number(value, digits: digits)) }
            value = 0
            digits = 0
        }
        func endWord() {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        for character in text.lowercased() {
            if let digit = digit(character) {
                endWord()
                if digits < 18 {
                    value = value * 10 + digit
                    digits += 1
                }
            } else if isLetter(character) {
                endNumber()
                // A CJK character is a word: the units of a date stand between its numbers.
                if let scalar = character.unicodeScalars.first,
                    (0x3000...0x9fff).contains(scalar.value) || (0xac00...0xd7a3).contains(scalar.value)
                {
                    if let last = word.unicodeScalars.first, ["오", "下", "上", "午"].contains(Character(last)) {
                        word.append(character)
                        endWord()
                        continue
                    }
                    endWord()
                    word.append(character)
                    if !["오", "下", "上", "午"].contains(character) { endWord() }
                } else {
                    word.append(character)
                }
            } else if character == ".", word == "a" || word == "p" || word == "a.m" || word == "p.m" {
                word.append(character)
                if word == "a.m." || word == "p.m." {
                    word.removeLast()
                    endWord()
                }
            } else {
                endNumber()
                endWord()
                let mark: Character = character.isWhitespace ? " " : character
                if mark != " " || tokens.last != .mark(" ") { tokens.append(.mark(mark)) }
            }
        }
        endNumber()
        endWord()
        return tokens
    }

    // Most are of ASCII, for which the tables of Unicode need not be asked.

    private static func digit(_ character: Character) -> Int? {
        if let ascii = character.asciiValue { return (0x30...0x39).contains(ascii) ? Int(ascii) - 0x30 : nil }
        guard let digit = character.wholeNumberValue, digit < 10, character.unicodeScalars.count == 1,
            character.unicodeScalars.first?.properties.generalCategory == .decimalNumber
        else { return nil }
        return digit
    }

    /// - Parameter character: in lower case.
    private static func isLetter(_ character: Character) -> Bool {
        character.asciiValue.map { (0x61...0x7a).contains($0) } ?? character.isLetter
    }
}
