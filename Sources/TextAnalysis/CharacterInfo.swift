/// What text analysis needs to know of a Unicode scalar, in one word: its lower case and its classes.
///
/// Scalars of the basic plane are looked up in a table that is made once; asking `Unicode.Scalar.Properties` every time
/// would cost fifty times as much.
package struct CharacterInfo: Sendable, Equatable {
    let raw: UInt32

    /// The scalar's lower case (itself where it has none).
    package var lowercase: UInt32 { raw & 0x1f_ffff }
    /// It belongs to a word, as Python's `\w` says: a letter, a number or the underscore.
    package var isWord: Bool { raw & Self.wordBit != 0 }
    /// It is an upper-case or title-case letter.
    package var isUppercase: Bool { raw & Self.uppercaseBit != 0 }
    /// It is a letter.
    package var isLetter: Bool { raw & Self.letterBit != 0 }
    /// It belongs to a script that puts no spaces between words (Han, kana, Thai, Lao, Khmer, Burmese, Tibetan).
    package var isUnspaced: Bool { raw & Self.unspacedBit != 0 }
    /// It is white space.
    package var isWhitespace: Bool { raw & Self.spaceBit != 0 }
    /// It is a decimal digit.
    package var isDigit: Bool { raw & Self.digitBit != 0 }

    static let wordBit: UInt32 = 1 << 31
    static let uppercaseBit: UInt32 = 1 << 30
    static let letterBit: UInt32 = 1 << 29
    static let unspacedBit: UInt32 = 1 << 28
    static let spaceBit: UInt32 = 1 << 27
    static let digitBit: UInt32 = 1 << 26

    /// Computes the information from the standard library's Unicode data.
    init(scalar: Unicode.Scalar) {
        let properties = scalar.properties
        var bits = scalar.value
        // U+0130 is the one letter whose lower case is two scalars (i and a combining dot): see `Words`.
        let lower = properties.lowercaseMapping.unicodeScalars
        if lower.count == 1, let first = lower.first { bits = first.value }
        switch properties.generalCategory {
        case .uppercaseLetter, .titlecaseLetter: bits |= Self.wordBit | Self.letterBit | Self.uppercaseBit
        case .lowercaseLetter, .modifierLetter, .otherLetter: bits |= Self.wordBit | Self.letterBit
        case .decimalNumber: bits |= Self.wordBit | Self.digitBit
        default: if properties.numericType != nil || scalar == "_" { bits |= Self.wordBit }
        }
        if properties.isWhitespace { bits |= Self.spaceBit }
        if Self.isUnspaced(scalar.value), bits & Self.wordBit != 0, bits & Self.digitBit == 0 {
            bits |= Self.unspacedBit
        }
        raw = bits
    }

    private static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0x0e00...0x0eff, 0x0f00...0x109f, 0x1780...0x17ff, 0x2e80...0x2fdf, 0x3005...0x3007, 0x3021...0x30ff,
            0x31f0...0x31ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0xff66...0xff9d, 0x1b000...0x1b16f,
            0x20000...0x3ffff:
            true
        default: false
        }
    }

    private init(raw: UInt32) { self.raw = raw }

    /// Returns the information of any scalar value; a surrogate or a value out of range is nothing at all.
    package static func of(_ scalar: UInt32) -> CharacterInfo {
        if scalar < 0x800 { return low[Int(scalar)] }
        if scalar < 0x1_0000 { return basicPlane[Int(scalar)] }
        return Unicode.Scalar(scalar).map(CharacterInfo.init(scalar:)) ?? CharacterInfo(raw: scalar & 0x1f_ffff)
    }

    /// Everything that takes at most two bytes: Latin, Greek, Cyrillic, Hebrew, Arabic.
    static let low = (0..<0x800 as Range<UInt32>).map(make)
    /// The whole basic plane, 256 KiB, made when the first text needs it.
    static let basicPlane = (0..<0x1_0000 as Range<UInt32>).map(make)

    private static func make(_ value: UInt32) -> CharacterInfo {
        Unicode.Scalar(value).map(CharacterInfo.init(scalar:)) ?? CharacterInfo(raw: value)
    }
}
