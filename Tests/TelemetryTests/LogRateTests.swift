import Testing

@testable import Telemetry

@Suite struct LogRateTests {
    private let start = ContinuousClock.now

    @Test func `a burst is written, then a line in each interval, which tells how many were left out`() {
        var rate = LogRate()
        for _ in 0..<LogRate.burst { #expect(rate.judge("a", now: start) == .written(leftOut: 0)) }
        for _ in 0..<7 { #expect(rate.judge("a", now: start) == .leftOut) }
        // Another sentence has a burst of its own.
        #expect(rate.judge("b", now: start) == .written(leftOut: 0))
        #expect(rate.judge("a", now: start + LogRate.interval * 0.9) == .leftOut)
        #expect(rate.judge("a", now: start + LogRate.interval) == .written(leftOut: 8))
        #expect(rate.judge("a", now: start + LogRate.interval) == .leftOut)
        #expect(rate.judge("a", now: start + LogRate.interval * 2) == .written(leftOut: 1))
    }

    @Test func `over a long time it is the rate and no more, however many come`() {
        var rate = LogRate()
        var written = 0
        for step in 0..<100_000 where rate.judge("a", now: start + .milliseconds(step)) != .leftOut { written += 1 }
        #expect(written == LogRate.burst + 199)
        // After a pause it is a burst again, and no more than that.
        let later = start + .seconds(3600)
        #expect((0..<1000).count { _ in rate.judge("a", now: later) != .leftOut } == LogRate.burst)
    }

    @Test func `what was left out is told once there is room, also where nothing else is written`() {
        var rate = LogRate()
        for _ in 0..<(LogRate.burst + 3) { _ = rate.judge("a", now: start) }
        #expect(rate.hasLeftOut && rate.takeLeftOut(now: start).isEmpty)
        let told = rate.takeLeftOut(now: start + LogRate.interval)
        #expect(told.map(\.sentence) == ["a"] && told.map(\.count) == [3])
        #expect(!rate.hasLeftOut && rate.takeLeftOut(now: start + .seconds(60)).isEmpty)
        #expect(rate.judge("a", now: start + LogRate.interval) == .written(leftOut: 0))
    }

    @Test func `sentences beyond those that are remembered share one account`() {
        var rate = LogRate()
        for number in 0..<LogRate.capacity { _ = rate.judge("\(number)", now: start) }
        let lines = (0..<1000).count { rate.judge("more \($0)", now: start) != .leftOut }
        #expect(lines == LogRate.burst)
        #expect(rate.judge("3", now: start) == .written(leftOut: 0))
    }
}
