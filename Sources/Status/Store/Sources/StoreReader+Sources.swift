import Articles
import SQLite

/// Sources and their history, read.
extension StoreReader {
    private static let hour: Int64 = 3_600_000

    /// The sources by the order in which they were first seen, each with its standing at a time.
    ///
    /// Articles of sources for which there was no room stand under no name.
    ///
    /// - Parameter number: the source to go on behind.
    package func sources(after number: Int64 = 0, limit: Int = .max, at now: Int64) throws -> [SourceStanding] {
        var sources: [(number: Int64, name: String, first: Int64, last: Int64)] = []
        try connection.statement("SELECT id, name, first_ms, last_ms FROM source WHERE id>? ORDER BY id LIMIT ?")
            .bind(1, number).bind(2, limit).forEachRow {
                sources.append(($0.int64(0), $0.string(1), $0.int64(2), $0.int64(3)))
            }
        return try sources.map { source in
            let history = try SourceHistory(of: source.number, last: source.last, now: now, connection)
            let habit = SourceHabit(hours: history.habitual(since: source.first), last: source.last)
            var standing = SourceStanding(
                number: source.number, source: source.name,
                hours: history.hours(from: now / StoreReader.hour - Int64(SourceStanding.hourCount) + 1),
                days: history.days, lastHour: history.count(hours: 1), lastDay: history.count(hours: 24),
                last: Timestamp(milliseconds: source.last), usualGapSeconds: habit.usualGapSeconds)
            switch habit.state(at: now) {
            // Those without a name of their own have no habit either.
            case .quiet(let since) where !source.name.isEmpty:
                standing.quietSince = Timestamp(milliseconds: since)
            case .ended: standing.isEnded = true
            default: break
            }
            return standing
        }
    }
}

/// A source's days as they are stored.
private struct SourceHistory {
    private static let hour: Int64 = 3_600_000
    private var byDay: [Int64: SourceHours] = [:]
    private let last: Int64
    private let now: Int64
    /// Articles of the days that are shown.
    private(set) var days = [Int64](repeating: 0, count: SourceStanding.dayCount)

    init(of source: Int64, last: Int64, now: Int64, _ connection: Connection) throws {
        self.last = last
        self.now = now
        let today = now / (24 * SourceHistory.hour)
        let firstShown = today - Int64(SourceStanding.dayCount) + 1
        let firstOfHabit = (last / SourceHistory.hour - Int64(SourceHabit.windowHours)) / 24
        var days = days
        var byDay = byDay
        try connection.statement("SELECT day, count, hours FROM source_day WHERE source=? AND day>=?")
            .bind(1, source).bind(2, min(firstShown, firstOfHabit)).forEachRow { row in
                let day = row.int64(0)
                if (firstShown...today).contains(day) { days[Int(day - firstShown)] = row.int64(1) }
                if !row.isNull(2) { byDay[day] = SourceHours(row.bytes(2)) }
            }
        self.days = days
        self.byDay = byDay
    }

    private func count(in hour: Int64) -> Int64 { Int64(byDay[hour / 24]?.counts[Int(hour % 24)] ?? 0) }

    /// The hours that are shown, from one on.
    func hours(from first: Int64) -> [Int64] {
        (first..<first + Int64(SourceStanding.hourCount)).map { count(in: $0) }
    }

    /// The hours that say what is usual: those up to the last article, no older ones than the first.
    func habitual(since first: Int64) -> [UInt32] {
        let end = last / SourceHistory.hour
        let start = max(end - Int64(SourceHabit.windowHours) + 1, first / SourceHistory.hour)
        guard start <= end else { return [] }
        return (start...end).map { UInt32(clamping: count(in: $0)) }
    }

    /// Articles of the last hours; of the hour in which these begin, its share.
    func count(hours: Int64) -> Int64 {
        let current = now / SourceHistory.hour
        let whole = (current - hours + 1...current).reduce(0) { $0 + count(in: $1) }
        let share = Double(SourceHistory.hour - now % SourceHistory.hour) / Double(SourceHistory.hour)
        return whole + Int64(Double(count(in: current - hours)) * share)
    }
}
