import Articles
import JSON

/// A vocabulary of JSON: which members an object has, and what they mean.
protocol JSONDialect: Sendable {
    /// The word that stands in `ingest.format`, for example `ninjs`.
    var name: String { get }

    /// By what an object is known to be of it, as people read it.
    var sign: String { get }

    /// Returns whether an object is of it, by members that only it has.
    func recognizes(_ object: JSONObject) -> Bool

    /// Returns what an object holds: articles, or why there are none. Their part and id are set by the caller.
    func read(_ object: JSONObject, _ context: FormatContext) -> [ParsedPart.Content]
}

extension JSONDialect {
    /// Makes an article of this dialect without any field.
    func article(_ context: FormatContext) -> Article {
        Article(
            source: context.source, language: context.language,
            ingest: .init(
                path: context.path, sha256: context.sha256, part: 1, bytes: context.bytes, format: name,
                encoding: "utf-8", received: context.received))
    }

    /// Why an object whose status is a word that nobody knows is no article: it is not clear whether it may be shown.
    ///
    /// - Parameter member: what the dialect calls the status.
    func unknownStatus(_ member: String, hint: String? = nil) -> ParsedPart.Content {
        .failed(.unknownStatus(member, format: name, hint: hint))
    }

    /// Returns the article, or why it is none: without a word to read it is no news, unless it hides or withdraws what its
    /// uri names, or is no text at all.
    func checked(_ article: Article, _ what: String, hint: String? = nil) -> ParsedPart.Content {
        var article = article
        // Markup without a word in it leaves nothing.
        if article.title?.isEmpty == true { article.title = nil }
        if article.subtitle?.isEmpty == true { article.subtitle = nil }
        if article.abstract?.isEmpty == true { article.abstract = nil }
        if article.body?.isEmpty == true { article.body = nil }
        if article.bodyHTML?.isEmpty == true { article.bodyHTML = nil }
        let hasWords = article.title != nil || article.body != nil || article.abstract != nil
        guard hasWords || article.pubStatus != .usable && article.uri != nil || article.kind != .text else {
            return .failed(
                ParseError(
                    code: .noArticle, format: name, message: "the \(what) has neither a headline nor a text",
                    hint: hint))
        }
        return .article(article)
    }
}

extension ParseError {
    /// The end of an embargo cannot be read: it is not clear when the article may be shown.
    ///
    /// - Parameter raw: what stands there, of which the beginning is told.
    static func unreadableEmbargo(_ member: String, _ raw: String, format: String) -> ParseError {
        ParseError(
            code: .badField, format: format,
            message:
                "\(member) is '\(raw.prefix(60))', and no date and time, so that it is not clear when the article may be "
                + "shown",
            hint: "correct it, or ask its publisher")
    }

    /// An article's status is a word that nobody knows.
    static func unknownStatus(_ member: String, format: String, hint: String? = nil) -> ParseError {
        ParseError(
            code: .badField, format: format, message: "\(member) is none of usable, withheld and canceled", hint: hint)
    }
}
