import TOML

/// How many files and bytes a drop directory may give in a second. It has no clock.
///
/// Each file moves a moment on by the time that it is worth; while that moment lies less than a second ahead, the next one
/// may go. So a second's worth may go at once, a file larger than that goes too and is waited for afterwards, and the moment
/// from which the next one may go is exact.
struct RateLimit: Equatable {
    private static let burst = Duration.seconds(1)

    private let filesPerSecond: Int
    private let bytesPerSecond: Int
    /// Up to when what has gone is worth the time; from the distant past at first.
    private var files = Readiness.Moment.zero - burst
    private var bytes = Readiness.Moment.zero - burst

    /// Makes a limit; 0 is none.
    init(filesPerSecond: Int, bytesPerSecond: Int) {
        self.filesPerSecond = filesPerSecond
        self.bytesPerSecond = bytesPerSecond
    }

    init(_ configuration: DropDirectoryConfiguration) {
        self.init(
            filesPerSecond: configuration.maximumFilesPerSecond,
            bytesPerSecond: configuration.maximumBytesPerSecond.bytes)
    }

    /// Returns whether another limit is of the same rates.
    func isLike(_ other: RateLimit) -> Bool {
        filesPerSecond == other.filesPerSecond && bytesPerSecond == other.bytesPerSecond
    }

    /// The moment from which the next file may go.
    var next: Readiness.Moment {
        let byFiles = filesPerSecond > 0 ? files + RateLimit.burst / filesPerSecond - RateLimit.burst : .zero
        let byBytes = bytesPerSecond > 0 ? bytes - RateLimit.burst : .zero
        return max(.zero, byFiles, byBytes)
    }

    /// Notes that a file goes.
    mutating func take(bytes size: Int64, now: Readiness.Moment) {
        if filesPerSecond > 0 { files = max(files, now) + RateLimit.burst / filesPerSecond }
        if bytesPerSecond > 0 { bytes = max(bytes, now) + RateLimit.burst * max(0, size) / bytesPerSecond }
    }
}
