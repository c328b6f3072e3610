/// Mails (RFC 5322 with MIME, and what came before): each is one article, and what is attached to it may be further
/// ones.
package struct MailFormat: StreamedFormat {
    package let name = "eml"

    /// Makes the format.
    package init() {}

    /// A mail begins with a header that is clearly a mail's.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        if let sign = MailSign.sign(of: bytes, name: name) { return sign }
        return MailSign.startOfCounted(bytes) != nil ? "it begins with its length and the header of a mail" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        MailFileReader(source, context)
    }
}
