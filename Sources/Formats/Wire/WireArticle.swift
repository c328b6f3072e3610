import Articles
import Encodings

/// Makes the article of a wire message.
struct WireArticle {
    private let message: WireMessage
    private let context: FormatContext
    private let encoding: PageEncoding
    private let header: [Substring]
    private let text: [Substring]
    private let trailer: [Substring]

    /// Reads the bytes of a message as text.
    init(_ message: WireMessage, _ context: FormatContext) throws(ParseError) {
        self.message = message
        self.context = context
        // As one, so that all of it is in one encoding; the mark stands in none of them.
        let mark = WireMessage.startOfHeader
        encoding = try PageEncoding(
            Array(message.header) + [mark] + message.text + [mark] + message.trailer, format: WireFormat.name)
        let parts = encoding.text.split(separator: mark, omittingEmptySubsequences: false).map { part in
            String(decoding: part, as: UTF8.self)
        }
        func lines(_ index: Int) -> [Substring] {
            index < parts.count ? parts[index].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) : []
        }
        (header, text, trailer) = (lines(0), lines(1), lines(2))
    }

    /// Returns the article; its part and id are set by the caller.
    func article() throws(ParseError) -> Article {
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: WireFormat.name,
                encoding: encoding.encoding.description, received: context.received,
                warnings: encoding.warnings + (message.isEnded ? [] : ["end_of_text_missing"])))
        let lines = header.filter { $0.unicodeScalars.contains { $0.value > 0x20 } }
        if let first = lines.first, let header = IPTCHeader(first) {
            article.ingest.format = "iptc-7901"
            fill(&article, header)
            IPTCText(lines.dropFirst().map(WireLine.plain), text.map(WireLine.plain), context).fill(&article)
        } else {
            let header = ANPAHeader(lines)
            guard header.isComplete else {
                throw ParseError(
                    code: .badField, format: WireFormat.name,
                    message: "the header is neither that of ANPA 1312 nor that of IPTC 7901")
            }
            article.ingest.format = "anpa-1312"
            fill(&article, header)
            ANPAText(text, header, context).fill(&article)
        }
        for line in trailer where article.published == nil {
            if let (date, raw) = WireDate.find(in: line, context) { article.setPublished(date, raw: raw) }
        }
        guard article.title != nil || article.body != nil else {
            throw ParseError(
                code: .noArticle, format: WireFormat.name, message: "the message has neither a headline nor a text")
        }
        return article
    }

    private func fill(_ article: inout Article, _ header: IPTCHeader) {
        article.alternateIDs = [header.number]
        article.urgency = header.priority
        article.subjects = [WireCategory.iptc(header.category)]
        article.ext["words"] = header.words.map { .integer(Int64($0)) }
        article.ext["information"] = header.information.map { .string($0) }
    }

    private func fill(_ article: inout Article, _ header: ANPAHeader) {
        article.alternateIDs = header.number.map { [$0] } ?? []
        article.urgency = header.urgency
        article.subjects = header.category.map { [WireCategory.anpa($0)] } ?? []
        article.slugline = header.slugline
        article.ext["words"] = header.words.map { .integer(Int64($0)) }
        article.ext["selector"] = header.selector.map { .string($0) }
        article.ext["take"] = header.take.map { .string($0) }
        article.ext["wire_date"] = header.date.map { .string($0) }
    }
}
