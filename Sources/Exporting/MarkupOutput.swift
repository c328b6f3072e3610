/// The bytes of a document of XML.
struct MarkupOutput {
    private(set) var bytes: [UInt8] = []

    /// Adds markup as it is.
    mutating func raw(_ markup: String) { bytes += Array(markup.utf8) }

    /// Adds text; characters that XML 1.0 does not have are U+FFFD.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            // As it is, a reader would make a line end of it.
            case "\r": raw("&#13;")
            case "\t", "\n": bytes.append(UInt8(scalar.value))
            case "\u{0}"..<" ", "\u{fffe}", "\u{ffff}": bytes += Array("\u{fffd}".utf8)
            default: bytes += Array(scalar.utf8)
            }
        }
    }

    /// Adds an attribute of the element that is being opened.
    mutating func attribute(_ name: String, _ value: String) {
        raw(" \(name)=\"")
        // Line ends and tabs in attributes become spaces in every reader.
        text(value)
        raw("\"")
    }

    /// Adds an element with text in it.
    mutating func element(_ name: String, _ value: String, type: String? = nil, isLine: Bool = true) {
        raw("<\(name)")
        if let type { attribute("type", type) }
        raw(">")
        text(value)
        raw("</\(name)>")
        if isLine { raw("\n") }
    }
}
