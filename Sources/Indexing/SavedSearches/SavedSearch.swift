package import Articles

/// A query that every article is held against when it is indexed.
package struct SavedSearch: Sendable, Equatable {
    /// What it is called; it stands in the topic of its matches, of which it is a part.
    package var name: String
    /// The query, as ``SearchQuery`` reads it.
    package var query: String
    /// When it was saved.
    package var created: Timestamp

    /// Makes one.
    package init(name: String, query: String, created: Timestamp) {
        self.name = name
        self.query = query
        self.created = created
    }
}
