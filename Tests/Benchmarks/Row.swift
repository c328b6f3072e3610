import Glibc

/// A line of the report: a figure, what it is compared with, and the bar that it should reach.
struct Row {
    /// What the figure, or where there is a baseline the ratio, should be.
    enum Bar {
        case atLeast(Double)
        case under(Double)
    }

    var stage: String
    var what: String
    var figure: Double
    var unit: String
    /// The same work by the bare library or loop.
    var baseline: Double?
    /// The median of the rounds' ratios; figure and baseline are medians of their own.
    var ratio: Double?
    var bar: Bar?

    /// Makes a row without a baseline.
    init(_ stage: String, _ what: String, _ figure: Double, _ unit: String, bar: Bar? = nil) {
        self.stage = stage
        self.what = what
        self.figure = figure
        self.unit = unit
        self.bar = bar
    }

    /// Makes a row of rounds, each a pair of figure and baseline that were measured one after the other.
    init(_ stage: String, _ what: String, rounds: [(figure: Double, baseline: Double)], _ unit: String, bar: Bar? = nil)
    {
        self.init(stage, what, Row.median(rounds.map(\.figure)), unit, bar: bar)
        baseline = Row.median(rounds.map(\.baseline))
        ratio = Row.median(rounds.map { $0.figure / $0.baseline })
    }

    /// Makes two rows of rounds: by the clock on the wall, which the bar is for, and by processor time.
    static func paces(
        _ stage: String, _ what: String, rounds: [(figure: Stopwatch.Pace, baseline: Stopwatch.Pace)], bar: Bar? = nil
    ) -> [Row] {
        [
            Row(stage, what, rounds: rounds.map { ($0.rate, $1.rate) }, "records/s", bar: bar),
            Row(
                stage, "the same, by processor time",
                rounds: rounds.map { ($0.perProcessorSecond, $1.perProcessorSecond) }, "records/s"),
        ]
    }

    /// Whether the bar is met; nil where there is none.
    var isMet: Bool? {
        let value = ratio ?? figure
        return switch bar {
        case .atLeast(let bar): value >= bar
        case .under(let bar): value < bar
        case nil: nil
        }
    }

    /// The value at a share of sorted values (0.5 is the median, 0.99 the 99th percentile).
    static func quantile(_ share: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[min(values.count - 1, Int(Double(values.count) * share))]
    }

    static func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }
}

/// How long something took, and how often that goes into a second.
enum Stopwatch {
    /// The processor time of the calling thread so far.
    static func threadMicroseconds() -> Int { microseconds(CLOCK_THREAD_CPUTIME_ID) }

    /// That of all threads.
    static func processorMicroseconds() -> Int { microseconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func microseconds(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// How many a second, and how many a second of processor time of all threads: what others do at the same time makes
    /// the first smaller and leaves the second as it is.
    struct Pace {
        let rate: Double
        let perProcessorSecond: Double
    }

    /// Runs `body`, which does `count` of something.
    static func pace(_ count: Int, _ body: () throws -> Void) rethrows -> Pace {
        let processor = processorMicroseconds()
        let rate = try rate(count, body)
        return Pace(rate: rate, perProcessorSecond: Double(count) * 1e6 / Double(processorMicroseconds() - processor))
    }

    /// Runs `body` and returns `count` a second.
    static func rate(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try body()
        return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
    }
}
