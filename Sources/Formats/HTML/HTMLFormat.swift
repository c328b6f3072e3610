import Articles
import Encodings
import XML

/// A page of HTML: what its JSON-LD and metadata say, and its main text.
///
/// One page is one article. Its words are those of the article alone: menus, notices, share bars, related links, comments
/// and captions are left out.
package struct HTMLFormat: ArticleFormat {
    package let name = "html"

    /// More than any page that was written for people, and read within a second where all of it is text.
    static let maximumBytes = 24 << 20

    /// Makes the format.
    package init() {}

    /// A page begins with its doctype or `html`; a name that ends in `.html` is asked for where it begins with another tag.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? { PageSign.sign(of: bytes, name: name) }

    /// Returns the one article of a page.
    package func parse(_ bytes: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        let limit = min(context.maximumArticleBytes, HTMLFormat.maximumBytes)
        guard bytes.count <= limit else {
            throw ParseError(
                code: .tooLarge, format: name, message: "the page has \(bytes.count) bytes, the limit is \(limit)")
        }
        let encoding = try PageEncoding(bytes, format: name, declared: context.declaredEncoding)
        guard !encoding.text.allSatisfy({ $0 <= 0x20 }) else {
            throw ParseError(
                code: .empty, format: name, message: "there is no text in the file", looksTruncated: true)
        }
        let tree: HTMLTree
        do {
            tree = try HTMLTree(parsing: encoding.text)
        } catch {
            throw ParseError(code: .tooComplex, format: name, message: "\(error)")
        }
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: encoding.encoding.description, received: context.received, warnings: encoding.warnings))
        PageReader(tree, language: context.language, timeZone: context.timeZone).fill(&article)
        guard article.title != nil || article.body != nil else {
            throw ParseError(
                code: .noArticle, format: name, message: "the page has neither a main text nor a headline",
                hint: "a page that is filled by scripts must be dropped as the browser shows it",
                looksTruncated: PageSign.isCut(encoding.text))
        }
        article.deriveID()
        return ParsedFile(format: name, articles: [article])
    }
}
