import Articles

/// The saved searches as the indexer has them: read again when they were changed, at the beginning of a batch.
final class SavedSearches {
    private let store: SavedSearchStore
    private var percolator = Percolator([])
    private var change: Int64?
    private var isLookDue = true

    init(path: String) throws { store = try SavedSearchStore(path: path) }

    /// Returns the names of the searches that an article meets.
    ///
    /// - Parameter text: its tokens, where they are known.
    func matches(_ article: Article, _ text: ArticleTokenizer.Text?, time: Int64) throws -> [String] {
        if isLookDue {
            isLookDue = false
            let change = try store.change()
            if change != self.change {
                percolator = Percolator(try store.searches())
                self.change = change
            }
        }
        if let text { return percolator.matches(article, text, time: time) }
        return percolator.matches(article, time: time)
    }

    /// The next article is that of another batch.
    func endBatch() { isLookDue = true }
}
