import Articles
import JSON

extension FieldMapping {
    /// Sets in an article what the members of an object say; what no field is mapped to goes to `ext`.
    ///
    /// - Parameter left: fields that are not looked for.
    /// - Throws: ``ParseError`` with `bad_field` where it is not clear whether the article may be shown.
    func fill(
        _ article: inout Article, from object: JSONObject, leaving left: Set<Field> = [], _ context: FormatContext
    ) throws(ParseError) {
        var members = MappedMembers(object, self, leaving: left)
        if let status = members.text(.pubStatus) {
            guard let known = Article.PubStatus(rawValue: status.lowercased()) else {
                throw ParseError.unknownStatus("pub_status", format: article.ingest.format)
            }
            article.pubStatus = known
        }
        if let language = members.text(.language).flatMap(LanguageTag.normalized) { article.language = language }
        article.url = members.text(.url)
        article.uri = members.text(.uri) ?? article.url
        article.version = members.text(.version)
        fillWords(&article, &members)
        article.media = members.texts(.image).map { .init(href: $0) }
        article.credit = members.texts(.credit).first
        article.copyright = members.text(.copyright)
        article.usageTerms = members.text(.usageTerms)
        article.editorialNote = members.text(.edNote)
        fillTimes(&article, &members, context)
        if let embargo = members.text(.embargoedUntil) {
            article.embargoedUntil = FieldDate.read(embargo, context)?.moment
            guard article.embargoedUntil != nil else {
                throw .unreadableEmbargo("embargoed_until", embargo, format: article.ingest.format)
            }
        }
        if let urgency = members.text(.urgency).flatMap({ Int($0) }) {
            if (1...9).contains(urgency) { article.urgency = urgency } else { members.warn(.urgency) }
        }
        article.ext = members.rest()
        article.ingest.warnings += members.warnings
    }

    private func fillWords(_ article: inout Article, _ members: inout MappedMembers) {
        article.title = members.text(.title).map(VisibleText.withoutMarkup)
        article.subtitle = members.text(.subtitle).map(VisibleText.withoutMarkup)
        article.slugline = members.text(.slugline)
        article.abstract = members.text(.abstract).map {
            HTMLFragment.isMarkup($0) ? VisibleText.withoutMarkup($0) : $0
        }
        if let body = members.body() {
            if HTMLFragment.isMarkup(body) {
                article.setBody(markup: body, url: article.url)
            } else {
                article.setBody(text: body)
            }
        }
        article.bylines = members.texts(.bylines)
        article.dateline = members.text(.dateline)
        article.section = members.texts(.section).first
        article.genres = members.texts(.genres)
        article.keywords = members.keywords()
        article.people = members.texts(.people).map { .init(name: $0) }
        article.organisations = members.texts(.organisations).map { .init(name: $0) }
        article.places = members.texts(.places).map { .init(name: $0) }
        article.subjects = members.texts(.subjects).map { .init(name: $0) }
    }

    private func fillTimes(_ article: inout Article, _ members: inout MappedMembers, _ context: FormatContext) {
        func moment(_ field: Field) -> (ResolvedDate, String)? {
            guard let raw = members.text(field) else { return nil }
            guard let date = FieldDate.read(raw, context), date.moment != nil else {
                members.warn(field)
                return nil
            }
            return (date, raw)
        }
        if let (date, raw) = moment(.published) { article.setPublished(date, raw: raw) }
        article.updated = moment(.updated)?.0.moment
        article.created = moment(.created)?.0.moment
        article.expires = moment(.expires)?.0.moment
    }
}
