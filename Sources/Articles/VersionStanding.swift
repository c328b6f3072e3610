/// What stands for an article while its versions come in: the newest of them, as far as the next one has to know it.
///
/// Everyone who shows articles goes by it: the index, the status service, the stream of unique articles.
package struct VersionStanding: Sendable, Equatable {
    /// What a version does that comes in.
    package enum Effect: Sendable, Equatable {
        /// It becomes the newest.
        case replaces
        /// It becomes the newest, though it has the version of the one before and other content.
        case rewrites
        /// It came late: it is kept, and never shown as the current one.
        case late
    }

    /// What the next version is compared with: its own, or, where it has none, that of the one that it replaced.
    package var version: String?
    /// The id of its article.
    package var id: ArticleID

    /// Makes a standing.
    package init(version: String?, id: ArticleID) {
        self.version = version
        self.id = id
    }

    /// Returns what a version does that comes after this one.
    ///
    /// - Parameter isBehind: its place in its stream is before that of this one: it decides where versions do not.
    package func effect(of version: String?, id: ArticleID, isBehind: Bool = false) -> Effect {
        switch VersionOrder(of: version, to: self.version) {
        case .earlier: .late
        case .later: .replaces
        case .unordered: isBehind ? .late : .replaces
        // What an id is made of has no publication status: withheld and usable again is no other content.
        case .same: isBehind ? .late : id == self.id ? .replaces : .rewrites
        }
    }

    /// The standing once a version has become the newest.
    package func replaced(by version: String?, id: ArticleID) -> VersionStanding {
        VersionStanding(version: version.flatMap { $0.isEmpty ? nil : $0 } ?? self.version, id: id)
    }

    /// What is said of a version that rewrites.
    package static func warning(of version: String?) -> String {
        "version '\(String((version ?? "").prefix(100)))' came before with other content"
    }
}
