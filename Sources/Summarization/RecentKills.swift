import Articles

/// The kills that a process was told of last.
struct RecentKills {
    private struct Key: Hashable {
        let source: String
        let uri: String
    }

    /// How many are remembered: work is saved by them, nothing is hidden by them alone.
    static let limit = 10_000

    private var keys: Set<Key> = []
    private var order: [Key] = []
    private var next = 0

    /// Remembers a kill, and forgets the oldest one where there are many.
    mutating func note(source: String, uri: String) {
        let key = Key(source: source, uri: uri)
        guard keys.insert(key).inserted else { return }
        guard order.count == Self.limit else { return order.append(key) }
        keys.remove(order[next])
        order[next] = key
        next = (next + 1) % Self.limit
    }

    /// Returns whether an article was killed, as far as is remembered.
    func contains(_ article: Article) -> Bool {
        guard !keys.isEmpty, let uri = article.uri else { return false }
        return keys.contains(Key(source: article.source, uri: uri))
    }
}
