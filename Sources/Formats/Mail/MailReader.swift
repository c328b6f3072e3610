import Articles

/// Gives the parts of one mail: its article, and those of what is attached to it.
final class MailReader: PartReader {
    let format: String
    private let context: FormatContext
    private var bytes: [UInt8]
    private let position: ParseError.Position?
    private var isRead = false
    private var count = 0
    /// What is attached and may be articles, the last first.
    private var files: [MailContent.Attachment] = []
    /// The attached file that is read.
    private var file: (reader: any PartReader, path: String)?
    private var inner: InnerFiles?

    /// Makes a reader.
    ///
    /// - Parameter position: where the mail stands in its file, for errors.
    init(_ bytes: [UInt8], _ context: FormatContext, format: String, position: ParseError.Position? = nil) {
        self.bytes = bytes
        self.context = context
        self.format = format
        self.position = position
        if var inner = context.inner {
            inner.budget = inner.budget ?? ExpansionBudget(inner.rules, size: bytes.count, container: format)
            inner.depth += 1
            self.inner = inner
        }
    }

    func next() throws -> ParsedPart? {
        if !isRead {
            isRead = true
            if let content = read() { return numbered(content, nil) }
        }
        while true {
            if let file {
                do {
                    if let part = try file.reader.next() {
                        return numbered(part.content, part.member.map { "\(file.path)/\($0)" } ?? file.path)
                    }
                    self.file = nil
                } catch let error as ParseError {
                    self.file = nil
                    return failed(error, file.path)
                }
            }
            guard let next = files.popLast() else { return nil }
            do throws(ParseError) {
                file = (try open(next), next.path)
            } catch {
                if inner?.budget?.isSpent == true { files = [] }
                return failed(error, next.path)
            }
        }
    }

    private func numbered(_ content: ParsedPart.Content, _ member: String?) -> ParsedPart {
        count += 1
        var content = content
        if case .article(var article) = content {
            article.ingest.part = count
            article.ingest.member = member
            content = .article(article)
        }
        return ParsedPart(number: count, member: member, content: content)
    }

    private func failed(_ error: ParseError, _ member: String) -> ParsedPart {
        var error = error
        // Where the mail itself is complete, waiting brings no more of what lies in it.
        error.looksTruncated = false
        return numbered(.failed(error), member)
    }

    // MARK: The mail

    /// Reads the mail; nil where it brings nothing itself, but something is attached.
    private func read() -> ParsedPart.Content? {
        let (header, content, warnings) = bytes.withUnsafeBufferPointer { bytes in
            var reader = MIMEReader(bytes)
            let message = reader.read()
            return (message.header, MailContent(message, bytes), reader.warnings)
        }
        let isEmpty = bytes.allSatisfy { $0 <= 0x20 }
        bytes = []
        guard !isEmpty else { return .failed(failure(.empty, "there is no mail in the file")) }
        guard !header.fields.isEmpty else {
            return .failed(failure(.unknownFormat, "there is no header of a mail"))
        }
        var media: [MailContent.Attachment] = []
        for attachment in content.attachments {
            if isFile(attachment) { files.append(attachment) } else { media.append(attachment) }
        }
        files.reverse()
        let article = MailArticle(header, content, context).make(format: format, media: media, warnings: warnings)
        if content.isEncrypted, article?.body == nil {
            return .failed(failure(.encrypted, "the mail is encrypted", hint: "decrypt it before it is dropped"))
        }
        if var article {
            article.deriveID()
            return .article(article)
        }
        return files.isEmpty ? .failed(failure(.empty, "the mail has neither a subject nor a text")) : nil
    }

    private func failure(_ code: ReasonCode, _ message: String, hint: String? = nil) -> ParseError {
        ParseError(code: code, format: format, position: position, message: message, hint: hint)
    }

    // MARK: What is attached

    private func isFile(_ attachment: MailContent.Attachment) -> Bool {
        guard attachment.mayBeArticle, let inner else { return false }
        return inner.isKnown(attachment.bytes, name: Array(attachment.path.utf8), isText: attachment.isText)
    }

    private func open(_ attachment: MailContent.Attachment) throws(ParseError) -> any PartReader {
        guard let inner, let budget = inner.budget else { preconditionFailure("what is attached is not read") }
        try budget.countMember()
        try budget.spend(attachment.bytes.count)
        var context = context.explaining(member: Array(attachment.path.utf8))
        context.inner = inner
        var bytes = attachment.bytes
        if attachment.isText {
            // A plain text does not say its own encoding.
            bytes = MailCharset.decode(bytes, attachment.charset).text
        } else {
            context.declaredEncoding = attachment.charset.map { String(decoding: $0, as: UTF8.self) }
        }
        return try inner.open(bytes, name: Array(attachment.path.utf8), context)
    }
}
