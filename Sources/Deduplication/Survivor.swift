package import Articles

/// A copy that takes the place of an article that was withdrawn: it belongs on the stream of unique articles now.
package struct Survivor: Sendable, Equatable {
    package let id: ArticleID
    /// Where its record belongs, the same as on the first stream.
    package let topic: String
    /// Its record, byte for byte.
    package let record: [UInt8]
}
