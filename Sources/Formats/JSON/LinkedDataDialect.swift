import Articles
import JSON

/// JSON-LD with the vocabulary of schema.org: `NewsArticle` and its kin, alone, in a list, or in an `@graph`.
struct LinkedDataDialect: JSONDialect {
    let name = "json-ld"
    let sign = "it has @type or @graph"

    private static let types: Set<String> = [
        "NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle",
        "BackgroundNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle",
        "SatiricalArticle",
        "ScholarlyArticle", "TechArticle", "Report", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting",
        "DiscussionForumPosting", "CreativeWork", "PressRelease",
    ]

    func recognizes(_ object: JSONObject) -> Bool {
        if object.has("@graph") { return true }
        return object.has("@type") && (object.has("@context") || type(of: object) != nil)
    }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        guard let graph = object["@graph"] else { return [read(article: object, context)] }
        let members = (graph.kind == .array ? graph.elements : [graph]).compactMap { JSONObject($0) }
        let articles = members.filter { type(of: $0) != nil }
        guard !articles.isEmpty else {
            return [
                .failed(
                    ParseError(code: .noArticle, format: name, message: "there is no article in the graph"))
            ]
        }
        return articles.map { read(article: $0, context) }
    }

    /// The type of an article, without its vocabulary; nil where it is something else.
    private func type(of object: JSONObject) -> String? {
        guard let value = object["@type"] else { return nil }
        let names =
            value.kind == .array
            ? value.elements.compactMap(JSONText.trimmed) : [JSONText.trimmed(value)].compactMap(\.self)
        return names.lazy.map { String($0.split(whereSeparator: { "/#:".contains($0) }).last ?? "") }
            .first { LinkedDataDialect.types.contains($0) }
    }

    private func read(article object: JSONObject, _ context: FormatContext) -> ParsedPart.Content {
        guard type(of: object) != nil else {
            return .failed(
                ParseError(
                    code: .noArticle, format: name,
                    message:
                        "the type is \(object["@type"].flatMap(JSONText.trimmed) ?? "not said"), which is no article"))
        }
        var article = article(context)
        var fields = JSONFields(object, context)
        _ = fields.take("@context")
        _ = fields.take("@type")
        if let language = names("inLanguage", &fields).first.flatMap(LanguageTag.normalized) {
            article.language = language
        }
        article.url = address("url", &fields) ?? address("mainEntityOfPage", &fields)
        let id = fields.word("@id")
        article.uri = names("identifier", &fields).first ?? id ?? article.url
        article.version = fields.word("version")
        article.title = names("headline", &fields).first.map(VisibleText.clean) ?? names("name", &fields).first
        article.subtitle = names("alternativeHeadline", &fields).first
        article.abstract = (names("description", &fields).first ?? names("abstract", &fields).first).map(
            VisibleText.withoutMarkup)
        if let text = fields.text("articleBody", "text") { article.setBody(markup: text, url: article.url) }
        article.dateline = names("dateline", &fields).first
        article.section = names("articleSection", &fields).first
        article.genres = names("genre", &fields)
        article.keywords = keywords(&fields)
        article.bylines = names("author", &fields)
        if article.bylines.isEmpty { article.bylines = names("creator", &fields) }
        let publisher = names("publisher", &fields).first
        article.credit = names("creditText", &fields).first ?? publisher
        article.copyright = names("copyrightNotice", &fields).first ?? names("copyrightHolder", &fields).first
        article.usageTerms = address("license", &fields) ?? address("usageInfo", &fields)
        if let published = fields.date("datePublished") {
            article.setPublished(published.date, raw: published.raw)
        }
        article.updated = fields.moment("dateModified")
        article.created = fields.moment("dateCreated")
        article.expires = fields.moment("expires")
        for subject in names("about", &fields) + names("mentions", &fields) {
            article.subjects.append(.init(name: subject))
        }
        article.places = names("contentLocation", &fields).map { .init(name: $0) }
        article.media = images(&fields)
        readCorrections(&fields, &article)
        article.ext = fields.rest().filter { !$0.key.hasPrefix("@") }
        article.ingest.warnings += fields.warnings
        return checked(article, "article")
    }

    /// A text, the name of an object, or those of a list of either.
    private func names(_ name: StaticString, _ fields: inout JSONFields) -> [String] {
        guard let value = fields.take(name) else { return [] }
        let values = value.kind == .array ? value.elements : [value]
        return values.compactMap { value in
            switch value.kind {
            case .string: JSONText.trimmed(value)
            case .object: (value["name"] ?? value["@value"] ?? value["value"] ?? value["@id"]).flatMap(JSONText.trimmed)
            case .integer: value.integer.map { "\($0)" }
            default: nil
            }
        }
    }

    /// What was corrected: texts, comments with a text, or the addresses of pages that say it.
    private func readCorrections(_ fields: inout JSONFields, _ article: inout Article) {
        guard let value = fields.take("correction") else { return }
        for value in value.kind == .array ? value.elements : [value] where !value.isNull {
            let text = value.kind == .object ? value["text"] ?? value["description"] : value
            article.setCorrection(text.flatMap(JSONText.trimmed).map(VisibleText.withoutMarkup))
        }
    }

    private func address(_ name: StaticString, _ fields: inout JSONFields) -> String? {
        guard let value = fields.take(name) else { return nil }
        return value.kind == .object
            ? (value["@id"] ?? value["url"]).flatMap(JSONText.trimmed) : JSONText.trimmed(value)
    }

    /// A list, or one text with commas.
    private func keywords(_ fields: inout JSONFields) -> [String] {
        let given = names("keywords", &fields)
        guard given.count == 1 else { return given }
        return given[0].split(separator: ",").map { VisibleText.clean(String($0)) }.filter { !$0.isEmpty }
    }

    private func images(_ fields: inout JSONFields) -> [Article.Media] {
        guard let value = fields.take("image") else { return [] }
        return (value.kind == .array ? value.elements : [value]).compactMap { image in
            if image.kind == .object {
                let href = (image["url"] ?? image["contentUrl"] ?? image["@id"]).flatMap(JSONText.trimmed)
                return href.map { Article.Media(href: $0, caption: image["caption"].flatMap(JSONText.trimmed)) }
            }
            return JSONText.trimmed(image).map { Article.Media(href: $0) }
        }
    }
}
