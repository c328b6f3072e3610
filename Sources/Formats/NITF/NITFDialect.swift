import Articles

/// What a document of NITF means: its story, and what its head says of it.
struct NITFDialect: NewsDialect {
    let name = NITFFormat.name
    let rules = ItemCutter.Rules(items: ["nitf"], content: nil)

    func read(
        _ item: NewsTree, of message: NewsMessage?, _ article: Article, _ context: FormatContext
    ) throws(ParseError) -> ParsedPart.Content {
        var article = article
        let story = NITFStory(item, 0)
        article.language =
            item.language(at: 0)
            ?? item.value(.baselang, of: 0).flatMap { LanguageTag.normalized($0.replacing(".", with: "-")) }
            ?? article.language
        article.title = story.title
        article.subtitle = story.subtitle
        article.bylines = story.bylines
        article.dateline = story.dateline
        article.abstract = story.abstract
        article.body = story.text.text
        article.bodyHTML = story.text.html
        article.media = story.media
        article.credit = story.distributor
        article.usageTerms = story.rights
        article.editorialNote = story.notes.isEmpty ? nil : story.notes.joined(separator: "\n")
        if let head = item.first(.head, in: 0) {
            var reader = NITFHead(item, article, context)
            article = try reader.read(head, storyDate: story.date)
        } else if let raw = story.date, let date = FieldDate.read(raw, context), date.moment != nil {
            article.setPublished(date, raw: raw)
        }
        return try checked(article)
    }
}
