/// How an article's record stands to the other versions of its article.
package enum ArticleStanding: Int, Sendable, CaseIterable {
    /// It is the version that is shown.
    case current = 0
    /// There is a newer version, or it came late.
    case superseded
    /// It is the newest version, and its publisher does not want it shown.
    case withheld
    /// Its article is withdrawn for ever.
    case killed

    /// The word for it in the API.
    package var word: String { "\(self)" }
}
