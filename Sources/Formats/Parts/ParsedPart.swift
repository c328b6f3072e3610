package import Articles

/// A piece of a file: one article, or why there is none.
package struct ParsedPart: Sendable {
    /// What the piece holds.
    package enum Content: Sendable {
        /// Boxed: an article has so many fields that to hand a part on would cost as much as to parse a short one.
        indirect case article(Article)
        /// It should be an article and is none.
        case failed(ParseError)
        /// It is well-formed and rightly brings no news.
        case ignored(ReasonCode)
    }

    /// Its place in the file, from 1. The same bytes give the same numbers at every reading, so that a reading that was
    /// interrupted goes on behind the last number that was committed.
    package var number: Int
    /// The member's path, where the file is a container: parts joined by `/`, also through containers in containers.
    package var member: String?
    package var content: Content
    /// A failed part's own bytes, where it can be kept apart and tried again by itself; nil where it only has a place in
    /// the whole file.
    package var bytes: [UInt8]?
    /// What tells a failed entry of a feed again when the feed is dropped the next time.
    package var identity: [UInt8]?

    /// Makes a part.
    package init(number: Int, member: String? = nil, content: Content, bytes: [UInt8]? = nil) {
        self.number = number
        self.member = member
        self.content = content
        self.bytes = bytes
    }

    /// Makes a part of what is complete but for its number in the file and the id that is derived from it all.
    init(number: Int, complete content: Content) {
        var content = content
        if case .article(var article) = content {
            article.ingest.part = number
            article.deriveID()
            content = .article(article)
        }
        self.init(number: number, content: content)
    }
}
