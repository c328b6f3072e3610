import Articles

/// The saved searches as the indexer has them: read again when they were changed, at the beginning of a batch.
final class SavedSearches {
    private let store: SavedSearchStore
    private var percolator = Percolator([])
    private var change: Int64?
    private var isLookDue = true

    init(path: String) throws { store = try SavedSearchStore(path: path) }

    /// Returns the names of the searches that an article meets.
    func matches(_ article: Article, time: Int64) throws -> [String] {
        if isLookDue {
            isLookDue = false
            let change = try store.change()
            if change != self.change {
                percolator = Percolator(try store.searches())
                self.change = change
            }
        }
        return percolator.matches(article, time: time)
    }

    /// The next article is that of another batch.
    func endBatch() { isLookDue = true }
}
