/// An article as tools read it from files.
struct OfflineArticle {
    /// The line's own id, or the one that the watcher would give.
    let id: String
    let title: String?
    /// The plain text; empty where the article has a headline alone.
    let text: String
    /// BCP 47, or `und`.
    let language: String
}
