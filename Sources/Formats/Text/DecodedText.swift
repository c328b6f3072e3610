import Articles
import Encodings

/// The bytes of a text file in any encoding, made ready for reading as ``PlainText`` does.
struct DecodedText {
    /// Valid UTF-8 with line feeds; the text begins at ``start``.
    let bytes: [UInt8]
    /// Where the text begins, behind a byte order mark.
    let start: Int
    /// The encoding that the file is in.
    let encoding: String
    /// What was doubtful.
    let warnings: [String]

    /// Takes a file's bytes, or throws `binary`, or `invalid_utf8` where the file ends within a character.
    init(_ file: [UInt8], format: String) throws(ParseError) {
        guard DecodedText.sign(of: file) != nil else {
            let text = try PlainText(file, format: format)
            (bytes, start, warnings) = (text.bytes, text.start, text.warnings)
            encoding = TextEncoding.utf8.description
            return
        }
        if PageEncoding.wide(file) != nil, !file.count.isMultiple(of: 2) {
            throw ParseError(
                code: .invalidUTF8, format: format, position: .byte(file.count - 1),
                message: "the file ends within a character of UTF-16", looksTruncated: true)
        }
        // As if it said so itself: a text with a few bad bytes in it is UTF-8 all the same.
        let decoded = try PageEncoding(file, format: format, declared: "utf-8")
        let text = try PlainText(decoded.text, format: format)
        (bytes, start) = (text.bytes, text.start)
        encoding = decoded.encoding.description
        warnings = decoded.warnings + text.warnings.filter { !decoded.warnings.contains($0) }
    }

    /// Returns by what a file is known to be text in another encoding than UTF-8; nil where it is none, or no text.
    static func sign(of file: [UInt8]) -> String? {
        if let wide = PageEncoding.wide(file) { return "its first bytes are those of \(wide)" }
        let scan = file.withUnsafeBufferPointer { UTF8Scan($0) }
        guard case .invalid = scan.fault, scan.firstNUL == nil,
            scan.controlBytes <= 4 || scan.controlBytes <= file.count / 50
        else { return nil }
        return "it is text in another encoding than UTF-8"
    }
}
