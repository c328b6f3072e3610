/// Mails (RFC 5322 with MIME, and what came before): each is one article, and what is attached to it may be further
/// ones.
package struct MailFormat: StreamedFormat {
    package let name = "eml"

    /// Makes the format.
    package init() {}

    /// Returns whether the content begins as a mail does.
    package func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool {
        MailSign.isMail(bytes, name: name) || MailSign.startOfCounted(bytes) != nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        MailFileReader(source, context)
    }
}
