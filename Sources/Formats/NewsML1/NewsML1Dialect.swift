import Articles

/// What the items of NewsML 1 mean.
struct NewsML1Dialect: NewsDialect {
    let name = NewsML1Format.name
    // A component may consist of items.
    let rules = ItemCutter.Rules(items: ["NewsItem"], content: nil)

    func read(
        _ item: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext
    ) throws(ParseError) -> ParsedPart.Content {
        if item.first(.update, in: 0) != nil, item.first(.newsComponent, in: 0) == nil {
            throw ParseError(
                code: .noArticle, format: name,
                message: "the item is a change to parts of an earlier one, not an article",
                hint: "have the whole item sent again")
        }
        // A set of topics is what concept items are in NewsML-G2.
        if item.first(.topicSet, in: 0) != nil, item.first(.newsComponent, in: 0) == nil {
            return .ignored(.noNews)
        }
        var reader = NewsML1Item(item, of: message, article, context)
        return try checked(try reader.read())
    }
}
