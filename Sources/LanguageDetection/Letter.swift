/// What the reader needs to know of a scalar, in one word: its lower case and its script.
struct Letter {
    private let raw: UInt32

    /// The scalar's lower case.
    var lowercase: UInt32 { raw & 0x1f_ffff }
    /// The script's number, nil where it is no letter.
    var script: Script? { raw & Letter.isNone != 0 ? nil : Script(rawValue: UInt8(truncatingIfNeeded: raw >> 24)) }

    private static let isNone: UInt32 = 1 << 23

    private init(cased value: UInt32) {
        var lower = value
        if let scalar = Unicode.Scalar(value) {
            let mapping = scalar.properties.lowercaseMapping.unicodeScalars
            if mapping.count == 1, let first = mapping.first { lower = first.value }
        }
        raw = lower | (Script.of(value).map { UInt32($0.rawValue) << 24 } ?? Letter.isNone)
    }

    /// Returns what is known of a scalar beyond ``table``: Han and Hangul, of which only the script is asked.
    static func beyondTable(_ value: UInt32) -> Letter { Letter(uncased: value) }

    private init(uncased value: UInt32) {
        let script: Script? =
            switch value {
            case 0x3400..<0xa000, 0x20000..<0x40000: .han
            case 0xac00..<0xd7a4: .hangul
            default: Script.of(value)
            }
        raw = value | (script.map { UInt32($0.rawValue) << 24 } ?? Letter.isNone)
    }

    /// All scripts that have case, and most others: asking for a scalar's properties costs fifty times as much.
    static let table = (0..<0x3100 as Range<UInt32>).map { Letter(cased: $0) }
}
