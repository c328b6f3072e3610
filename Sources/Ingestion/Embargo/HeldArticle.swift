package import Articles

/// An article that is held until its embargo ends, as an operator sees it: what names it and where it came from, and none
/// of its words.
package struct HeldArticle: Sendable, Equatable {
    /// Counts arrivals; the place to page from.
    package var row: Int64
    package var id: ArticleID
    package var source: String
    package var uri: String?
    package var version: String?
    package var until: Timestamp
    /// The drop directory and the path in it.
    package var directory: String
    package var path: String
    /// Its place in the file, from 1.
    package var part: Int
    package var received: Timestamp
}
