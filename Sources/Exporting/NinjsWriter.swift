import Articles

/// IPTC ninjs 3.1, an object a line.
///
/// What ninjs has no member for is left out: the credit, keywords, signals, the section, `ext` and how the article came in.
///
/// Source: https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json.
struct NinjsWriter: ArticleWriter {
    let start: [UInt8] = []
    let end: [UInt8] = []

    func write(_ article: Article, record: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: record.count + 256)
        writer.beginObject()
        writer.key("standard")
        writer.beginObject()
        writer.field("name", "ninjs")
        writer.field("version", "3.1")
        writer.field("schema", "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json")
        writer.endObject()
        let uri = WebName.of(article)
        writer.field("uri", uri)
        writer.field("type", article.kind.rawValue)
        writer.field("version", article.version)
        writer.field("firstCreated", article.published?.description)
        writer.field("versionCreated", article.updated?.description)
        writer.field("contentCreated", article.created?.description)
        writer.field("embargoedUntil", article.embargoedUntil?.description)
        writer.field("expires", article.expires?.description)
        writer.field("pubStatus", article.pubStatus.rawValue)
        writer.field("urgency", article.urgency)
        writer.field("copyrightNotice", article.copyright)
        writer.field("usageTerms", article.usageTerms)
        writer.field("edNote", article.editorialNote)
        writer.field("language", article.language == "und" ? nil : article.language)
        texts("headlines", [("main", nil, article.title), ("subtitle", nil, article.subtitle)], &writer)
        texts("descriptions", [("summary", "text/plain", article.abstract)], &writer)
        texts("bodies", [("main", "text/plain", article.body), ("main", "text/html", article.bodyHTML)], &writer)
        writer.field("slugline", article.slugline)
        writer.field("by", article.bylines.isEmpty ? nil : article.bylines.joined(separator: ", "))
        writer.field("located", article.dateline)
        concepts("people", article.people, &writer)
        concepts("organisations", article.organisations, &writer)
        concepts("places", article.places, &writer)
        concepts("subjects", article.subjects, hasRelevance: true, &writer)
        concepts("genres", article.genres.map { Article.Concept(name: $0) }, &writer)
        concepts("infoSources", article.infoSources.map { Article.Concept(name: $0) }, &writer)
        // A publisher's name that is no URI is not lost.
        let ids = article.alternateIDs + [article.uri].compactMap { $0 == uri ? nil : $0 }
        objects("altIds", ids.enumerated(), &writer) { writer, id in
            writer.field("role", "id\(id.offset + 1)")
            writer.field("value", id.element)
        }
        let media = article.media.filter { WebName.isURI($0.href) }
        objects("renditions", media.enumerated(), &writer) { writer, medium in
            writer.field("name", "rendition\(medium.offset + 1)")
            writer.field("href", medium.element.href)
            writer.field("contentType", medium.element.contentType)
            writer.field("title", medium.element.caption)
        }
        let links = article.links.filter { WebName.isURI($0.uri) }
        objects("associations", links.enumerated(), &writer) { writer, link in
            writer.field("name", "association\(link.offset + 1)")
            writer.field("rel", link.element.rel)
            writer.field("uri", link.element.uri)
            writer.field("version", link.element.version)
        }
        writer.endObject()
        return writer.bytes + [0x0a]
    }

    private func texts(
        _ name: StaticString, _ texts: [(role: String, contentType: String?, value: String?)],
        _ writer: inout JSONWriter
    ) {
        objects(name, texts.filter { $0.value != nil }, &writer) { writer, text in
            writer.field("role", text.role)
            writer.field("contentType", text.contentType)
            writer.field("value", text.value)
        }
    }

    private func concepts(
        _ name: StaticString, _ concepts: [Article.Concept], hasRelevance: Bool = false, _ writer: inout JSONWriter
    ) {
        objects(name, concepts, &writer) { writer, concept in
            writer.field("name", concept.name)
            if let uri = concept.uri {
                if WebName.isURI(uri) { writer.field("uri", uri) } else { writer.field("literal", uri) }
            }
            guard hasRelevance, let relevance = concept.relevance, (0...1).contains(relevance) else { return }
            // The standard counts to 100.
            writer.field("relevance", Int((relevance * 100).rounded()))
        }
    }

    private func objects<Elements: Sequence>(
        _ name: StaticString, _ elements: Elements, _ writer: inout JSONWriter,
        _ body: (inout JSONWriter, Elements.Element) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if isFirst {
                writer.key(name)
                writer.beginArray()
                isFirst = false
            }
            writer.beginObject()
            body(&writer, element)
            writer.endObject()
        }
        if !isFirst { writer.endArray() }
    }
}
