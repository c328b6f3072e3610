import Articles

/// JSON Feed 1.1, one object.
///
/// Source: https://www.jsonfeed.org/version/1.1/.
struct FeedWriter: ArticleWriter {
    private let title: String
    private let head: FeedHead?
    private var isFirst = true

    /// Makes a writer of an export.
    init(title: String) {
        self.title = title
        head = nil
    }

    /// Makes a writer of a feed that is followed.
    init(_ head: FeedHead) {
        title = head.title
        self.head = head
    }

    var start: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.field("version", "https://jsonfeed.org/version/1.1")
        writer.field("title", title)
        writer.field("home_page_url", head?.page)
        writer.field("feed_url", head?.address)
        writer.key("items")
        writer.beginArray()
        return writer.bytes + [0x0a]
    }

    let end = Array("]}\n".utf8)

    mutating func write(_ article: Article, record: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: record.count + 128)
        writer.beginObject()
        writer.field("id", article.uri ?? article.id.description)
        writer.field("url", article.url)
        writer.field("title", article.title)
        // One of both must be there.
        writer.field("content_text", article.body ?? (article.bodyHTML == nil ? "" : nil))
        writer.field("content_html", article.bodyHTML)
        writer.field("summary", article.abstract)
        writer.field("image", article.media.first { $0.contentType?.hasPrefix("image/") == true }?.href)
        writer.field("date_published", article.published?.description)
        writer.field("date_modified", article.updated?.description)
        if !article.bylines.isEmpty {
            writer.key("authors")
            writer.beginArray()
            for name in article.bylines {
                writer.beginObject()
                writer.field("name", name)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.field("tags", article.keywords)
        writer.field("language", article.language == "und" ? nil : article.language)
        if !article.media.isEmpty {
            writer.key("attachments")
            writer.beginArray()
            for medium in article.media {
                writer.beginObject()
                writer.field("url", medium.href)
                writer.field("mime_type", medium.contentType ?? "application/octet-stream")
                writer.field("title", medium.caption)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        defer { isFirst = false }
        return (isFirst ? [] : [UInt8(ascii: ","), 0x0a]) + writer.bytes
    }
}
