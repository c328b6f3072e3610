/// What a record is.
@nonexhaustive
public enum RecordType: String, Sendable, CaseIterable {
    /// An article.
    case article
    /// An article is withdrawn, with all of its versions.
    case kill
    /// What became of a dropped file.
    case file
    /// What a worker made of an article.
    case result
    /// An article met a saved search.
    case match
    /// An article was erased: whoever has its words removes them.
    case gone
}
