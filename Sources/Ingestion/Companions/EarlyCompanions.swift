import Linux

/// Companions whose file is not known: they came before it, or it never comes. It does no I/O.
///
/// So many are followed at a time; those beyond are found again by a later scan.
struct EarlyCompanions {
    private let limit: Int
    /// Some had no room.
    private(set) var hasMore = false
    private var known: [RelativePath: Readiness] = [:]
    private var first: Readiness.Moment?

    init(limit: Int = 1000) { self.limit = limit }

    var count: Int { known.count }

    /// What is known of a companion; nil where it is not followed.
    subscript(_ path: RelativePath) -> Readiness? { known[path] }

    /// Follows a companion, or takes in what is new of it.
    mutating func put(_ path: RelativePath, _ readiness: Readiness) {
        guard known[path] != nil || known.count < limit else {
            hasMore = true
            return
        }
        known[path] = readiness
        first = nil
    }

    mutating func remove(_ path: RelativePath) {
        guard known.removeValue(forKey: path) != nil else { return }
        first = nil
    }

    /// Returns, once, whether there is room again for some that had none.
    mutating func takeHasRoomForMore() -> Bool {
        guard hasMore, known.count <= limit / 2 else { return false }
        hasMore = false
        return true
    }

    mutating func removeAll() {
        hasMore = false
        known.removeAll()
        first = nil
    }

    /// Returns the moment from which one has waited long enough; nil where none waits.
    mutating func nextDue(after wait: Duration) -> Readiness.Moment? {
        if first == nil { first = known.values.lazy.map(\.since).min() }
        return first.map { $0 + wait }
    }

    /// Returns the one that has waited longest, where that is long enough, and no longer follows it.
    mutating func takeDue(
        after wait: Duration, now: Readiness.Moment
    ) -> (path: RelativePath, readiness: Readiness)? {
        guard let due = nextDue(after: wait), due <= now else { return nil }
        let since = due - wait
        guard let path = known.filter({ $0.value.since == since }).keys.min(), let readiness = known[path] else {
            return nil
        }
        remove(path)
        return (path, readiness)
    }
}
