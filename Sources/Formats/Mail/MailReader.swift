import Articles

/// Gives the parts of one mail: its article, and those of what is attached to it.
final class MailReader: PartReader {
    let format: String
    private let context: FormatContext
    private var bytes: [UInt8]
    private let position: ParseError.Position?
    private var isRead = false
    private var count = 0

    /// Makes a reader.
    ///
    /// - Parameter position: where the mail stands in its file, for errors.
    init(_ bytes: [UInt8], _ context: FormatContext, format: String, position: ParseError.Position? = nil) {
        self.bytes = bytes
        self.context = context
        self.format = format
        self.position = position
    }

    func next() throws -> ParsedPart? {
        guard !isRead else { return nil }
        isRead = true
        count += 1
        var content = read()
        bytes = []
        if case .article(var article) = content {
            article.ingest.part = count
            article.deriveID()
            content = .article(article)
        }
        return ParsedPart(number: count, content: content)
    }

    private func read() -> ParsedPart.Content {
        let (header, content, warnings) = bytes.withUnsafeBufferPointer { bytes in
            var reader = MIMEReader(bytes)
            let message = reader.read()
            return (message.header, MailContent(message, bytes), reader.warnings)
        }
        guard !header.fields.isEmpty else {
            return .failed(failure(.unknownFormat, "there is no header of a mail"))
        }
        let article = MailArticle(header, content, context)
            .make(format: format, media: content.attachments, warnings: warnings)
        if content.isEncrypted, article?.body == nil {
            return .failed(
                failure(.encrypted, "the mail is encrypted", hint: "decrypt it before it is dropped"))
        }
        guard let article else {
            return .failed(failure(.empty, "the mail has neither a subject nor a text"))
        }
        return .article(article)
    }

    private func failure(_ code: ReasonCode, _ message: String, hint: String? = nil) -> ParseError {
        ParseError(code: code, format: format, position: position, message: message, hint: hint)
    }
}
