/// The `kill` record: an article is withdrawn, with all of its versions, also those that come later.
///
/// It has nothing of the article's words: only what names it, and why it is withdrawn.
public struct KillRecord: Sendable, Equatable, Decodable {
    /// The article's source.
    public var source: String
    /// The article's name at its publisher.
    public var uri: String
    /// The version that withdraws it.
    public var version: String?
    /// Why, in the publisher's words.
    public var editorialNote: String?
    /// The language that the cancellation declares; the article may have had another one.
    public var language: String?
    /// When the withdrawal came in.
    public var received: Timestamp?

    enum CodingKeys: String, CodingKey {
        case source, uri, version, language, received
        case editorialNote = "ed_note"
    }

    /// Makes the kill that a canceled article stands for; nil where it is not canceled, or does not say of what.
    package init?(_ article: borrowing Article) {
        guard article.pubStatus == .canceled, let uri = article.uri, !uri.isEmpty else { return nil }
        source = article.source
        self.uri = uri
        version = article.version
        editorialNote = article.editorialNote
        language = article.language
        received = article.ingest.received
    }

    /// Returns the record's bytes.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 200)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "kill")
        writer.field("source", source)
        writer.field("uri", uri)
        writer.field("version", version)
        writer.field("ed_note", editorialNote)
        writer.field("language", language)
        writer.field("received", received?.description)
        writer.endObject()
        return writer.bytes
    }
}
