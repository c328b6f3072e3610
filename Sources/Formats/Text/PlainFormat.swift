import Articles

/// Text as people and programs write it: the first line is the headline, and what follows is the text, also without a blank
/// line between; or lines such as `Title:` and `Date:` stand above it. The encoding is any.
///
/// What is laid out as the native format is, is left to that; here are texts in whose first block there is more than a
/// headline.
package struct PlainFormat: ArticleFormat {
    package let name = "plain"
    private let mapping: FieldMapping

    /// Makes the format.
    ///
    /// - Parameter mapping: which names of lines above a text mean what.
    package init(mapping: FieldMapping = .usual) { self.mapping = mapping }

    /// By its encoding, or by what stands in its first block.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        guard NativeFormat.isText(bytes) else { return nil }
        if let sign = DecodedText.sign(of: bytes) { return sign }
        let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        let layout = bytes.withUnsafeBufferPointer { PlainLayout.find(in: $0, from: start, mapping) }
        return switch layout {
        case .header: "lines with a title and other fields stand above the text"
        case .headline: "the text follows the first line without a blank one"
        case .text: "it begins with a text that is too long for a headline"
        case nil: nil
        }
    }

    /// Returns the one article of a file.
    package func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        guard bytes.count <= context.maximumArticleBytes else {
            throw ParseError(
                code: .tooLarge, format: name,
                message: "the article has \(bytes.count) bytes, the limit is \(context.maximumArticleBytes)")
        }
        let text = try DecodedText(bytes, format: name)
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: text.encoding, received: context.received, warnings: text.warnings))
        switch text.bytes.withUnsafeBufferPointer({ PlainLayout.find(in: $0, from: text.start, mapping) }) {
        case .header(let fields, let end):
            let members = Dictionary(fields.map { ($0.name, JSONValue.string($0.value)) }) { first, _ in first }
            let hasText = text.bytes[end...].contains { !$0.isSpace }
            try FrontMatterFields(mapping: mapping).fill(&article, members, hasText: hasText, context)
            if hasText { article.setBody(text: String(decoding: text.bytes[end...], as: UTF8.self)) }
        case .headline(let headline, let end):
            article.title = VisibleText.clean(String(decoding: text.bytes[headline], as: UTF8.self))
            var rest = text.bytes[end...]
            PlainCredits.take(&rest, &article, context)
            article.setBody(text: String(decoding: rest, as: UTF8.self))
        case .text: article.setBody(text: String(decoding: text.bytes[text.start...], as: UTF8.self))
        case nil:
            let layout = try NativeLayout.read(text.bytes, from: text.start, format: name)
            article.fill(layout, context)
        }
        if article.title?.isEmpty == true { article.title = nil }
        guard article.title != nil || article.body != nil else {
            throw ParseError(code: .empty, format: name, message: "there is no text in the file")
        }
        article.deriveID()
        return ParsedFile(format: name, articles: [article])
    }
}
