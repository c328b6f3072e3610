import Articles
import JSON

/// dpa digitalwires: one object an entry, its text in `article_html`.
struct DigitalwiresDialect: JSONDialect {
    let name = "digitalwires"
    let sign = "its format is digitalwires, or it has entry_id, urn and version_created"

    func recognizes(_ object: JSONObject) -> Bool {
        if let format = object["format"].flatMap(JSONText.trimmed), format.hasPrefix("digitalwires") { return true }
        return object.has("entry_id") && object.has("urn") && object.has("version_created")
    }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var fields = JSONFields(object, context)
        var article = article(context)
        _ = fields.take("format")
        article.uri = fields.text("urn")
        article.version = fields.word("version")
        article.alternateIDs = [fields.text("entry_id")].compactMap(\.self)
        if let word = fields.text("type"), let kind = Article.Kind(rawValue: word) { article.kind = kind }
        guard let status = fields.text("pubstatus").map({ Article.PubStatus(rawValue: $0) }) ?? .usable else {
            return [unknownStatus("pubstatus")]
        }
        article.pubStatus = status
        article.signals = Signal.words(fields.texts("signal"))
        do throws(ParseError) {
            article.embargoedUntil = try fields.embargo("embargoed", format: name)
        } catch { return [.failed(error)] }
        readTimes(&fields, &article)
        readWords(&fields, &article)
        readSubjects(&fields, &article)
        article.urgency = fields.integer("urgency", in: 1...9)
        article.credit = fields.text("creditline")
        article.copyright = fields.text("copyrightnotice")
        article.usageTerms = fields.text("usageterms")
        article.media = media(&fields)
        article.ext = fields.rest()
        article.ingest.warnings += fields.warnings
        return [checked(article, "entry")]
    }

    private func readTimes(_ fields: inout JSONFields, _ article: inout Article) {
        if let published = fields.date("version_created") {
            article.setPublished(published.date, raw: published.raw)
        }
        article.updated = fields.moment("updated")
        article.created = fields.moment("content_created")
    }

    private func readWords(_ fields: inout JSONFields, _ article: inout Article) {
        if let language = fields.language("language") { article.language = language }
        article.title = fields.text("headline")
        article.subtitle = fields.text("subhead")
        article.slugline = fields.text("kicker")
        article.abstract = fields.text("teaser")
        article.bylines = [fields.text("byline")].compactMap(\.self)
        article.dateline = fields.text("dateline")
        let parts = [fields.text("article_html"), fields.text("infobox_html")].compactMap(\.self)
        if !parts.isEmpty { article.setBody(markup: parts.joined(separator: "\n"), url: nil) }
        var notes = [fields.text("autopublishnotice")].compactMap(\.self)
        for note in fields.objects("ednotes") where note["is_publishable"]?.boolean == true {
            if note["role"]?.isText("dpaednoterole:closingline") == true { continue }
            if let text = note["ednote"].flatMap(JSONText.trimmed) { notes.append(text) }
        }
        article.editorialNote = notes.isEmpty ? nil : notes.joined(separator: "\n")
    }

    private func readSubjects(_ fields: inout JSONFields, _ article: inout Article) {
        for object in fields.objects("categories") {
            var member = fields.fields(object)
            let code = member.text("qcode")
            guard let type = member.text("type"), let label = member.text("name") ?? code else { continue }
            let concept = Article.Concept(name: label, uri: code)
            switch type {
            case "dnltype:dpasubject", "dnltype:subject": article.subjects.append(concept)
            case "dnltype:geosubject": article.places.append(concept)
            case "dnltype:person": article.people.append(concept)
            case "dnltype:organisation", "dnltype:company": article.organisations.append(concept)
            case "dnltype:keyword": article.keywords.append(label)
            case "dnltype:genre": article.genres.append(label)
            case "dnltype:desk": article.section = article.section ?? label
            default: break
            }
        }
        // The same again by name alone.
        func add(_ names: [String], to concepts: inout [Article.Concept]) {
            for name in names where !concepts.contains(where: { $0.name == name }) {
                concepts.append(Article.Concept(name: name))
            }
        }
        add(fields.texts("dpasubject_names"), to: &article.subjects)
        add(fields.texts("geosubject_names"), to: &article.places)
        for keyword in fields.texts("keyword_names") where !article.keywords.contains(keyword) {
            article.keywords.append(keyword)
        }
        for genre in fields.texts("genre_names") where !article.genres.contains(genre) { article.genres.append(genre) }
        let desks = fields.texts("desk_names")
        article.section = article.section ?? desks.first
        let rubrics = fields.texts("rubric_names")
        article.section = article.section ?? rubrics.first
    }

    /// The pictures and recordings: the first rendition of each.
    private func media(_ fields: inout JSONFields) -> [Article.Media] {
        fields.objects("associations").flatMap { object -> [Article.Media] in
            var member = fields.fields(object)
            let caption = member.text("caption", "headline")
            let credit = member.text("creditline")
            let terms = member.text("usageterms")
            let renditions = member.objects("renditions")
            return renditions.prefix(1).compactMap { rendition in
                guard let href = rendition["url"].flatMap(JSONText.trimmed) else { return nil }
                return Article.Media(
                    href: href, contentType: rendition["mimetype"].flatMap(JSONText.trimmed), caption: caption,
                    credit: credit, usageTerms: terms)
            }
        }
    }
}
