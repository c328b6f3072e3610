/// The time that goes into looking again at files that lie there, where no event would tell of a change: about one part in
/// a hundred, however many there are.
///
/// Directories that take a moment do not wait for those that take long: each kind has half of it.
struct LookingPace {
    private struct Allowance {
        private static let share = 200
        private static let most = Duration.milliseconds(5)
        private var rest = Allowance.most
        private var since = Readiness.Moment.zero

        mutating func isLeft(now: Readiness.Moment) -> Bool {
            rest = min(Allowance.most, rest + (now - since) / Allowance.share)
            since = now
            return rest > .zero
        }

        mutating func spend(_ time: Duration) { rest -= time }
    }

    private var short = Allowance()
    private var long = Allowance()

    private static func isShort(_ time: Duration) -> Bool { time < .milliseconds(1) }

    /// Returns whether a directory may be looked through that took so long the last time.
    mutating func allows(_ time: Duration, now: Readiness.Moment) -> Bool {
        LookingPace.isShort(time) ? short.isLeft(now: now) : long.isLeft(now: now)
    }

    /// Notes how long it took.
    mutating func spend(_ time: Duration) {
        if LookingPace.isShort(time) { short.spend(time) } else { long.spend(time) }
    }
}
