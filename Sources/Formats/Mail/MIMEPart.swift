/// A part of a mail, or the mail itself: its header, and either parts or a content (RFC 2046).
struct MIMEPart {
    var header: MailHeader
    /// The content's type, `text/plain` where the part does not say it.
    var type: MIMEValue
    /// Where its content stands in the message, as it was sent.
    var content: Range<Int>
    var parts: [MIMEPart] = []
    /// The line that should end its parts is missing.
    var isUnclosed = false

    var isMultipart: Bool { !parts.isEmpty }

    /// The name of its content's transfer encoding, in lower case.
    var transferEncoding: String? {
        header["content-transfer-encoding"].map { field in
            String(decoding: field.prefix { !$0.isSpace && $0 != UInt8(ascii: ";") }.map(\.lowercased), as: UTF8.self)
        }
    }

    /// Where the writer wants it to be shown; nil where that is not said.
    var disposition: MIMEValue? { header["content-disposition"].map { MIMEValue($0) } }

    /// The file's name, without the directories that some writers put before it.
    var fileName: String? {
        let name = disposition?.text("filename") ?? type.text("name")
        let last = name?.split { $0 == "/" || $0 == "\\" }.last
        return last.map { String(String.UnicodeScalarView($0.unicodeScalars.filter { $0.value > 0x1f }.prefix(255))) }?
            .nonEmpty
    }

    /// Content-ID without its brackets.
    var contentID: String? { header["content-id"].flatMap { MailIdentifier.all(in: $0).first } }
}
