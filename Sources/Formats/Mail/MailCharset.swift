import Encodings

/// Turns what a mail carries into text, by what it says of its encoding and by what it looks like.
enum MailCharset {
    /// Returns bytes as text; see ``decode(_:_:)``.
    static func text(_ bytes: [UInt8], _ label: [UInt8]?) -> String {
        String(decoding: decode(bytes, label).text, as: UTF8.self)
    }

    /// What bytes are as text.
    struct Decoded {
        /// Valid UTF-8.
        var text: [UInt8]
        var encoding: TextEncoding
        var warnings: [String] = []
    }

    /// Returns bytes as UTF-8.
    ///
    /// Text in one of the encodings with one byte a character that is valid UTF-8 in several places is UTF-8, whatever
    /// its label says: programs that answer a mail pass on the old label. One that is written in the bytes of ASCII is
    /// read by its label. Where that is missing, unknown or evidently wrong, it is guessed.
    static func decode(_ bytes: [UInt8], _ label: [UInt8]?) -> Decoded {
        let declared = label.flatMap { encoding(of: $0) }
        let isShifted = declared.map { shifted.contains($0.description) } ?? false
        let scan = bytes.withUnsafeBufferPointer { UTF8Scan($0) }
        if !isShifted, scan.fault == nil {
            let beyond = bytes.reduce(0) { $0 + ($1 >= 0xc2 ? 1 : 0) }
            if beyond == 0 || declared == nil || declared == .utf8 || declared == .windows1252 && beyond > 0
                || beyond > 1 && !isWide(declared)
            {
                return Decoded(text: bytes, encoding: beyond == 0 ? declared ?? .utf8 : .utf8)
            }
        }
        if let declared, declared != .utf8, let converted = TextConverter.utf8(from: bytes, in: declared),
            converted.replaced * 20 <= bytes.count || isShifted
        {
            return Decoded(
                text: converted.text, encoding: declared,
                warnings: converted.replaced > 0 ? ["characters_replaced"] : [])
        }
        // What says UTF-8 and nearly is.
        let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
        let broken = repaired.indices.dropLast(2).count { repaired[$0...].starts(with: [0xef, 0xbf, 0xbd]) }
        let isCut = if case .cut = scan.fault { true } else { false }
        if declared == .utf8 && broken * 4 <= max(4, bytes.count { $0 >= 0xc2 }) || isCut && declared == nil {
            return Decoded(text: repaired, encoding: .utf8, warnings: ["characters_replaced"])
        }
        let guess = EncodingDetector.guess(of: bytes)
        guard let converted = TextConverter.utf8(from: bytes, in: guess) else {
            return Decoded(text: repaired, encoding: .utf8, warnings: ["characters_replaced"])
        }
        return Decoded(text: converted.text, encoding: guess, warnings: ["encoding_guessed"])
    }

    /// Returns the encoding of a label; RFC 2231 puts a language behind it.
    static func encoding(of label: [UInt8]) -> TextEncoding? {
        TextEncoding(label: String(decoding: label.prefix { $0 != UInt8(ascii: "*") }, as: UTF8.self))
    }

    /// Encodings that write everything in the bytes of ASCII.
    private static let shifted: Set<String> = [
        "utf-7", "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-kr", "iso-2022-cn",
        "iso-2022-cn-ext", "utf-16le", "utf-16be", "utf-16", "utf-32", "utf-32le", "utf-32be",
    ]

    /// Whether characters have several bytes, which by chance look like those of UTF-8.
    private static func isWide(_ encoding: TextEncoding?) -> Bool {
        let names = ["gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "euc-tw", "johab"]
        return encoding.map { names.contains($0.description) } ?? false
    }
}
