/// Mailboxes in one file (RFC 4155): mail after mail, each behind a line that begins with `From`.
///
/// The kinds that differ in how such a line is told from one of the text are read alike: a line that parts has an empty
/// one before it, says a time and a year, and is followed by a header. `>From` loses the mark that was put there; a
/// length in the header is believed where a mail begins or the file ends behind it.
package struct MboxFormat: StreamedFormat {
    package let name = "mbox"

    /// Makes the format.
    package init() {}

    /// Returns whether the content begins with the line of a mailbox and the header of a mail.
    package func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool {
        guard bytes.starts(with: "From ".utf8) else { return false }
        let start = bytes.prefix(2048)
        return Array(start).withUnsafeBufferPointer { MboxSeparator.isAt(0, in: $0) }
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        MboxReader(source, context)
    }
}
