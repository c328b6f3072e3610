import Articles
import Markdown
import XML

/// The text of Markdown: its headline, and its body plain and as markup.
struct MarkdownText {
    private let page: MarkdownPage
    /// The HTML without what was taken for the headline.
    private var html: [UInt8]
    private let format: String

    /// A first paragraph that is longer is no headline.
    private static let headlineLimit = 250

    /// Reads a text in UTF-8.
    init(_ text: ArraySlice<UInt8>, format: String) throws(ParseError) {
        self.format = format
        do throws(MarkdownError) {
            page = try MarkdownReader.read(text, limit: text.count * 8 + 65_536)
            html = page.html
        } catch {
            throw ParseError(code: .tooComplex, format: format, message: "\(error)")
        }
    }

    /// Sets an article's body, and its headline where it has none.
    mutating func fill(_ article: inout Article) throws(ParseError) {
        takeHeadline(&article)
        if html.contains(where: { !$0.isSpace }) {
            let fragment: HTMLFragment
            do throws(HTMLError) { fragment = try HTMLFragment(parsing: html, url: article.url) } catch {
                throw ParseError(code: .tooComplex, format: format, message: "\(error)")
            }
            if fragment.text != nil {
                article.body = fragment.text
                article.bodyHTML = fragment.markup
            }
        }
        let words = [article.title, article.body, article.abstract].compactMap { $0 }
        guard words.contains(where: { $0.utf8.contains { $0.isLetter || $0.isDigit || $0 >= 0x80 } }) else {
            throw ParseError(code: .empty, format: format, message: "there is no text in the file")
        }
    }

    /// Takes a heading for the headline: one that nothing stands before, else the first of the highest level, else the
    /// first. Only one that nothing stands before is left out of the text, also where it says what the front matter says.
    private mutating func takeHeadline(_ article: inout Article) {
        let opening = page.headings.first { $0.isFirst }
        if let title = article.title {
            if let opening, TextKey.of(opening.text.utf8) == TextKey.of(VisibleText.clean(title).utf8) {
                html.removeSubrange(opening.range)
            }
            return
        }
        if let heading = opening ?? page.headings.first(where: { $0.level == 1 }) ?? page.headings.first {
            article.title = VisibleText.clean(heading.text)
            if heading.isFirst { html.removeSubrange(heading.range) }
        } else if let paragraph = page.opening, paragraph.text.utf8.count <= MarkdownText.headlineLimit {
            article.title = VisibleText.clean(paragraph.text)
            html.removeSubrange(paragraph.range)
        }
        if article.title?.isEmpty == true { article.title = nil }
    }
}
