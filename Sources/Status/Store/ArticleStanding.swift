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
    /// It was the newest version, and its words were erased: no older one is shown in its place.
    case erased
    /// It was no newest version, and its words were erased.
    case erasedVersion

    /// Its words were erased.
    package var isErased: Bool { self == .erased || self == .erasedVersion }

    /// How it stands when its words are erased.
    var whenErased: ArticleStanding {
        switch self {
        case .current, .withheld, .erased: .erased
        case .superseded, .killed, .erasedVersion: .erasedVersion
        }
    }

    /// The word for it in the API.
    package var word: String { isErased ? "erased" : "\(self)" }
}
