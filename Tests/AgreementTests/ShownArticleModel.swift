import Articles

/// What a newsroom expects to see of one article, in as few words as it can be said: what the roles are held to.
struct ShownArticleModel {
    private(set) var shown: String?
    private var version: Int?
    private var isKilled = false
    private var newest: ArticleEvent?

    mutating func take(_ event: ArticleEvent) {
        guard !isKilled else { return }
        guard event.status != .canceled else {
            isKilled = true
            shown = nil
            return
        }
        if let version = event.version {
            if let known = self.version, version < known { return }
            self.version = version
        }
        newest = event
        shown = event.status == .usable ? event.title : nil
    }

    /// An operator erases what an event brought, and no other version: of the newest one, none is shown until a newer one
    /// comes.
    mutating func erase(_ event: ArticleEvent) {
        if newest == event { shown = nil }
    }
}
