import Articles

/// Reads a file that is one mail.
final class MailFileReader: PartReader {
    let format = "eml"
    private let source: any ByteSource
    private let context: FormatContext
    private var message: MailReader?

    init(_ source: any ByteSource, _ context: FormatContext) {
        (self.source, self.context) = (source, context)
    }

    func next() throws -> ParsedPart? {
        if let message { return try message.next() }
        let limit = context.maximumArticleBytes
        var bytes = try source.readFully(limit + 1)
        guard bytes.count <= limit else {
            throw ParseError.overArticleLimit("the mail", context, format: format)
        }
        if let (start, count) = MailSign.startOfCounted(bytes) {
            // What follows is what the program knows of the mail.
            bytes = Array(bytes[start...].prefix(count))
        }
        let message = MailReader(bytes, context, format: format)
        self.message = message
        guard let part = try message.next() else { return nil }
        // A mail that gives nothing is the whole file's fault.
        if case .failed(let error) = part.content, part.number == 1, part.member == nil { throw error }
        return part
    }
}
