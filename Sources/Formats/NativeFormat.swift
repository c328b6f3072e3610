import Articles

/// The native text format: a headline, a date, an abstract and paragraphs, with blank lines between.
///
///     A headline
///
///     2025-02-26 03:27:00
///
///     Abstract: What it is about.
///
///     A paragraph.
///
/// All but the headline may be missing, so that any plain text is an article whose first block is its headline.
/// It takes UTF-8, any line ends, and any number of blank lines.
package struct NativeFormat: ArticleFormat {
    package let name = "native"

    /// Makes the format.
    package init() {}

    /// Returns whether the content is not evidently markup or JSON; what is not text at all is left to ``parse(_:_:)``
    /// to refuse with its reason.
    package func recognizes(_ bytes: [UInt8], name: [UInt8]) -> Bool {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
        let text = bytes.dropFirst(hasMark ? 3 : 0).drop(while: isSpace)
        guard let first = text.first else { return true }
        let second = text.dropFirst().drop(while: isSpace).first ?? 0
        switch first {
        case UInt8(ascii: "<"):
            let following = text.dropFirst().first ?? 0
            return
                !(following == UInt8(ascii: "!") || following == UInt8(ascii: "?")
                || (0x61...0x7a).contains(following | 0x20))
        case UInt8(ascii: "{"): return !(second == UInt8(ascii: "\"") || second == UInt8(ascii: "}"))
        case UInt8(ascii: "["): return !(second == UInt8(ascii: "{"))
        default: return true
        }
    }

    /// Returns the one article of a file.
    package func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        guard bytes.count <= context.maximumArticleBytes else {
            throw ParseError(
                code: "too_large", format: name,
                message: "the article has \(bytes.count) bytes, the limit is \(context.maximumArticleBytes)")
        }
        let text = try PlainText(bytes, format: name)
        let layout: NativeLayout
        switch text.bytes.withUnsafeBufferPointer({ NativeLayout.read($0, from: text.start) }) {
        case .article(let read): layout = read
        case .empty:
            throw ParseError(code: "empty", format: name, message: "there is no text in the file")
        case .noHeadline(let line):
            throw ParseError(
                code: "no_headline", format: name, position: .line(line),
                message: "a headline must stand before the date and the abstract")
        }
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: "utf-8", received: context.received, warnings: text.warnings + layout.warnings))
        article.title = layout.title
        article.abstract = layout.abstract
        article.body = layout.body
        article.publishedRaw = layout.dateText
        if let date = layout.date {
            article.published = date.moment
            if date.moment != nil, !date.hasZone { article.assumedTimeZone = "UTC" }
            if let moment = date.moment, moment > context.received { article.ingest.warnings.append("date_future") }
        }
        article.deriveID()
        return ParsedFile(format: name, articles: [article])
    }
}
