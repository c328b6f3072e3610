import Glibc
import Linux

/// A producer's pauses while it writes a file: as they were meant, and as they became on a busy machine.
struct Pace {
    let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private(set) var longest = Duration.zero

    /// Waits.
    func pause(_ duration: Duration) { Pace.sleep(duration) }

    /// Notes that something was just done to the file.
    mutating func step() {
        let now = ContinuousClock.now
        longest = max(longest, now - last)
        last = now
    }

    static func sleep(_ duration: Duration) { usleep(UInt32(clamping: duration.wholeMilliseconds * 1000)) }
}
