import Articles

/// An article as the deduplicator's database has it.
struct DocumentRow {
    /// The order of arrival, from 1; the row's key.
    var document: Int64
    var stream: String
    var epoch: UInt32
    var seq: UInt64
    /// When its record was committed to the stream it came from, milliseconds since 1970.
    var timeMilliseconds: Int64
    var version: String?
    /// The hash of (source, uri); 0 where there is no uri, or where a later version had come before.
    var replacementKey: UInt64
    var id: ArticleID
    var judgement: Judgement
    /// The document whose story it belongs to: its first article, itself where it starts one.
    var story: Int64
    /// The document whose sketch stands for its text: itself, or that of which it is an exact duplicate; nil without words.
    var sketch: Int64?
}
