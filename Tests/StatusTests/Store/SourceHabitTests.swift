import Testing

@testable import Status

@Suite struct SourceHabitTests {
    private static let hour: Int64 = 3_600_000
    /// A Monday at midnight (UTC).
    private static let monday: Int64 = 1_739_750_400_000

    /// Articles in an hour so many hours after a Monday's midnight.
    private typealias Pattern = @Sendable (_ hour: Int) -> UInt32

    private static let hourly: Pattern = { _ in 3 }
    /// From 8 to 18 o'clock of Monday to Friday.
    private static let workdays: Pattern = { hour in
        hour / 24 % 7 < 5 && (8..<18).contains(hour % 24) ? 5 : 0
    }

    /// The habit of a source that had articles for some hours from a Monday on, and then none.
    private func habit(_ pattern: Pattern, hours: Int) -> (SourceHabit, last: Int64) {
        let counts = (0..<hours).map(pattern)
        let last = counts.lastIndex { $0 > 0 } ?? 0
        let first = counts.firstIndex { $0 > 0 } ?? 0
        // In the middle of the hour.
        let time = SourceHabitTests.monday + Int64(last) * SourceHabitTests.hour + SourceHabitTests.hour / 2
        return (SourceHabit(hours: counts[first...last], last: time), time)
    }

    private func state(_ habit: SourceHabit, hoursAfterMonday hours: Int) -> SourceHabit.State {
        habit.state(at: SourceHabitTests.monday + Int64(hours) * SourceHabitTests.hour)
    }

    @Test func `an hourly source that stops is quiet after some hours, since then, and at last has ended`() {
        let (habit, last) = habit(SourceHabitTests.hourly, hours: 6 * 168)
        #expect(habit.usualGapSeconds == 1200)
        #expect(state(habit, hoursAfterMonday: 6 * 168 + 1) == .usual)
        guard case .quiet(let since) = state(habit, hoursAfterMonday: 6 * 168 + 6) else {
            Issue.record("it is not quiet after six hours")
            return
        }
        #expect((2...4).contains((since - last) / SourceHabitTests.hour))
        #expect(state(habit, hoursAfterMonday: 7 * 168) == .quiet(since: since))
        #expect(state(habit, hoursAfterMonday: 9 * 168) == .ended)
    }

    @Test func `a source of workdays is as usual on Sunday and at night, and quiet on Monday`() {
        let (habit, _) = habit(SourceHabitTests.workdays, hours: 6 * 168)
        let end = 6 * 168
        for hour in end - 2 * 24..<end + 9 { #expect(state(habit, hoursAfterMonday: hour) == .usual, "\(hour)") }
        guard case .quiet = state(habit, hoursAfterMonday: end + 13) else {
            Issue.record("it is not quiet on Monday after noon")
            return
        }
    }

    @Test func `a source with an article a day at any hour is quiet after some days`() {
        let (habit, last) = habit({ $0 % 24 == $0 / 24 * 7 % 24 ? 1 : 0 }, hours: 6 * 168)
        let improbable = habit.improbableAt.map { ($0 - last) / (24 * SourceHabitTests.hour) }
        #expect(improbable.map { (2...5).contains($0) } == true, "\(String(describing: improbable))")
    }

    @Test func `a weekly source is quiet when it has missed some weeks, not one`() {
        let (habit, _) = habit({ $0 % 168 == 9 ? 4 : 0 }, hours: 6 * 168)
        #expect(habit.usualGapSeconds == 604_800)
        #expect(state(habit, hoursAfterMonday: 7 * 168) == .usual)
        guard case .quiet = state(habit, hoursAfterMonday: 9 * 168) else {
            Issue.record("it is not quiet after three weeks")
            return
        }
    }

    @Test func `of a new source nothing is said`() {
        for hours in [1, 24, 5 * 24, 167] {
            let (habit, _) = habit(SourceHabitTests.hourly, hours: hours)
            #expect(state(habit, hoursAfterMonday: 60 * 168) == .unknown, "\(hours)")
        }
        #expect(SourceHabit(hours: [], last: 0).state(at: .max) == .unknown)
    }

    @Test func `an archive that was read in once makes nothing quiet`() {
        // By itself, and on the third Tuesday of a source that has little.
        let (alone, _) = habit({ $0 == 200 ? 10_000 : 0 }, hours: 400)
        #expect(state(alone, hoursAfterMonday: 1000) == .unknown)
        let (daily, _) = habit({ $0 % 24 == 9 ? 1 : 0 }, hours: 6 * 168)
        let (burst, _) = habit({ $0 % 24 == 9 ? 1 : $0 == 2 * 168 + 30 ? 10_000 : 0 }, hours: 6 * 168)
        let difference = burst.improbableAt.flatMap { burst in daily.improbableAt.map { abs(burst - $0) } }
        #expect(difference.map { $0 < SourceHabitTests.hour } == true)
    }

    @Test func `the silence itself does not become the habit`() {
        // Whatever comes after the last article is not looked at: a source that is looked at late is as quiet.
        let (habit, last) = habit({ $0 < 6 * 168 ? 3 : 0 }, hours: 8 * 168)
        #expect(habit == self.habit(SourceHabitTests.hourly, hours: 6 * 168).0)
        #expect(habit.improbableAt.map { $0 < last + 5 * SourceHabitTests.hour } == true)
    }
}
