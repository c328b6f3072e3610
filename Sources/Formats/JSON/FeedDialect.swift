import Articles
import JSON

/// JSON Feed 1.0 and 1.1: an object with `items`, each an article.
///
/// Source: https://www.jsonfeed.org/version/1.1/.
struct FeedDialect: JSONDialect {
    let name = "jsonfeed"
    let sign = "its version is one of jsonfeed.org, and it has items"

    func recognizes(_ object: JSONObject) -> Bool {
        guard object["items"]?.kind == .array else { return false }
        return object["version"].flatMap(JSONText.trimmed)?.contains("jsonfeed.org/version/") == true
    }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var feed = JSONFields(object, context)
        let language = feed.language("language")
        let title = feed.text("title")
        let authors = authors(&feed)
        let items = feed.take("items")?.elements ?? []
        guard !items.isEmpty else { return [.ignored(.noEntries)] }
        return items.map { item in
            guard let object = JSONObject(item) else {
                return .failed(ParseError(code: .noArticle, format: name, message: "an item of the feed is no object"))
            }
            var article = article(context)
            article.language = language ?? article.language
            article.credit = title
            article.bylines = authors
            return read(object, article, context)
        }
    }

    private func read(_ object: JSONObject, _ article: Article, _ context: FormatContext) -> ParsedPart.Content {
        var article = article
        var fields = JSONFields(object, context)
        article.uri = fields.word("id")
        article.url = fields.text("url")
        if let external = fields.text("external_url") { article.links.append(.init(rel: "related", uri: external)) }
        article.title = fields.text("title").map(VisibleText.clean)
        if let markup = fields.text("content_html") { article.setBody(markup: markup, url: article.url) }
        // What the publisher wrote as plain text is better than what is made of markup.
        if let text = fields.text("content_text") { article.setBody(text: text) }
        article.abstract = fields.text("summary")
        for name in ["image", "banner_image"] as [StaticString] {
            if let href = fields.text(name), !article.media.contains(where: { $0.href == href }) {
                article.media.append(.init(href: href))
            }
        }
        if let published = fields.date("date_published") {
            article.setPublished(published.date, raw: published.raw)
        }
        article.updated = fields.moment("date_modified")
        let own = authors(&fields)
        if !own.isEmpty { article.bylines = own }
        article.keywords = fields.texts("tags")
        if let language = fields.language("language") { article.language = language }
        for attachment in fields.objects("attachments") {
            var member = fields.fields(attachment)
            if let href = member.text("url") {
                article.media.append(
                    .init(href: href, contentType: member.text("mime_type"), caption: member.text("title")))
            }
        }
        if article.uri == nil { article.uri = article.url }
        article.ext = fields.rest()
        article.ingest.warnings += fields.warnings
        return checked(article, "item")
    }

    /// Version 1.1 has a list, 1.0 one object.
    private func authors(_ fields: inout JSONFields) -> [String] {
        let listed = fields.objects("authors").compactMap { $0["name"].flatMap(JSONText.trimmed) }
        let one = fields.object("author").flatMap { $0["name"].flatMap(JSONText.trimmed) }
        return listed.isEmpty ? [one].compactMap(\.self) : listed
    }
}
