import Articles

/// A vocabulary of news in XML: which elements are items, and what they mean.
protocol NewsDialect: Sendable {
    /// The word that stands in `ingest.format`, for example `newsml-g2`.
    var name: String { get }

    /// How a document's items are found.
    var rules: ItemCutter.Rules { get }

    /// Returns what an item holds: an article, or why there is none. Its part, its id and how it came in are set by the
    /// caller.
    ///
    /// - Parameters:
    ///   - item: the item, whose element is node 0.
    ///   - message: what stands before the document's first item; nil where that is the document.
    ///   - article: an article without any field.
    func read(
        _ item: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext
    ) throws(ParseError) -> ParsedPart.Content
}

extension NewsDialect {
    /// Returns the article, or why it is none: without a word to read it is no news, unless its uri names it and it hides
    /// or withdraws that, or is no text at all.
    func checked(_ article: Article, hint: String? = nil) throws(ParseError) -> ParsedPart.Content {
        let hasWords = article.title != nil || article.body != nil || article.abstract != nil
        guard hasWords || article.uri != nil && (article.pubStatus != .usable || article.kind != .text) else {
            throw ParseError(
                code: .noArticle, format: name, message: "the item has neither a headline nor a text", hint: hint)
        }
        return .article(article)
    }
}
