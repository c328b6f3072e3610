import Articles
import TimeZones

/// Reads a sidecar's object member by member: each is checked and becomes a change of the article.
struct MetadataReader {
    let path: String
    let timeZone: Zone
    private(set) var changes: [ArticleMetadata.Change] = []
    private(set) var naming: [ArticleMetadata.Change] = []
    private(set) var published: MetadataDate?
    private var ext: [String: JSONValue] = [:]

    /// What is wrong with a member, as the rest of a sentence that begins with its name.
    private struct Problem: Error { let message: String }

    init(path: String, timeZone: Zone) {
        self.path = path
        self.timeZone = timeZone
    }

    mutating func read(_ bytes: [UInt8]) throws(ParseError) {
        guard bytes.count <= ArticleMetadata.maximumBytes else {
            throw error(nil, "'\(path)' has more than \(ArticleMetadata.maximumBytes) bytes")
        }
        let value: JSONValue
        do throws(JSONReader.Fault) { value = try JSONReader.read(bytes) } catch {
            throw self.error(.line(error.line), "'\(path)' is no JSON: \(error.message)", isCut: error.isCut)
        }
        guard case .object(let members) = value else { throw error(nil, "'\(path)' is no object { … }") }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) where value != .null {
            do throws(Problem) { try take(name, value) } catch {
                throw self.error(nil, "'\(path)': \(name) \(error.message)")
            }
        }
        if !ext.isEmpty {
            changes.append { [ext] article in article.ext.merge(ext) { _, new in new } }
        }
    }

    private func error(_ position: ParseError.Position?, _ message: String, isCut: Bool = false) -> ParseError {
        ParseError(
            code: .badMetadata, format: "metadata", position: position, message: message,
            hint: "repair the sidecar, or leave it out, then drop both again", looksTruncated: isCut)
    }

    private mutating func take(_ name: String, _ value: JSONValue) throws(Problem) {
        switch name {
        case "uri": try text(value) { $0.uri = $1 }
        case "version": try version(value)
        case "title": try text(value, \.title)
        case "subtitle": try text(value, \.subtitle)
        case "slugline": try text(value, \.slugline)
        case "abstract": try text(value, \.abstract)
        case "dateline": try text(value, \.dateline)
        case "section": try text(value, \.section)
        case "ed_note": try text(value, \.editorialNote)
        case "credit": try text(value, \.credit)
        case "copyright": try text(value, \.copyright)
        case "usage_terms": try text(value, \.usageTerms)
        case "url": try text(value, \.url)
        case "language": try language(value)
        case "bylines": try texts(value, \.bylines)
        case "keywords": try texts(value, \.keywords)
        case "genres": try texts(value, \.genres)
        case "signals":
            try texts(value, \.signals)
            changes.append { $0.signals = Signal.words($0.signals) }
        case "alt_ids": try texts(value, \.alternateIDs)
        case "info_sources": try texts(value, \.infoSources)
        case "people": try concepts(value, \.people)
        case "organisations": try concepts(value, \.organisations)
        case "places": try concepts(value, \.places)
        case "subjects": try concepts(value, \.subjects)
        case "links": try links(value)
        case "media": try media(value)
        case "published": published = try date(value)
        case "updated": try date(value, \.updated)
        case "created": try date(value, \.created)
        case "embargoed_until": try date(value, \.embargoedUntil)
        case "expires": try date(value, \.expires)
        case "urgency": try urgency(value)
        case "kind": try word(value, \.kind)
        case "pub_status": try word(value, \.pubStatus)
        case "ext":
            guard case .object(let members) = value else { throw wrong("an object { … }", value) }
            for (name, value) in members where value != .null { ext[name] = value }
        default: ext[name] = ext[name] ?? value
        }
    }

    // MARK: Kinds of values

    private typealias Path<Value> = any WritableKeyPath<Article, Value> & Sendable

    private mutating func text(_ value: JSONValue, _ path: Path<String?>) throws(Problem) {
        // An empty text says nothing.
        guard let text = try string(value) else { return }
        changes.append { $0[keyPath: path] = text }
    }

    private mutating func text(
        _ value: JSONValue, _ change: @escaping @Sendable (inout Article, String) -> Void
    ) throws(Problem) {
        guard let text = try string(value) else { return }
        naming.append { change(&$0, text) }
    }

    private mutating func version(_ value: JSONValue) throws(Problem) {
        if case .integer(let number) = value { return naming.append { $0.version = "\(number)" } }
        guard case .string = value else { throw wrong("a string or a whole number", value) }
        try text(value) { $0.version = $1 }
    }

    private mutating func texts(_ value: JSONValue, _ path: Path<[String]>) throws(Problem) {
        guard case .array(let values) = value else { throw wrong("a list of strings", value) }
        var texts: [String] = []
        for value in values {
            guard case .string = value else { throw wrong("a list of strings", value) }
            if let text = try string(value) { texts.append(text) }
        }
        guard !texts.isEmpty else { return }
        changes.append { [texts] in $0[keyPath: path] = texts }
    }

    private mutating func language(_ value: JSONValue) throws(Problem) {
        guard let text = try string(value) else { return }
        let tag = text.lowercased()
        let isTag =
            (2...35).contains(tag.utf8.count) && !tag.utf8.contains(UInt8(ascii: "_")) && !tag.contains(".")
            && tag == Topic.part(tag)
        guard isTag else { throw wrong("a language tag such as \"en\" or \"pt-BR\"", value) }
        changes.append { $0.language = tag }
    }

    private func date(_ value: JSONValue) throws(Problem) -> MetadataDate? {
        guard let text = try string(value) else { return nil }
        guard let date = MetadataDate(text, timeZone: timeZone) else {
            throw wrong("a date and time such as \"2025-02-26T03:27:00Z\"", value)
        }
        return date
    }

    private mutating func date(_ value: JSONValue, _ path: Path<Timestamp?>) throws(Problem) {
        guard let date = try date(value) else { return }
        changes.append { article in
            article[keyPath: path] = date.moment
            if let zone = date.assumedZone { article.assumedTimeZone = article.assumedTimeZone ?? zone }
        }
    }

    private mutating func urgency(_ value: JSONValue) throws(Problem) {
        guard let urgency = value.integerValue, (1...9).contains(urgency) else {
            throw wrong("a whole number from 1 to 9", value)
        }
        changes.append { $0.urgency = Int(urgency) }
    }

    private mutating func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ value: JSONValue, _ path: Path<Word>
    ) throws(Problem) {
        guard let text = value.stringValue, let word = Word(rawValue: text) else {
            throw wrong("one of \(Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))", value)
        }
        changes.append { $0[keyPath: path] = word }
    }

    private mutating func concepts(_ value: JSONValue, _ path: Path<[Article.Concept]>) throws(Problem) {
        let concepts = try objects(value) { member throws(Problem) in
            if let name = member.stringValue { return Article.Concept(name: name) }
            guard let name = member["name"]?.stringValue else { throw Problem(message: "has a member without a name") }
            if let relevance = member["relevance"], !(0...1).contains(relevance.doubleValue ?? -1) {
                throw wrong("of a relevance from 0 to 1", relevance)
            }
            return Article.Concept(
                name: name, uri: try string(member["uri"]), scheme: try string(member["scheme"]),
                relevance: member["relevance"]?.doubleValue)
        }
        changes.append { $0[keyPath: path] = concepts }
    }

    private mutating func links(_ value: JSONValue) throws(Problem) {
        let links = try objects(value) { member throws(Problem) in
            guard let rel = member["rel"]?.stringValue, let uri = member["uri"]?.stringValue else {
                throw Problem(message: "has a member without rel and uri")
            }
            return Article.Link(rel: rel, uri: uri, version: try string(member["version"]))
        }
        changes.append { $0.links = links }
    }

    private mutating func media(_ value: JSONValue) throws(Problem) {
        let media = try objects(value) { member throws(Problem) in
            guard let href = member["href"]?.stringValue else { throw Problem(message: "has a member without href") }
            var media = Article.Media(href: href)
            media.contentType = try string(member["content_type"])
            media.caption = try string(member["caption"])
            media.credit = try string(member["credit"])
            media.usageTerms = try string(member["usage_terms"])
            return media
        }
        changes.append { $0.media = media }
    }

    private func objects<Element>(
        _ value: JSONValue, _ make: (JSONValue) throws(Problem) -> Element
    ) throws(Problem) -> [Element] {
        guard case .array(let members) = value else { throw wrong("a list of objects", value) }
        var made: [Element] = []
        for member in members { made.append(try make(member)) }
        return made
    }

    private func string(_ value: JSONValue?) throws(Problem) -> String? {
        guard let value, value != .null else { return nil }
        guard case .string(let text) = value else { throw wrong("a string", value) }
        return text.utf8.allSatisfy { $0 <= 0x20 } ? nil : text
    }

    private func wrong(_ wanted: String, _ value: JSONValue) -> Problem {
        var writer = JSONWriter()
        value.write(to: &writer)
        let shown = String(decoding: writer.bytes.prefix(60), as: UTF8.self)
        return Problem(message: "must be \(wanted), is \(shown)\(writer.bytes.count > 60 ? "…" : "")")
    }
}
