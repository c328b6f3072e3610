import Articles
import Encodings

/// Makes the article of a mail.
struct MailArticle {
    private let header: MailHeader
    private let content: MailContent
    private let context: FormatContext

    init(_ header: MailHeader, _ content: MailContent, _ context: FormatContext) {
        (self.header, self.content, self.context) = (header, content, context)
    }

    /// Returns the article; nil where the mail has neither a subject nor a text.
    ///
    /// - Parameters:
    ///   - media: what is attached and no article by itself.
    ///   - warnings: what was doubtful in the mail's build.
    func make(format: String, media: [MailContent.Attachment], warnings: Set<String>) -> Article? {
        var article = Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: format,
                encoding: content.encoding?.description ?? "utf-8", received: context.received,
                warnings: warnings.union(content.warnings).sorted()))
        readIdentity(&article)
        readPeople(&article)
        readDates(&article)
        readPlace(&article)
        article.media = media.map(medium)
        article.ext.merge(attachments(media)) { own, _ in own }
        setBody(&article)
        return article.title == nil && article.body == nil && article.media.isEmpty ? nil : article
    }

    private func text(_ name: String) -> String? {
        header[name].flatMap { EncodedWords.decode($0, charset: content.charset) }
    }

    // MARK: Fields

    private func readIdentity(_ article: inout Article) {
        article.title = text("subject")
        article.uri = header["message-id"].flatMap { MailIdentifier.all(in: $0).first }.map { MailIdentifier.uri($0) }
        for (field, rel) in [
            ("in-reply-to", "inReplyTo"), ("references", "references"), ("supersedes", "supersedes"),
        ] {
            for identifier in header[field].map({ MailIdentifier.all(in: $0) }) ?? [] {
                article.links.append(Article.Link(rel: rel, uri: MailIdentifier.uri(identifier)))
            }
        }
        article.keywords = header.all("keywords").flatMap { field in
            (EncodedWords.decode(field, charset: content.charset) ?? "").split(separator: ",").compactMap {
                $0.trimmingSpace.nonEmpty
            }
        }
        article.abstract = text("summary")
        article.editorialNote = text("comments")
        if let tag = text("content-language").flatMap(LanguageTag.normalized) { article.language = tag }
        if let url = text("archived-at")?.filter({ $0 != "<" && $0 != ">" }), WebAddress.isAbsolute(url) {
            article.url = url
        }
    }

    private func readPeople(_ article: inout Article) {
        let from = header["from"].map { MailAddress.list($0, charset: content.charset) } ?? []
        article.bylines = from.compactMap { $0.name ?? $0.address }
        article.credit = text("organization") ?? text("organisation")
        let addresses = from.compactMap { $0.name == nil ? nil : $0.address }
        if !addresses.isEmpty { article.ext["from"] = .array(addresses.map { .string($0) }) }
    }

    private func readDates(_ article: inout Article) {
        guard let raw = text("date") else { return }
        guard let date = MailDate.read(header.all("date"), context) else {
            article.publishedRaw = raw
            article.ingest.warnings.append("date_invalid")
            return
        }
        article.setPublished(date, raw: raw)
        article.expires = MailDate.read(header.all("expires"), context)?.moment
    }

    /// The group or the list that it was sent to.
    private func readPlace(_ article: inout Article) {
        let groups = text("newsgroups").map { $0.split { $0 == "," || $0 == " " }.map(String.init) } ?? []
        let list = header["list-id"].flatMap { MailAddress.list($0, charset: content.charset).first }
        article.section = groups.first ?? list.flatMap { $0.name ?? $0.address }
        if groups.count > 1 { article.ext["newsgroups"] = .array(groups.map { .string($0) }) }
        if let address = list?.address { article.ext["list_id"] = .string(address) }
    }

    // MARK: The text

    /// Below this share of what the markup says, a text only says that there is markup.
    private static let realShare = 5

    private func setBody(_ article: inout Article) {
        if let markup = content.markup {
            let fragment = HTMLFragment(markup, url: nil)
            article.body = fragment.text
            article.bodyHTML = fragment.markup
            if fragment.text == nil { article.ingest.warnings.append("markup_without_text") }
        }
        guard let text = content.text else { return }
        let paragraphs = FlowedText.paragraphs(text)
        let markup = article.body?.utf8.count ?? 0
        // Some write their markup as text.
        if markup == 0, paragraphs.utf8.first == UInt8(ascii: "<"), HTMLFragment.isMarkup(paragraphs) {
            return article.setBody(markup: text, url: nil)
        }
        if !paragraphs.isEmpty, paragraphs.utf8.count * MailArticle.realShare >= markup { article.body = paragraphs }
    }

    // MARK: Attachments

    private func medium(_ attachment: MailContent.Attachment) -> Article.Media {
        Article.Media(href: href(attachment), contentType: attachment.type, caption: attachment.description)
    }

    private func href(_ attachment: MailContent.Attachment) -> String {
        if let location = attachment.location, WebAddress.isAbsolute(location) { return location }
        if let identifier = attachment.contentID { return MailIdentifier.uri(identifier, scheme: "cid") }
        return MailIdentifier.uri(attachment.name ?? "attachment", scheme: "attachment")
    }

    private func attachments(_ media: [MailContent.Attachment]) -> [String: JSONValue] {
        guard !media.isEmpty else { return [:] }
        return [
            "attachments": .array(
                media.map { attachment in
                    var members: [String: JSONValue] = [
                        "href": .string(href(attachment)), "content_type": .string(attachment.type),
                        "bytes": .integer(Int64(attachment.bytes.count)),
                    ]
                    members["name"] = attachment.name.map { .string($0) }
                    return .object(members)
                })
        ]
    }
}

extension Substring {
    /// The text without white space at both ends.
    fileprivate var trimmingSpace: String {
        var text = self
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
