/// Says how long ago something was by the clock that people set, and notices when they set it. It reads no clock itself.
///
/// The times of files are of that clock. After it was set, what lies there counts as no older than the moment when that was
/// noticed: it has not changed since, whatever its time says now.
struct WallClock {
    /// A step that is no mere adjustment.
    private static let step: Int64 = 250

    private var last: (wall: Int64, boot: Int64)?
    private var trustedSince: Readiness.Moment?

    /// Compares the clock with one that never jumps, both in milliseconds.
    mutating func check(wall: Int64, boot: Int64, now: Readiness.Moment) {
        if let last {
            let difference = abs((wall - last.wall) - (boot - last.boot))
            // A clock that is brought back slowly runs fast or slow by half a thousandth.
            if difference > WallClock.step + (boot - last.boot) / 1000 { trustedSince = now }
        }
        last = (wall, boot)
    }

    /// Returns how long ago a time was, at least; `now` is the moment of `wall`.
    func age(ofChange milliseconds: Int64, wall: Int64, now: Readiness.Moment) -> Duration {
        let age = Duration.milliseconds(max(0, wall - milliseconds))
        return trustedSince.map { min(age, max(.zero, now - $0)) } ?? age
    }
}
