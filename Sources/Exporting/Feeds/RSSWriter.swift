import Articles

/// RSS 2.0, one document.
///
/// Source: https://www.rssboard.org/rss-specification. Of Dublin Core it takes the creator, whose name RSS itself would
/// want to be an address of e-mail; of Atom the link to itself.
struct RSSWriter: ArticleWriter {
    private let head: FeedHead

    init(_ head: FeedHead) { self.head = head }

    var start: [UInt8] {
        var output = MarkupOutput()
        output.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"")
        output.raw(" xmlns:atom=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n")
        output.raw("<channel>\n")
        output.element("title", head.title)
        output.element("link", head.page)
        output.element("description", head.title)
        output.raw("<atom:link rel=\"self\" type=\"application/rss+xml\"")
        output.attribute("href", head.address)
        output.raw("/>\n")
        output.element("lastBuildDate", head.updated.internetMessageDate)
        output.element("generator", "Dropwire")
        return output.bytes
    }

    let end = Array("</channel>\n</rss>\n".utf8)

    func write(_ article: Article, record: [UInt8]) -> [UInt8] {
        var output = MarkupOutput()
        output.raw("<item>\n")
        output.element("title", article.title ?? "")
        if let url = article.url { output.element("link", url) }
        output.raw("<guid isPermaLink=\"false\">")
        output.text(WebName.of(article))
        output.raw("</guid>\n")
        output.element("pubDate", (article.published ?? article.ingest.received).internetMessageDate)
        for name in article.bylines { output.element("dc:creator", name) }
        if article.language != "und" { output.element("dc:language", article.language) }
        for keyword in article.keywords { output.element("category", keyword) }
        if let rights = article.copyright { output.element("dc:rights", rights) }
        // What stands here is markup: text has to be made into such before it is escaped.
        let paragraphs = [article.abstract, article.body].compactMap { $0 }
        let markup = article.bodyHTML ?? RSSWriter.markup(paragraphs.joined(separator: "\n\n"))
        if !markup.isEmpty { output.element("description", markup) }
        output.raw("</item>\n")
        return output.bytes
    }

    /// Paragraphs of text as HTML.
    private static func markup(_ text: String) -> String {
        var output = MarkupOutput()
        for paragraph in text.split(separator: "\n\n") {
            output.raw("<p>")
            output.text(String(paragraph))
            output.raw("</p>\n")
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
