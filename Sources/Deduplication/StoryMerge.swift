import Articles

/// The story that another one turned out to be part of.
struct StoryMerge {
    /// The document that started it.
    let story: Int64
    /// That document's article.
    let id: ArticleID
}
