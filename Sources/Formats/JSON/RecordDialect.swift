import Articles
import JSON

/// Dropwire's own `article` record, as the feed, the log and an export have it: what one watcher published is taken by
/// another as it was. How it came in is told anew.
struct RecordDialect: JSONDialect {
    let name = "dropwire"
    let sign = "it is a record of type article with v, id and ingest"

    func recognizes(_ object: JSONObject) -> Bool {
        object["type"]?.isText("article") == true && object.has("v") && object.has("id") && object.has("ingest")
    }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var fields = JSONFields(object, context)
        for name in ["v", "type", "id", "ingest", "seq", "epoch"] as [StaticString] { _ = fields.take(name) }
        var article = article(context)
        let source = fields.text("source")
        if context.isSourceAssumed, let source { article.source = source }
        if let language = fields.text("language") { article.language = language }
        article.uri = fields.text("uri")
        article.version = fields.word("version")
        article.alternateIDs = fields.texts("alt_ids")
        if let kind = fields.text("kind") {
            if let known = Article.Kind(rawValue: kind) { article.kind = known } else { fields.warn("kind") }
        }
        if let status = fields.text("pub_status") {
            guard let known = Article.PubStatus(rawValue: status) else {
                return [unknownStatus("pub_status")]
            }
            article.pubStatus = known
        }
        do throws(ParseError) {
            article.embargoedUntil = try fields.embargo("embargoed_until", format: name)
        } catch { return [.failed(error)] }
        readWords(&fields, &article)
        readTimes(&fields, &article)
        readConcepts(&fields, &article)
        article.urgency = fields.integer("urgency", in: 1...9)
        article.credit = fields.text("credit")
        article.copyright = fields.text("copyright")
        article.usageTerms = fields.text("usage_terms")
        article.infoSources = fields.texts("info_sources")
        article.url = fields.text("url")
        if let ext = fields.take("ext"), case .object(let members)? = JSONValue(ext, depth: 16) {
            article.ext = members
        }
        article.ext.merge(fields.rest()) { own, _ in own }
        article.ingest.warnings += fields.warnings
        return [checked(article, "record")]
    }

    private func readWords(_ fields: inout JSONFields, _ article: inout Article) {
        article.signals = fields.texts("signals")
        article.editorialNote = fields.text("ed_note")
        article.title = fields.text("title")
        article.subtitle = fields.text("subtitle")
        article.slugline = fields.text("slugline")
        article.abstract = fields.text("abstract")
        article.bylines = fields.texts("bylines")
        article.dateline = fields.text("dateline")
        // As it is: it was made a body before.
        article.body = fields.take("body")?.text
        article.bodyHTML = fields.take("body_html")?.text
        article.section = fields.text("section")
        article.genres = fields.texts("genres")
        article.keywords = fields.texts("keywords")
    }

    private func readTimes(_ fields: inout JSONFields, _ article: inout Article) {
        article.published = fields.moment("published")
        article.publishedRaw = fields.text("published_raw")
        article.assumedTimeZone = fields.text("tz_assumed")
        article.updated = fields.moment("updated")
        article.created = fields.moment("created")
        article.expires = fields.moment("expires")
    }

    private func readConcepts(_ fields: inout JSONFields, _ article: inout Article) {
        article.people = concepts("people", &fields)
        article.organisations = concepts("organisations", &fields)
        article.places = concepts("places", &fields)
        article.subjects = concepts("subjects", &fields)
        article.links = fields.objects("links").compactMap { object in
            var member = fields.fields(object)
            guard let rel = member.text("rel"), let uri = member.text("uri") else { return nil }
            return Article.Link(rel: rel, uri: uri, version: member.word("version"))
        }
        article.media = fields.objects("media").compactMap { object in
            var member = fields.fields(object)
            guard let href = member.text("href") else { return nil }
            return Article.Media(
                href: href, contentType: member.text("content_type"), caption: member.text("caption"),
                credit: member.text("credit"), usageTerms: member.text("usage_terms"))
        }
    }

    private func concepts(_ name: StaticString, _ fields: inout JSONFields) -> [Article.Concept] {
        fields.objects(name).compactMap { object in
            var member = fields.fields(object)
            guard let name = member.text("name") else { return nil }
            return Article.Concept(
                name: name, uri: member.text("uri"), scheme: member.text("scheme"),
                relevance: member.take("relevance")?.number)
        }
    }
}
