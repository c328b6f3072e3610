/// Which articles an erasure takes.
public enum ErasureSubject: Sendable, Hashable {
    /// The content of one id: an article as it was published once, and no other version of it.
    case article(ArticleID)
    /// An article with all of its versions, also those that come later.
    case versions(source: String, uri: String)

    /// Reads what a record says of it: an article where source and uri are there, else the content of an id; nil for neither.
    public init?(id: ArticleID?, source: String?, uri: String?) {
        if let source, let uri {
            self = .versions(source: source, uri: uri)
        } else {
            guard let id else { return nil }
            self = .article(id)
        }
    }

    /// The word that stands for it in tables: as ``Article/replacementKey``.
    public var key: String {
        switch self {
        case .article(let id): id.description
        case .versions(let source, let uri): "\(source)\u{1f}\(uri)"
        }
    }

    /// Writes it as members of the open object, as commands name it: `id`, or `source` and `uri`.
    package func write(to writer: inout JSONWriter) {
        switch self {
        case .article(let id): writer.field("id", id.description)
        case .versions(let source, let uri):
            writer.field("source", source)
            writer.field("uri", uri)
        }
    }
}
