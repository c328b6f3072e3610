package import Articles

/// Articles that are copies, or revisions, of each other, directly or by others between them.
package struct Story: Sendable, Equatable {
    /// The earliest that may be shown: its id is the story's.
    package let first: ArticleID
    /// The latest that may be shown.
    package let latest: ArticleID

    /// Makes a story.
    package init(first: ArticleID, latest: ArticleID) {
        self.first = first
        self.latest = latest
    }
}
