import Articles

/// Atom 1.0 (RFC 4287), one document.
struct AtomWriter: ArticleWriter {
    private let id: String
    private let title: String
    private let updated: Timestamp
    private let head: FeedHead?

    /// Makes a writer of an export.
    init(title: String, at moment: Timestamp) {
        id = "urn:dropwire:export:\(moment.milliseconds)"
        self.title = title
        updated = moment
        head = nil
    }

    /// Makes a writer of a feed that is followed.
    init(_ head: FeedHead) {
        id = head.id
        title = head.title
        updated = head.updated
        self.head = head
    }

    var start: [UInt8] {
        var output = MarkupOutput()
        output.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n")
        output.element("id", id)
        output.element("title", title)
        output.element("updated", updated.description)
        if let head {
            output.raw("<link rel=\"self\" type=\"application/atom+xml\"")
            output.attribute("href", head.address)
            output.raw("/>\n<link rel=\"alternate\" type=\"text/html\"")
            output.attribute("href", head.page)
            output.raw("/>\n")
        }
        // Of entries that name nobody.
        output.raw("<author><name>")
        output.text(title)
        output.raw("</name></author>\n<generator>Dropwire</generator>\n")
        return output.bytes
    }

    let end = Array("</feed>\n".utf8)

    func write(_ article: Article, record: [UInt8]) -> [UInt8] {
        var output = MarkupOutput()
        output.raw("<entry")
        if article.language != "und" { output.attribute("xml:lang", article.language) }
        output.raw(">\n")
        output.element("id", WebName.of(article))
        output.element("title", article.title ?? "")
        output.element("updated", (article.updated ?? article.published ?? article.ingest.received).description)
        if let published = article.published { output.element("published", published.description) }
        for name in article.bylines {
            output.raw("<author>")
            output.element("name", name, isLine: false)
            output.raw("</author>\n")
        }
        if let url = article.url {
            output.raw("<link rel=\"alternate\"")
            output.attribute("href", url)
            output.raw("/>\n")
        }
        for medium in article.media {
            output.raw("<link rel=\"enclosure\"")
            output.attribute("href", medium.href)
            if let type = medium.contentType { output.attribute("type", type) }
            if let caption = medium.caption { output.attribute("title", caption) }
            output.raw("/>\n")
        }
        for keyword in article.keywords {
            output.raw("<category")
            output.attribute("term", keyword)
            output.raw("/>\n")
        }
        if let rights = article.copyright { output.element("rights", rights) }
        if let abstract = article.abstract { output.element("summary", abstract) }
        if let markup = article.bodyHTML {
            output.element("content", markup, type: "html")
        } else if let body = article.body {
            output.element("content", body, type: "text")
        }
        output.raw("</entry>\n")
        return output.bytes
    }
}
