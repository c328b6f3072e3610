import Articles
import Formats

/// A file that was read: what is committed of it.
struct Reading {
    /// What a file holds, ready for the log.
    struct Content {
        /// Nil where it was not read.
        var format: String?
        var articles: [EncodedArticle] = []
        var failed: [FailedPart] = []
        var ignoredReason: ReasonCode?
    }

    var identity: FileIdentity
    /// 32 bytes; nil where the file was too large to be read.
    var sha256: [UInt8]?
    var received: Timestamp
    var content: Result<Content, ParseError>
    /// What belongs to it.
    var companions: [Companion] = []
    /// What tells its articles again, where that is more than the content: the digest of content and metadata.
    var contentKey: [UInt8]?
}

extension Reading.Content {
    /// Encodes what was parsed.
    ///
    /// - Parameter topicSource: what stands for the source in topics, where it is not the article's own.
    init(_ parsed: ParsedFile, topicSource: String?) {
        self.init(format: parsed.format, failed: parsed.failed, ignoredReason: parsed.ignoredReason)
        articles.reserveCapacity(parsed.articles.count)
        // By index: a copy of an article retains and releases some forty fields.
        for index in parsed.articles.indices {
            articles.append(EncodedArticle(parsed.articles[index], topicSource: topicSource))
        }
    }
}

/// An article as its record.
struct EncodedArticle {
    let id: ArticleID
    let topic: Topic
    let record: [UInt8]

    init(_ article: borrowing Article, topicSource: String?) {
        id = article.id
        topic = .article(source: topicSource ?? article.source, language: article.language)
        record = article.encodeRecord()
    }
}
