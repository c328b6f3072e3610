import Articles

/// What a newsroom expects to see of one article, in as few words as it can be said: what the roles are held to.
struct ShownArticleModel {
    private(set) var shown: String?
    private var version: Int?
    private var isKilled = false

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
        shown = event.status == .usable ? event.title : nil
    }
}
