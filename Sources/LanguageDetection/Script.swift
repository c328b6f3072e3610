/// A script by what it tells of the language: some are shared by many, others decide it alone.
package enum Script: UInt8, Sendable, CaseIterable {
    case latin, cyrillic, arabic, devanagari
    case han, kana, hangul, greek, hebrew, thai, lao, georgian, armenian, bengali, gujarati, gurmukhi, oriya, tamil
    case telugu, kannada, malayalam, sinhala, khmer, burmese, tibetan, thaana
    /// Letters of scripts that are not known here.
    case other

    /// The language that a script other than those of ``isShared`` is written for, nil where that is not known.
    package var language: String? {
        switch self {
        case .latin, .cyrillic, .arabic, .devanagari, .other: nil
        case .han: "zh"
        case .kana: "ja"
        case .hangul: "ko"
        case .greek: "el"
        case .hebrew: "he"
        case .thai: "th"
        case .lao: "lo"
        case .georgian: "ka"
        case .armenian: "hy"
        case .bengali: "bn"
        case .gujarati: "gu"
        case .gurmukhi: "pa"
        case .oriya: "or"
        case .tamil: "ta"
        case .telugu: "te"
        case .kannada: "kn"
        case .malayalam: "ml"
        case .sinhala: "si"
        case .khmer: "km"
        case .burmese: "my"
        case .tibetan: "bo"
        case .thaana: "dv"
        }
    }

    /// Many languages are written in it: their n-grams tell them apart.
    package var isShared: Bool { rawValue <= Script.devanagari.rawValue }

    /// Returns the script of a letter, or of a sign that only stands on or beside letters; nil for everything else.
    static func of(_ value: UInt32) -> Script? {
        switch value {
        case 0x41...0x5a, 0x61...0x7a: return .latin
        case 0..<0xaa: return nil
        case 0x964, 0x965, 0x3001...0x3004, 0x3008...0x3020, 0x30fb: return nil
        default: break
        }
        guard let scalar = Unicode.Scalar(value), isWritten(scalar.properties.generalCategory) else { return nil }
        return block(of: value)
    }

    private static func isWritten(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark:
            true
        default: false
        }
    }

    private static func block(of value: UInt32) -> Script {
        switch value {
        case 0..<0x250, 0x1e00..<0x1f00, 0xff21..<0xff5b: .latin
        case 0x370..<0x400, 0x1f00..<0x2000: .greek
        case 0x400..<0x530: .cyrillic
        case 0x530..<0x590, 0xfb13..<0xfb18: .armenian
        case 0x590..<0x600, 0xfb1d..<0xfb50: .hebrew
        case 0x600..<0x700, 0x750..<0x780, 0x8a0..<0x900, 0xfb50..<0xfe00, 0xfe70..<0xff00: .arabic
        case 0x780..<0x7c0: .thaana
        case 0x900..<0x980: .devanagari
        case 0x980..<0xa00: .bengali
        case 0xa00..<0xa80: .gurmukhi
        case 0xa80..<0xb00: .gujarati
        case 0xb00..<0xb80: .oriya
        case 0xb80..<0xc00: .tamil
        case 0xc00..<0xc80: .telugu
        case 0xc80..<0xd00: .kannada
        case 0xd00..<0xd80: .malayalam
        case 0xd80..<0xe00: .sinhala
        case 0xe00..<0xe80: .thai
        case 0xe80..<0xf00: .lao
        case 0xf00..<0x1000: .tibetan
        case 0x1000..<0x10a0: .burmese
        case 0x10a0..<0x1100, 0x1c90..<0x1cc0, 0x2d00..<0x2d30: .georgian
        case 0x1100..<0x1200, 0x3130..<0x3190, 0xac00..<0xd7b0: .hangul
        case 0x1780..<0x1800: .khmer
        case 0x3040..<0x3100, 0x31f0..<0x3200, 0xff66..<0xffa0: .kana
        case 0x2e80..<0x3000, 0x3005..<0x3008, 0x3400..<0xa000, 0xf900..<0xfb00, 0x20000..<0x40000: .han
        default: .other
        }
    }
}
