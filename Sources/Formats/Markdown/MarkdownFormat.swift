import Articles
import JSON

/// Markdown (CommonMark with the tables of GitHub), with front matter in YAML, TOML or JSON or without.
///
/// Front matter is read as an object of JSON is, by the names of a ``FieldMapping``. Without a title in it the first heading
/// is the headline, or, where the text has none, a short first paragraph.
package struct MarkdownFormat: ArticleFormat {
    package let name = "markdown"
    private let mapping: FieldMapping

    /// Makes the format.
    ///
    /// - Parameter mapping: which members of front matter mean what.
    package init(mapping: FieldMapping = .usual) { self.mapping = mapping }

    /// Front matter at the beginning shows it, or a name of Markdown: a text alone does not.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        if let ending = ["md", "markdown", "mdown", "mkd"].first(where: { name.hasEnding(".\($0)") }) {
            return "its name ends in .\(ending)"
        }
        let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        // Most files are told by their first byte.
        guard start < bytes.count, [0x2d, 0x2b, 0x3b].contains(bytes[start]) else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            guard case .found(let matter) = FrontMatter.find(in: bytes, from: start),
                (try? matter.syntax.members(of: Array(bytes[matter.content])))?.isEmpty == false
            else { return nil }
            return "it begins with front matter in \(matter.syntax)"
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
        let finding = text.bytes.withUnsafeBufferPointer { FrontMatter.find(in: $0, from: text.start) }
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: text.encoding, received: context.received, warnings: text.warnings))
        var start = text.start
        switch finding {
        case .none: break
        case .open:
            throw ParseError(
                code: .badFrontMatter, format: name, position: .line(1),
                message: "front matter begins, and the line that ends it is not there",
                hint: "end it with a line like its first", looksTruncated: true)
        case .unknown(let label):
            throw ParseError(
                code: .badFrontMatter, format: name, position: .line(1),
                message: "the front matter is '\(label)', and YAML, TOML and JSON are read",
                hint: "write it as one of these")
        case .found(let matter):
            if try read(matter, of: text, &article, context) { start = matter.end }
        }
        var body = try MarkdownText(text.bytes[start...], format: name)
        try body.fill(&article)
        article.deriveID()
        return ParsedFile(format: name, articles: [article])
    }

    /// Sets what the front matter says; returns whether it is any.
    private func read(
        _ matter: FrontMatter, of text: DecodedText, _ article: inout Article, _ context: FormatContext
    ) throws(ParseError) -> Bool {
        let members: [String: JSONValue]?
        do throws(FrontMatterSyntax.Fault) {
            members = try matter.syntax.members(of: Array(text.bytes[matter.content]))
        } catch {
            throw ParseError(
                code: error.isLimit ? .tooComplex : .badFrontMatter, format: name,
                // The fence is the line before.
                position: .line(error.line + 1), message: "the front matter cannot be read: \(error.message)",
                hint: error.isLimit ? nil : "mend it, or part the text from it by a line like its first")
        }
        guard let members else { return false }
        let hasText = text.bytes[matter.end...].contains { !$0.isSpace }
        try FrontMatterFields(mapping: mapping).fill(&article, members, hasText: hasText, context)
        return true
    }
}
