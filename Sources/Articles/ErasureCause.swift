/// What an erasure came of.
public enum ErasureCause: String, Sendable, Codable, CaseIterable {
    /// An operator's word: it is for ever.
    case `operator`
    /// The article's own `expires` has come.
    case expires
    /// The time is over for which its drop directory's articles are kept.
    case retention
}
