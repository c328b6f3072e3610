import Articles
import JSON

/// IPTC ninjs 1.0 to 3.1. Version 1 spells its members in lower case and has several as `body_text`, `body_html`; version 2
/// has lists with roles instead, and version 3 spells them in camel case: all are read without regard to case.
///
/// Source: the JSON schemas at https://iptc.org/std/ninjs/.
struct NinjsDialect: JSONDialect {
    let name = "ninjs"
    let sign = "it has a uri and members of ninjs"

    func recognizes(_ object: JSONObject) -> Bool {
        // Own records and linked data have a uri, too.
        guard object["uri"]?.kind == .string, !object.has("@context"), !object.has("@type") else { return false }
        if NinjsNames.signs.contains(where: { object.has($0) }) { return true }
        return object.rest.allSatisfy { NinjsNames.isKnown($0.name) }
    }

    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content] {
        var fields = JSONFields(object, context, ignoresCase: true)
        _ = fields.take("$standard")
        _ = fields.take("standard")
        var article = article(context)
        article.uri = fields.text("uri")
        article.version = fields.word("version")
        guard readStatus(&fields, &article) else {
            return [
                .failed(
                    ParseError(
                        code: .badField, format: name,
                        message: "pubstatus is none of usable, withheld and canceled, so that it is not clear whether "
                            + "the item may be shown",
                        hint: "correct the item, or ask its publisher"))
            ]
        }
        do throws(ParseError) {
            article.embargoedUntil = try fields.embargo("embargoed", "embargoeduntil", format: name)
        } catch { return [.failed(error)] }
        readKind(&fields, &article)
        readTimes(&fields, &article)
        readWords(&fields, &article)
        readConcepts(&fields, &article)
        readRights(&fields, &article)
        readMedia(&fields, &article)
        article.urgency = fields.integer("urgency", in: 1...9)
        // Counts and the like say nothing that the article itself does not.
        for name in ["charcount", "wordcount", "mimetype", "representationtype"] as [StaticString] {
            _ = fields.take(name)
        }
        article.ext = fields.rest()
        article.ingest.warnings += fields.warnings
        return [checked(article, "item")]
    }

    // MARK: What it is

    private func readStatus(_ fields: inout JSONFields, _ article: inout Article) -> Bool {
        guard let status = fields.take("pubstatus") else { return true }
        guard let word = JSONText.trimmed(status)?.lowercased() else { return false }
        switch word {
        case "usable": article.pubStatus = .usable
        case "withheld": article.pubStatus = .withheld
        case "canceled": article.pubStatus = .canceled
        case "cancelled":
            article.pubStatus = .canceled
            fields.warn("pubstatus")
        default: return false
        }
        return true
    }

    private func readKind(_ fields: inout JSONFields, _ article: inout Article) {
        guard let word = fields.text("type")?.lowercased() else { return }
        if let kind = Article.Kind(rawValue: word) { article.kind = kind } else { fields.warn("type") }
    }

    private func readTimes(_ fields: inout JSONFields, _ article: inout Article) {
        let first = fields.date("firstcreated")
        let version = fields.date("versioncreated")
        if let published = first ?? version {
            article.setPublished(published.date, raw: published.raw)
        }
        if let version, version.date.moment != article.published { article.updated = version.date.moment }
        article.created = fields.moment("contentcreated")
        article.expires = fields.moment("expires")
    }

    // MARK: Words

    private func readWords(_ fields: inout JSONFields, _ article: inout Article) {
        if let language = fields.language("language") { article.language = language }
        var headlines = roles("headlines", &fields, main: ["main", "title"])
        if let headline = fields.text("headline") { headlines.insert(Role("main", nil, headline), at: 0) }
        headlines += suffixes("headline_", &fields)
        let title = fields.text("title")
        article.title = headlines.first.map(\.value).map(plain) ?? title
        article.subtitle = headlines.first { ["sub", "subheadline", "subtitle"].contains($0.role) }.map {
            plain($0.value)
        }
        article.slugline = fields.text("slugline")
        article.dateline = fields.text("located")
        article.bylines = [fields.text("byline", "by")].compactMap(\.self)
        article.editorialNote = fields.text("ednote")
        let descriptions =
            roles("descriptions", &fields, main: ["main", "summary", "abstract"]) + suffixes("description_", &fields)
        article.abstract = descriptions.first.map { plain($0.value) }
        setBody(roles("bodies", &fields, main: ["main", "text"]) + suffixes("body_", &fields), &article)
        article.keywords = fields.texts("keywords")
    }

    /// A text with what it is for and how it is written.
    private struct Role {
        var role: String
        var contentType: String?
        var value: String

        init(_ role: String, _ contentType: String?, _ value: String) {
            self.role = role
            self.contentType = contentType
            self.value = value
        }
    }

    /// Takes the texts of a list, those of a main role first.
    private func roles(_ list: StaticString, _ fields: inout JSONFields, main: [String]) -> [Role] {
        var roles: [Role] = []
        for object in fields.objects(list) {
            var member = fields.fields(object)
            let role = member.text("role")?.lowercased() ?? "main"
            let type = member.text("contenttype")?.lowercased()
            if let value = member.text("value") { roles.append(Role(role, type, value)) }
            fields.add(member.warnings)
        }
        let first = roles.firstIndex { main.contains($0.role) }
        if let first, first > 0 { roles.insert(roles.remove(at: first), at: 0) }
        return roles
    }

    /// Takes the texts of members such as `body_text`, whose roles are the ends of their names.
    private func suffixes(_ prefix: StaticString, _ fields: inout JSONFields) -> [Role] {
        let known = ["text", "main", "xhtml", "html", "nitf"]
        var roles: [Role] = []
        for (name, value) in fields.take(prefix: prefix) {
            // The schemas' pattern does not say how a name ends.
            let isName = name.utf8.first.map { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") } ?? false
            guard isName, let text = JSONText.trimmed(value) else {
                if !isName || value.kind != .string { fields.warn("\(prefix)\(name)") }
                continue
            }
            let type = name.hasSuffix("html") ? "text/html" : name == "nitf" ? "application/xml" : nil
            roles.append(Role(name, type, text))
        }
        return roles.sorted { (known.firstIndex(of: $0.role) ?? 9) < (known.firstIndex(of: $1.role) ?? 9) }
    }

    private func plain(_ text: String) -> String {
        HTMLFragment.isMarkup(text) ? VisibleText.withoutMarkup(text) : text
    }

    /// Takes the text, and the markup beside it where both are there.
    private func setBody(_ bodies: [Role], _ article: inout Article) {
        func isMarkup(_ body: Role) -> Bool {
            body.contentType.map { $0.contains("html") || $0.contains("xml") } ?? HTMLFragment.isMarkup(body.value)
        }
        let main = bodies.filter { ["main", "text", "html", "xhtml", "nitf"].contains($0.role) }
        let usable = main.isEmpty ? Array(bodies.prefix(1)) : main
        if let markup = usable.first(where: isMarkup) { article.setBody(markup: markup.value, url: article.uri) }
        if let text = usable.first(where: { !isMarkup($0) }) { article.setBody(text: text.value) }
    }

    // MARK: Concepts

    private func readConcepts(_ fields: inout JSONFields, _ article: inout Article) {
        article.people = concepts("person", "people", &fields)
        article.organisations = concepts("organisation", "organisations", &fields)
        article.places = concepts("place", "places", &fields)
        article.subjects = concepts("subject", "subjects", &fields)
        article.genres = concepts("genre", "genres", &fields).map(\.name)
        article.infoSources = concepts("infosource", "infosources", &fields).map(\.name)
        article.alternateIDs = alternateIDs(&fields)
        for association in links(&fields) { article.links.append(association) }
    }

    private func concepts(
        _ singular: StaticString, _ plural: StaticString, _ fields: inout JSONFields
    ) -> [Article.Concept] {
        var concepts: [Article.Concept] = []
        for object in fields.objects(singular) + fields.objects(plural) {
            var member = fields.fields(object)
            let scheme = member.text("scheme")
            let code = member.word("code")
            let uri = member.text("uri")
            let literal = member.text("literal")
            let relevance = member.take("relevance")?.number
            if let name = member.text("name") ?? literal ?? code ?? uri {
                concepts.append(
                    Article.Concept(
                        name: name, uri: uri ?? code ?? literal, scheme: scheme,
                        // The standard counts to 100.
                        relevance: relevance.flatMap { (0...100).contains($0) ? $0 / 100 : nil }))
            }
            fields.add(member.warnings.map { $0 + " in \(plural)" })
        }
        return concepts
    }

    private func alternateIDs(_ fields: inout JSONFields) -> [String] {
        guard let value = fields.take("altids") else { return [] }
        switch value.kind {
        case .object: return (JSONObject(value)?.rest ?? []).compactMap { JSONText.trimmed($0.value) }
        case .array: return value.elements.compactMap { $0["value"].flatMap(JSONText.trimmed) }
        default:
            fields.warn("altids")
            return []
        }
    }

    // MARK: Rights and media

    private func readRights(_ fields: inout JSONFields, _ article: inout Article) {
        let holder = fields.text("copyrightholder")
        article.credit = fields.text("creditline") ?? holder
        article.copyright = fields.text("copyrightnotice") ?? holder
        article.usageTerms = fields.text("usageterms")
    }

    private func readMedia(_ fields: inout JSONFields, _ article: inout Article) {
        guard let value = fields.take("renditions") else { return }
        guard let objects = members(of: value) else { return fields.warn("renditions") }
        for object in objects {
            var member = fields.fields(object)
            guard let href = member.text("href") else { continue }
            article.media.append(
                Article.Media(
                    href: href, contentType: member.text("contenttype", "mimetype"), caption: member.text("title")))
        }
    }

    /// What an item belongs to, and pictures that belong to it.
    private func links(_ fields: inout JSONFields) -> [Article.Link] {
        guard let value = fields.take("associations") else { return [] }
        guard let objects = members(of: value) else {
            fields.warn("associations")
            return []
        }
        var links: [Article.Link] = []
        for object in objects {
            var member = fields.fields(object)
            // In a list each has a name; in an object that is its member's.
            let isNamed = value.kind == .object || object.has("name")
            let uri = member.text("uri")
            if !isNamed || uri == nil || !object.rest.allSatisfy({ NinjsNames.isKnown($0.name) }) {
                fields.warn("associations")
            }
            let rel = member.text("rel") ?? member.text("type") ?? "associated"
            if let uri { links.append(Article.Link(rel: rel, uri: uri, version: member.word("version"))) }
        }
        return links
    }

    /// The objects of a list, or the values of an object's members.
    private func members(of value: JSONElement) -> [JSONObject]? {
        switch value.kind {
        case .array: value.elements.compactMap { JSONObject($0) }
        case .object: (JSONObject(value)?.rest ?? []).compactMap { JSONObject($0.value) }
        default: nil
        }
    }
}
