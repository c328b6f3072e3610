import AcceptGuard
import Synchronization
import Telemetry

/// Says, once a minute at most, that connections were closed because the process has few descriptors left.
final class DescriptorNotice: Sendable {
    private let last = Mutex<(closed: UInt, at: ContinuousClock.Instant)>((0, .now - .seconds(60)))
    private let logger = Logger(label: "descriptors")

    /// Looks whether there is something to say.
    func look() {
        let closed = UInt(accept_guard_closed())
        let new: UInt? = last.withLock { last in
            guard closed > last.closed, ContinuousClock.now - last.at >= .seconds(60) else { return nil }
            defer { last = (closed, .now) }
            return closed - last.closed
        }
        guard let new else { return }
        logger.warning(
            .descriptorsShort,
            [.count: "\(new)"])
    }
}
