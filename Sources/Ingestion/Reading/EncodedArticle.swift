import Articles

/// An article as its record; one that is canceled is a kill.
struct EncodedArticle {
    /// Its place in the file, from 1.
    let part: Int
    let id: ArticleID
    let topic: Topic
    let record: [UInt8]
    /// What tells an entry of a feed again; nil for other articles.
    let entryKey: [UInt8]?

    /// Encodes an article.
    ///
    /// - Parameter topicSource: what stands for the source in topics, where it is not the article's own.
    init(_ article: borrowing Article, part: Int, topicSource: String?) {
        self.part = part
        id = article.id
        topic = .article(source: topicSource ?? article.source, language: article.language)
        record = KillRecord(article)?.encodeRecord() ?? article.encodeRecord()
        entryKey = EntryKey.of(article)
    }
}
