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

    /// What is not evidently markup or JSON is text; what is not text at all is left to ``parse(_:_:)`` to refuse with its
    /// reason.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        NativeFormat.isText(bytes) ? "it is neither markup nor JSON" : nil
    }

    /// Whether the content is not evidently markup or JSON.
    static func isText(_ bytes: [UInt8]) -> Bool {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
        let text = bytes.dropFirst(hasMark ? 3 : 0).drop(while: isSpace)
        guard let first = text.first else { return true }
        let second = text.dropFirst().drop(while: isSpace).first ?? 0
        switch first {
        case UInt8(ascii: "<"): return !NativeFormat.isMarkup(text.dropFirst())
        case UInt8(ascii: "{"): return !(second == UInt8(ascii: "\"") || second == UInt8(ascii: "}"))
        case UInt8(ascii: "["): return !(second == UInt8(ascii: "{"))
        default: return true
        }
    }

    /// The root elements by which markup without a declaration is known.
    private static let roots: Set<String> = [
        "html", "head", "body", "rss", "feed", "rdf", "nitf", "newsitem", "newsmessage", "packageitem", "conceptitem",
        "newsml",
    ]

    /// Returns whether what stands behind a `<` makes the file markup: a declaration, a root that is known, or an element
    /// that the end of the file closes. A headline may begin with `<COMPANY>`, as agencies write them.
    private static func isMarkup(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        if first == UInt8(ascii: "!") || first == UInt8(ascii: "?") { return true }
        let name = text.prefix { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || [0x2d, 0x2e, 0x5f].contains(byte)
        }
        let next = text.dropFirst(name.count).first ?? 0
        guard !name.isEmpty, name.count <= 64, next == UInt8(ascii: ">") || next == UInt8(ascii: ":") || next <= 0x20
        else { return false }
        if roots.contains(String(decoding: name, as: UTF8.self).lowercased()) { return true }
        let end = text.reversed().drop { $0 <= 0x20 }.prefix(name.count + 3)
        return end.elementsEqual((Array("</".utf8) + name + [UInt8(ascii: ">")]).reversed())
    }

    /// Returns the one article of a file.
    package func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        guard bytes.count <= context.maximumArticleBytes else {
            throw ParseError(
                code: .tooLarge, format: name,
                message: "the article has \(bytes.count) bytes, the limit is \(context.maximumArticleBytes)")
        }
        let text = try PlainText(bytes, format: name)
        let layout = try NativeLayout.read(text.bytes, from: text.start, format: name)
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: "utf-8", received: context.received, warnings: text.warnings))
        article.fill(layout, context)
        article.deriveID()
        return ParsedFile(format: name, articles: [article])
    }
}

extension NativeLayout {
    /// Reads valid UTF-8 text with line feeds, or throws where there is no headline in it.
    static func read(_ bytes: [UInt8], from start: Int, format: String) throws(ParseError) -> NativeLayout {
        switch bytes.withUnsafeBufferPointer({ NativeLayout.read($0, from: start) }) {
        case .article(let layout): return layout
        case .empty: throw ParseError(code: .empty, format: format, message: "there is no text in the file")
        case .noHeadline(let line):
            throw ParseError(
                code: .noHeadline, format: format, position: .line(line),
                message: "a headline must stand before the date and the abstract")
        }
    }
}

extension Article {
    /// Sets what the parts of a native text say.
    mutating func fill(_ layout: NativeLayout, _ context: FormatContext) {
        ingest.warnings += layout.warnings
        title = layout.title
        abstract = layout.abstract
        body = layout.body.map(Paragraphs.rewrapped)
        publishedRaw = layout.dateText
        if let date = layout.date?.resolved(in: context.timeZone, received: context.received) {
            setPublished(date, raw: layout.dateText)
        }
    }
}
