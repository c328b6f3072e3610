package import Articles

/// What stands at the head of a feed that is followed.
package struct FeedHead: Sendable, Equatable {
    /// The feed's name for good, a URI; it stays when the feed is served at another address.
    package var id: String
    package var title: String
    /// The feed's own address.
    package var address: String
    /// The page that shows the same to people.
    package var page: String
    /// When it last changed.
    package var updated: Timestamp

    /// Makes a head.
    package init(id: String, title: String, address: String, page: String, updated: Timestamp) {
        self.id = id
        self.title = title
        self.address = address
        self.page = page
        self.updated = updated
    }
}
