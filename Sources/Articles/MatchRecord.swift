/// The `match` record: an article met a saved search.
public struct MatchRecord: Sendable, Equatable, Decodable {
    /// The search's name.
    public var name: String
    /// Where the article's record stands: the stream, a UUID's text.
    public var stream: String
    /// The epoch of its position.
    public var epoch: UInt32
    /// Its sequence number there.
    public var seq: UInt64
    /// The article's id.
    public var articleID: ArticleID
    /// When it was found, milliseconds since 1970.
    public var timeMilliseconds: Int64

    enum CodingKeys: String, CodingKey {
        case name, stream, epoch, seq
        case articleID = "id"
        case timeMilliseconds = "time_ms"
    }

    /// Makes one.
    package init(
        name: String, stream: String, epoch: UInt32, seq: UInt64, articleID: ArticleID, timeMilliseconds: Int64
    ) {
        self.name = name
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
        self.articleID = articleID
        self.timeMilliseconds = timeMilliseconds
    }

    /// Returns the record's bytes.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "match")
        writer.field("name", name)
        writer.field("stream", stream)
        writer.field("epoch", epoch)
        writer.field("seq", seq)
        writer.field("id", articleID.description)
        writer.field("time_ms", timeMilliseconds)
        writer.endObject()
        return writer.bytes
    }
}
