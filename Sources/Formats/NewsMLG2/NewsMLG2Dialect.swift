import Articles

/// What the items of NewsML-G2 mean.
struct NewsMLG2Dialect: NewsDialect {
    let name = NewsMLG2Format.name
    let rules = ItemCutter.Rules(
        items: ["newsItem", "packageItem", "planningItem", "conceptItem", "knowledgeItem", "catalogItem"],
        content: "inlineXML")

    func read(
        _ item: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext
    ) throws(ParseError) -> ParsedPart.Content {
        switch item.tag(0) {
        case .conceptItem, .knowledgeItem, .catalogItem: return .ignored(.noNews)
        default: break
        }
        var reader = NewsMLG2Item(item, of: message, article, context)
        return try checked(try reader.read())
    }
}
