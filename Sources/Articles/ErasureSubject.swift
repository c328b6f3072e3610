/// Which articles an erasure takes.
package enum ErasureSubject: Sendable, Hashable {
    /// The content of one id: an article as it was published once, and no other version of it.
    case article(ArticleID)
    /// An article with all of its versions, also those that come later.
    case versions(source: String, uri: String)

    /// The word that stands for it in tables: as ``Article/replacementKey``.
    package var key: String {
        switch self {
        case .article(let id): id.description
        case .versions(let source, let uri): "\(source)\u{1f}\(uri)"
        }
    }
}
