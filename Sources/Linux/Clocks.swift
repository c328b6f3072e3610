import Glibc

/// The clocks of the system. Deadlines use the monotonic one; records carry wall time.
package enum Clocks {
    /// Milliseconds since 1970-01-01T00:00:00Z (CLOCK_REALTIME); may jump.
    package static func wallMilliseconds() -> Int64 { milliseconds(CLOCK_REALTIME) }
    /// Milliseconds since start of the machine, with the time it slept (CLOCK_BOOTTIME); never jumps.
    package static func bootMilliseconds() -> Int64 { milliseconds(CLOCK_BOOTTIME) }
    /// Both of one moment: a thread that was held up between the two readings would take that for a jump.
    package static func wallAndBootMilliseconds() -> (wall: Int64, boot: Int64) {
        while true {
            let (before, wall, after) = (bootMilliseconds(), wallMilliseconds(), bootMilliseconds())
            if after - before < 10 { return (wall, before) }
        }
    }
    /// Nanoseconds of a clock that never jumps (CLOCK_MONOTONIC).
    package static func monotonicNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}
