import Articles

/// An article as the deduplicator's database has it.
struct DocumentRow {
    /// What is to be known of its version.
    struct Traits: OptionSet {
        let rawValue: Int64
        /// Its publisher did not want it shown.
        static let isWithheld = Traits(rawValue: 1)
        /// It came after a higher version.
        static let isLate = Traits(rawValue: 2)
        /// It has the version of the one before, and other content.
        static let rewrites = Traits(rawValue: 4)
        /// It took the place of a withdrawn article on the stream of unique ones.
        static let isReleased = Traits(rawValue: 8)
        /// Its text was erased.
        static let isErased = Traits(rawValue: 16)
    }

    /// The order of arrival, from 1; the row's key.
    var document: Int64
    var stream: String
    var epoch: UInt32
    var seq: UInt64
    /// When its record was committed to the stream it came from, milliseconds since 1970.
    var timeMilliseconds: Int64
    /// What later versions are compared with: its own, or that of the one which it replaced.
    var version: String?
    /// The hash of (source, uri); 0 where there is no uri.
    var replacementKey: UInt64
    var traits: Traits
    var id: ArticleID
    var judgement: Judgement
    /// The document whose story it belongs to: its first article, itself where it starts one.
    var story: Int64
    /// The document whose sketch stands for its text: itself, or that of which it is an exact duplicate; nil without words.
    var sketch: Int64?

    /// It stands on the stream of unique articles.
    var isPassedOn: Bool { judgement.isPassedOn || traits.contains(.isReleased) }
}
