import Testing

@testable import Ingestion

/// How old something is by a clock that people set.
@Suite struct WallClockTests {
    /// Both clocks run; then the wall clock is set.
    private func clock(step: Int64) -> WallClock {
        var clock = WallClock()
        for second in Int64(0)...10 {
            clock.check(wall: 1_000_000 + second * 1000, boot: second * 1000, now: .seconds(second))
        }
        clock.check(wall: 1_011_000 + step, boot: 11_000, now: .seconds(11))
        return clock
    }

    @Test func `without a step the age is the difference`() {
        #expect(clock(step: 0).age(ofChange: 900_000, wall: 1_011_000, now: .seconds(11)) == .seconds(111))
        #expect(clock(step: 0).age(ofChange: 2_000_000, wall: 1_011_000, now: .seconds(11)) == .zero)
    }

    @Test(arguments: [3_600_000, -3_600_000, 1000, -1000] as [Int64])
    func `after a step nothing is older than the moment when it was noticed`(step: Int64) {
        let clock = clock(step: step)
        let wall = 1_011_000 + step
        #expect(clock.age(ofChange: 900_000, wall: wall, now: .seconds(11)) == .zero)
        #expect(clock.age(ofChange: wall - 1_000_000, wall: wall + 5000, now: .seconds(16)) == .seconds(5))
        // What changed since has its true age.
        #expect(clock.age(ofChange: wall + 3000, wall: wall + 5000, now: .seconds(16)) == .seconds(2))
    }

    @Test func `a clock that is brought back slowly, and a machine that slept, are no step`() {
        var clock = WallClock()
        for second in Int64(0)..<1000 {
            clock.check(wall: second * 1000 + second / 2, boot: second * 1000, now: .seconds(second))
        }
        // Both clocks go on while a machine sleeps.
        clock.check(wall: 9_000_000, boot: 9_000_000 - 500, now: .seconds(1000))
        #expect(clock.age(ofChange: 0, wall: 9_000_000, now: .seconds(1000)) == .seconds(9000))
    }
}
