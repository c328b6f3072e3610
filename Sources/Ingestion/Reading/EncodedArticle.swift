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
    let source: String
    let uri: String?
    let version: String?
    /// Until when nobody may show it, as its publisher says.
    let embargoedUntil: Timestamp?
    /// When its time is over, as its publisher says.
    let expires: Timestamp?
    /// It withdraws another one.
    let isKill: Bool

    /// Encodes an article.
    ///
    /// - Parameter topicSource: what stands for the source in topics, where it is not the article's own.
    init(_ article: borrowing Article, part: Int, topicSource: String?) {
        self.part = part
        id = article.id
        topic = .article(source: topicSource ?? article.source, language: article.language)
        let kill = KillRecord(article)
        record = kill?.encodeRecord() ?? article.encodeRecord()
        isKill = kill != nil
        entryKey = EntryKey.of(article)
        source = article.source
        uri = article.uri
        version = article.version
        embargoedUntil = article.embargoedUntil
        expires = article.expires
    }

    /// What replaces what, as of an article.
    var replacementKey: String { Article.replacementKey(source: source, uri: uri, id: id) }
}
