import Articles
import JSON

/// Any other object, by names of members that are usual or that the configuration says.
struct MappedDialect: JSONDialect {
    let name = "json"
    let sign = "it is of no dialect that is known: its members are mapped"
    private let mapping: FieldMapping

    init(_ mapping: FieldMapping) { self.mapping = mapping }

    func recognizes(_ object: JSONObject) -> Bool { true }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var members = MappedMembers(object, mapping)
        var article = article(context)
        if let status = members.text(.pubStatus) {
            guard let known = Article.PubStatus(rawValue: status.lowercased()) else {
                return [unknownStatus("pub_status")]
            }
            article.pubStatus = known
        }
        if let language = members.text(.language).flatMap(LanguageTag.normalized) { article.language = language }
        article.url = members.text(.url)
        article.uri = members.text(.uri) ?? article.url
        article.version = members.text(.version)
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
        article.media = members.texts(.image).map { .init(href: $0) }
        article.credit = members.texts(.credit).first
        article.copyright = members.text(.copyright)
        article.usageTerms = members.text(.usageTerms)
        article.editorialNote = members.text(.edNote)
        readTimes(&members, &article, context)
        if let urgency = members.text(.urgency).flatMap({ Int($0) }) {
            if (1...9).contains(urgency) { article.urgency = urgency } else { members.warn(.urgency) }
        }
        article.ext = members.rest()
        article.ingest.warnings += members.warnings
        return [
            checked(
                article, "object",
                hint:
                    "say under fields of the drop directory which members have them, if they are called something else")
        ]
    }

    private func readTimes(_ members: inout MappedMembers, _ article: inout Article, _ context: FormatContext) {
        func moment(_ field: FieldMapping.Field) -> (ResolvedDate, String)? {
            guard let raw = members.text(field) else { return nil }
            guard let date = FieldDate.read(raw, context), date.moment != nil else {
                members.warn(field)
                return nil
            }
            return (date, raw)
        }
        if let (date, raw) = moment(.published) {
            article.setPublished(date, raw: raw)
        }
        article.updated = moment(.updated)?.0.moment
        article.created = moment(.created)?.0.moment
        article.embargoedUntil = moment(.embargoedUntil)?.0.moment
        article.expires = moment(.expires)?.0.moment
    }
}
