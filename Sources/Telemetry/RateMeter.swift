/// Counts arrivals by second over the last minute.
package struct RateMeter: Sendable {
    /// The seconds that are looked back on.
    private static let seconds = 60
    private var buckets = [Int64](repeating: 0, count: RateMeter.seconds)
    /// That of the buckets: it is asked for far more often than a second passes.
    private var sum: Int64 = 0
    private var latest: Int64 = 0

    /// Makes a meter that has counted nothing; its seconds are counted from some start, which is 0.
    package init() {}

    /// Counts `amount` arrivals in the second `now`.
    package mutating func add(_ amount: Int64, at now: Int64) {
        advance(to: now)
        buckets[Int(now % Int64(RateMeter.seconds))] += amount
        sum += amount
    }

    /// Arrivals a second over the last minute, or since second 0 where that is not so long ago.
    package mutating func perSecond(at now: Int64) -> Double {
        advance(to: now)
        return Double(sum) / Double(min(Int64(RateMeter.seconds), max(1, now + 1)))
    }

    private mutating func advance(to now: Int64) {
        guard now > latest else { return }
        for second in max(latest + 1, now - Int64(RateMeter.seconds) + 1)...now {
            let bucket = Int(second % Int64(RateMeter.seconds))
            sum -= buckets[bucket]
            buckets[bucket] = 0
        }
        latest = now
    }
}
