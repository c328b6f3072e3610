/// What every scalar becomes in the index, worked out once a scalar: lower case, and without its accents.
///
/// Latin, Greek, Cyrillic and Arabic letters lose their accents by their Unicode names (LATIN SMALL LETTER E WITH ACUTE
/// is E); a letter that its name calls one of its own (й is SHORT I) keeps its shape. Marks of scripts in which they spell
/// vowels stay, or Devanagari would lose them.
final class FoldTable {
    /// What a scalar is for the scanner.
    enum Kind: UInt8 {
        /// Parts words.
        case separator
        /// A letter, digit or vowel mark.
        case word
        /// An accent: kept for the stemmer, left out of the index.
        case accent
        /// A letter of a script that is written without spaces: indexed in overlapping pairs.
        case paired
    }

    /// A scalar's kind and its two forms in UTF-8, the first byte lowest.
    struct Entry {
        var kind = Kind.separator
        var isDigit = false
        var lowerCount: UInt8 = 0
        var foldedCount: UInt8 = 0
        var lower: UInt32 = 0
        var folded: UInt32 = 0
    }

    /// Blocks of 256 scalars of the basic plane, made when the first of them is met.
    private var blocks = [[Entry]](repeating: [], count: 256)

    /// Returns what `scalar` becomes.
    func entry(_ scalar: Unicode.Scalar) -> Entry {
        let value = Int(scalar.value)
        guard value < 0x10000 else { return FoldTable.make(scalar) }
        if blocks[value >> 8].isEmpty {
            blocks[value >> 8] = (0..<256).map { low in
                Unicode.Scalar(UInt32(value & 0xff00 | low)).map(FoldTable.make) ?? Entry()
            }
        }
        return blocks[value >> 8][value & 0xff]
    }

    // MARK: Making entries

    private static func make(_ scalar: Unicode.Scalar) -> Entry {
        var entry = Entry()
        if isPaired(scalar.value) {
            entry.kind = .paired
            return entry
        }
        // Full-width forms of ASCII stand in East Asian text for the plain ones.
        let scalar =
            (0xff01...0xff5e).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xfee0) ?? scalar : scalar
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .otherNumber, .spacingMark:
            entry.kind = .word
        case .decimalNumber:
            entry.kind = .word
            entry.isDigit = true
        case .nonspacingMark, .enclosingMark: entry.kind = isAccent(scalar.value) ? .accent : .word
        default: return entry
        }
        // The Arabic tatweel only stretches a word.
        if scalar.value == 0x640 { entry.kind = .accent }
        let lower = scalar.properties.lowercaseMapping
        (entry.lower, entry.lowerCount) = pack(Array(lower.utf8))
        if entry.kind == .word {
            (entry.folded, entry.foldedCount) = pack(lower.unicodeScalars.flatMap { Array(base(of: $0).utf8) })
        }
        return entry
    }

    private static func pack(_ bytes: [UInt8]) -> (UInt32, UInt8) {
        var packed: UInt32 = 0
        for (index, byte) in bytes.prefix(4).enumerated() { packed |= UInt32(byte) << UInt32(index * 8) }
        return (packed, UInt8(min(bytes.count, 4)))
    }

    private static func isAccent(_ value: UInt32) -> Bool {
        switch value {
        case 0x300...0x36f, 0x483...0x489, 0x591...0x5c7, 0x610...0x61a, 0x64b...0x65f, 0x670, 0x6d6...0x6ed,
            0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20ff, 0xfe00...0xfe0f, 0xfe20...0xfe2f:
            true
        default: false
        }
    }

    private static func isPaired(_ value: UInt32) -> Bool {
        switch value {
        // Thai and Lao (without the baht sign and digits), Myanmar, Khmer.
        case 0xe01...0xe3a, 0xe40...0xe4e, 0xe81...0xecd, 0x1000...0x103f, 0x1050...0x108f, 0x1780...0x17d3: true
        // Hangul, Kana, Han with their iteration marks.
        case 0x1100...0x11ff, 0x3005...0x3007, 0x3041...0x3096, 0x309d...0x309f, 0x30a1...0x30fa, 0x30fc...0x30ff,
            0x3105...0x318e, 0x31f0...0x31ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xac00...0xd7a3, 0xf900...0xfaff,
            0xff66...0xff9f, 0x20000...0x3ffff:
            true
        default: false
        }
    }

    /// Returns a lower-case scalar's text without accents.
    private static func base(of scalar: Unicode.Scalar) -> String {
        if let special = specials[scalar.value] { return special }
        // U+0300–U+036F may come from a mapping: İ becomes i and a dot above.
        if isAccent(scalar.value) { return "" }
        guard scalar.value >= 0x80, let name = scalar.properties.name else { return String(scalar) }
        let words = name.split(separator: " WITH ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2, let letter = letters[String(words[0])] else { return String(scalar) }
        return String(letter)
    }

    /// Letters that their names do not lead back to the plain ones that readers type for them.
    private static let specials: [UInt32: String] = [
        0xdf: "ss", 0xe6: "ae", 0x153: "oe", 0xf0: "d", 0xfe: "th", 0x131: "i", 0x138: "k", 0x14b: "ng", 0x149: "n",
        0x17f: "s", 0x1c6: "dz", 0x1c9: "lj", 0x1cc: "nj", 0x1f3: "dz", 0x1fd: "ae", 0x1e3: "ae", 0x133: "ij",
        0x3c2: "σ", 0x451: "е", 0xfb00: "ff", 0xfb01: "fi", 0xfb02: "fl", 0xfb03: "ffi", 0xfb04: "ffl", 0xfb05: "st",
        0xfb06: "st",
    ]

    /// The unaccented letters by their Unicode names.
    private static let letters: [String: Unicode.Scalar] = {
        var letters: [String: Unicode.Scalar] = [:]
        for block in [0x61...0x7a, 0x3b1...0x3c9, 0x430...0x45f, 0x621...0x64a] as [ClosedRange<UInt32>] {
            for value in block {
                guard let scalar = Unicode.Scalar(value), let name = scalar.properties.name else { continue }
                letters[name] = scalar
            }
        }
        return letters
    }()
}
