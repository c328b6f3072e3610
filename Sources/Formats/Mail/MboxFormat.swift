/// Mailboxes in one file (RFC 4155): mail after mail, each behind a line that begins with `From`.
///
/// The kinds that differ in how such a line is told from one of the text are read alike: a line that parts has an empty
/// one before it, says a time and a year, and is followed by a header. `>From` loses the mark that was put there; a
/// length in the header is believed where a mail begins or the file ends behind it.
package struct MboxFormat: StreamedFormat {
    package let name = "mbox"

    /// Makes the format.
    package init() {}

    /// A mailbox begins with the line that parts its mails and the header of one.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard bytes.starts(with: "From ".utf8) else { return nil }
        let isSeparator = Array(bytes.prefix(2048)).withUnsafeBufferPointer { MboxSeparator.isAt(0, in: $0) }
        return isSeparator ? "it begins with a line From … and the header of a mail" : nil
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        MboxReader(source, context)
    }
}
