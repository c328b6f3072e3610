import Articles
import Encodings
import XML

/// A record of an archive of Reuters.
struct ReutersRecord {
    private let tree: XMLTree
    private let encoding: PageEncoding
    private let context: FormatContext

    /// Reads a record, which is XML but for the references to control characters in it.
    init(_ record: [UInt8], _ context: FormatContext) throws(ParseError) {
        encoding = try PageEncoding(record, format: ReutersFormat.name)
        self.context = context
        do throws(XMLError) {
            let repaired = XMLRepair.repair(encoding.text).bytes
            var tree = try XMLTree(parsing: repaired)
            if let fault = tree.fault {
                tree = try XMLTree(parsing: XMLTagRepair.repair(repaired))
                tree.note(fault)
            }
            self.tree = tree
        } catch {
            throw ParseError(code: .badXML, format: ReutersFormat.name, message: error.message)
        }
    }

    /// Returns the article; its part and id are set by the caller.
    func article() throws(ParseError) -> Article {
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: ReutersFormat.name,
                encoding: encoding.encoding.description, received: context.received,
                warnings: encoding.warnings + (tree.fault == nil ? [] : ["markup_repaired"])))
        // Its place in Reuters-21578, and in the collection that this was made from.
        article.uri = attribute("NEWID").map { "reuters-21578:\($0)" }
        article.alternateIDs = attribute("OLDID").map { ["reuters-22173:\($0)"] } ?? []
        readDate(&article)
        article.subjects = concepts("TOPICS")
        article.places = concepts("PLACES")
        article.people = concepts("PEOPLE")
        article.organisations = ["ORGS", "EXCHANGES", "COMPANIES"].flatMap { concepts($0) }
        if let header = first("UNKNOWN", in: 0).map({ ANPAHeader(tree.text($0).split(whereSeparator: \.isNewline)) }) {
            article.slugline = header.slugline
            article.urgency = header.urgency
        }
        readText(&article)
        guard article.title != nil || article.body != nil else {
            throw ParseError(
                code: .noArticle, format: ReutersFormat.name, message: "the record has neither a headline nor a text")
        }
        return article
    }

    // MARK: Elements

    private func attribute(_ name: String) -> String? {
        (tree.attribute(name, of: 0) ?? tree.attribute(name.lowercased(), of: 0)).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func first(_ name: String, in index: Int) -> Int? {
        tree.elements(in: index).first { tree.name($0)?.local.uppercased() == name }
    }

    private func line(_ name: String, in index: Int) -> String? {
        first(name, in: index).map { VisibleText.clean(tree.text($0)) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func concepts(_ name: String) -> [Article.Concept] {
        guard let index = first(name, in: 0) else { return [] }
        return tree.elements(in: index).compactMap { element in
            let code = VisibleText.clean(tree.text(element))
            return code.isEmpty
                ? nil : Article.Concept(name: code, uri: code, scheme: "reuters-\(name.lowercased())")
        }
    }

    private func readDate(_ article: inout Article) {
        guard let raw = line("DATE", in: 0) else { return }
        article.publishedRaw = raw
        guard let date = FieldDate.read(raw, context), date.moment != nil else {
            article.ingest.warnings.append("date_invalid")
            return
        }
        article.setPublished(date, raw: raw)
    }

    // MARK: Text

    private func readText(_ article: inout Article) {
        guard let text = first("TEXT", in: 0) else { return }
        article.title = line("TITLE", in: text)
        if let author = line("AUTHOR", in: text) {
            let names = BylineText.names(author)
            article.bylines = names.isEmpty ? [author] : names
        }
        article.dateline = line("DATELINE", in: text).map { dateline in
            String(dateline.reversed().drop { $0 == "-" || $0 == " " }.reversed())
        }
        let body = first("BODY", in: text).map { tree.text($0) } ?? ownText(of: text)
        var lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        if article.title == nil, first("BODY", in: text) == nil {
            // A record that nobody took apart: its first line is the headline.
            lines = lines.drop { $0.allSatisfy { $0.isWhitespace } }
            article.title = lines.popFirst().map { VisibleText.clean(String($0)) }
        }
        let paragraphs = WireParagraphs.text(of: ReutersRecord.withoutEnd(lines))
        article.body = paragraphs.isEmpty ? nil : paragraphs
    }

    /// The text directly in an element.
    private func ownText(of index: Int) -> String {
        var text = ""
        var child = index + 1
        while child < tree.nodes[index].end {
            if tree.nodes[child].isText { text += tree.text(child) }
            child = Int(tree.nodes[child].isText ? Int32(child + 1) : tree.nodes[child].end)
        }
        // Before a headline stand stars, and where a text is missing the makers of the collection put this one.
        let own = text.drop { $0.isWhitespace || $0 == "*" }
        return own.hasPrefix("Blah blah blah.") ? "" : String(own)
    }

    /// Without the line that ends a report: the agency's name.
    private static func withoutEnd(_ lines: ArraySlice<Substring>) -> ArraySlice<Substring> {
        var lines = lines
        while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
        if let last = lines.last, last.filter({ !$0.isWhitespace }).lowercased() == "reuter" { lines.removeLast() }
        return lines
    }
}
