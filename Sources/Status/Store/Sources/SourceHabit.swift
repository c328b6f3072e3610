import Glibc

/// When a source usually has articles, and from when on its silence is improbable. A pure function of its history.
///
/// An hour counts by whether it had an article, not by how many: neither a feed that brings a hundred at once nor an
/// archive that was read in says how often the source is heard of. How probable an article is at an hour is told by the
/// same hour of the week in the six weeks before the last article; so a source is silent at night and at weekends without
/// being quiet, if it always was. The probabilities that all hours since the last article had none are multiplied, and
/// the source is quiet once that is less than one in a thousand; for sources with a few articles a day, whose hours vary,
/// the same is done by whole days of the week.
struct SourceHabit: Equatable {
    /// What a source's silence is.
    enum State: Equatable {
        /// Too little is known to say.
        case unknown
        /// It is as it always was.
        case usual
        /// It is quiet, since the time when its silence became improbable (milliseconds since 1970).
        case quiet(since: Int64)
        /// It has been quiet for so long that it is taken for gone.
        case ended
    }

    /// The time between articles when it has some: half of its pauses are no longer.
    let usualGapSeconds: Int64?
    /// When the silence after the last article becomes improbable; nil where that cannot be told.
    let improbableAt: Int64?
    /// When it is taken for gone.
    let endedAt: Int64?

    /// The weeks that are looked back on.
    static let weeks = 6
    static let windowHours = weeks * weekHours
    private static let weekHours = 168
    private static let hour: Int64 = 3_600_000
    /// The history that it takes to say anything.
    private static let minimumHours = weekHours
    private static let minimumDays = 5
    /// Minus the logarithm of one in a thousand.
    private static let improbable = 6.9
    /// A silence of so many times what is improbable, and at least two weeks, is an end.
    private static let endFactor: Int64 = 4
    private static let shortestEnd = 14 * 24 * hour

    /// Finds it out.
    ///
    /// - Parameters:
    ///   - hours: the articles in each hour (UTC) of the window that ends with the hour of the last article, the oldest
    ///     first; a shorter one is of a younger source.
    ///   - last: the time of the last article, milliseconds since 1970.
    init(hours: some Collection<UInt32>, last: Int64) {
        let hours = Array(hours.suffix(SourceHabit.windowHours))
        let lastHour = last / SourceHabit.hour
        let firstHour = lastHour - Int64(hours.count) + 1
        usualGapSeconds = SourceHabit.usualGap(hours)
        let activeDays = Set(hours.indices.filter { hours[$0] > 0 }.map { (firstHour + Int64($0)) / 24 })
        guard hours.count >= SourceHabit.minimumHours, activeDays.count >= SourceHabit.minimumDays else {
            (improbableAt, endedAt) = (nil, nil)
            return
        }
        let byHour = SourceHabit.crossing(
            Chances(hours.indices.map { (firstHour + Int64($0), hours[$0] > 0) }, cycle: SourceHabit.weekHours),
            from: lastHour + 1, steps: SourceHabit.windowHours, unit: SourceHabit.hour)
        // Whole days only: that of the first hour may lack some.
        let days = (firstHour / 24 + 1)...max(firstHour / 24 + 1, lastHour / 24)
        let byDay = SourceHabit.crossing(
            Chances(days.map { ($0, activeDays.contains($0)) }, cycle: 7), from: lastHour / 24 + 1,
            steps: SourceHabit.weeks * 7, unit: 24 * SourceHabit.hour)
        improbableAt = [byHour, byDay].compactMap { $0 }.min()
        endedAt = improbableAt.map {
            last + max(SourceHabit.shortestEnd, SourceHabit.endFactor * ($0 - last))
        }
    }

    /// What the silence is at a time, while no article comes.
    func state(at now: Int64) -> State {
        guard let improbableAt, let endedAt else { return .unknown }
        if now >= endedAt { return .ended }
        return now >= improbableAt ? .quiet(since: improbableAt) : .usual
    }

    /// How probable an article is in each unit of a cycle.
    private struct Chances {
        private var counts: [(active: Double, all: Double)]

        init(_ units: [(number: Int64, isActive: Bool)], cycle: Int) {
            counts = Array(repeating: (0, 0), count: cycle)
            for unit in units {
                let slot = Int(unit.number % Int64(cycle))
                counts[slot].all += 1
                if unit.isActive { counts[slot].active += 1 }
            }
        }

        /// Minus the logarithm of the probability that a unit has no article. A few weeks prove no certainty.
        func surprise(ofSilenceIn number: Int64) -> Double {
            let (active, all) = counts[Int(number % Int64(counts.count))]
            return -log(1 - active / (all + 0.5))
        }
    }

    /// Returns when the silence from a unit on becomes improbable; within the unit it grows evenly.
    private static func crossing(_ chances: Chances, from first: Int64, steps: Int, unit: Int64) -> Int64? {
        var sum = 0.0
        for number in first..<first + Int64(steps) {
            let surprise = chances.surprise(ofSilenceIn: number)
            if sum + surprise >= improbable {
                return number * unit + Int64((improbable - sum) / surprise * Double(unit))
            }
            sum += surprise
        }
        return nil
    }

    private static func usualGap(_ hours: [UInt32]) -> Int64? {
        let active = hours.indices.filter { hours[$0] > 0 }
        guard active.count >= 2 else { return nil }
        let gaps = zip(active.dropFirst(), active).map { $0 - $1 }.sorted()
        let gap = Int64(gaps[gaps.count / 2]) * 3600
        guard gap == 3600 else { return gap }
        // Hours that follow each other: within one its articles are taken for evenly spread.
        let counts = active.map { hours[$0] }.sorted()
        return max(1, 3600 / Int64(counts[counts.count / 2]))
    }
}
