/// Counts the rows that are looked at for a page of a list, and says when it is enough: however few of them match a filter,
/// a page comes soon, and the next one goes on from there.
struct ExaminedRows {
    /// How many are enough; and how long, after which none of the next ``stride`` is looked at.
    struct Limit {
        var count = 20_000
        /// Of a page that is to come within a tenth of a second, what may be spent on looking.
        var time = Duration.milliseconds(40)
    }

    /// The clock is asked once for so many rows.
    static let stride = 256

    private let limit: Limit
    private let end: ContinuousClock.Instant
    private(set) var count = 0

    /// Begins to count, and the time.
    init(limit: Limit) {
        self.limit = limit
        end = .now + limit.time
    }

    /// Counts one that was looked at.
    mutating func add() { count += 1 }

    /// No further one is to be looked at.
    var isEnough: Bool {
        count >= limit.count || (count % ExaminedRows.stride == 0 && count > 0 && .now >= end)
    }
}
