import Articles

extension Article {
    private static let longestTitle = 300
    private static let longestAbstract = 2000
    private static let longestBody = 20_000
    private static let longestName = 200
    private static let mostNames = 20

    /// The article as a feed has it: text of a bounded length, without markup of others', with a link that can be followed.
    ///
    /// - Parameter page: where it is shown here; for articles that have no address of the web.
    func forFeed(page: String) -> Article {
        var article = self
        article.title = title.map { Article.plain($0, Article.longestTitle) }
        article.abstract = abstract.map { Article.plain($0, Article.longestAbstract) }
        article.body = body.map { Article.plain($0, Article.longestBody) }
        // What is in it was cleaned when it came in; a feed's readers show markup, and text is as good.
        article.bodyHTML = nil
        func names(_ names: [String]) -> [String] {
            names.prefix(Article.mostNames).map { Article.plain($0, Article.longestName) }
        }
        article.bylines = names(bylines)
        article.keywords = names(keywords)
        article.copyright = copyright.map { Article.plain($0, Article.longestName) }
        article.media = media.prefix(Article.mostNames).filter { Article.isWebAddress($0.href) }
            .map { medium in
                var medium = medium
                medium.caption = medium.caption.map { Article.plain($0, Article.longestAbstract) }
                return medium
            }
        if !Article.isWebAddress(url) { article.url = page }
        return article
    }

    /// An address that a reader may open: no script, and not longer than such addresses are.
    private static func isWebAddress(_ text: String?) -> Bool {
        guard let text, text.utf8.count <= 2000 else { return false }
        let start = text.prefix(8).lowercased()
        return (start.hasPrefix("http://") || start == "https://")
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// The beginning of a text, without what turns the direction of writing or steers a terminal.
    private static func plain(_ text: String, _ limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar {
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": break
            case "\n", "\t": scalars.append(scalar)
            case "\0"..."\u{1f}", "\u{7f}"..."\u{9f}": scalars.append("\u{fffd}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
