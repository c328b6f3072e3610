/// An article to work on.
public struct WorkItem: Sendable {
    /// Where its record stands.
    public let position: Position
    /// The record's bytes.
    public let bytes: [UInt8]
    /// The record, read.
    public let article: Article
}
