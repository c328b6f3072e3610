import Synchronization
import Systemd
import Telemetry

/// Feeds the service manager's watchdog at a third of its interval, however often it is called, and says where that was
/// nearly too late.
final class Watchdog: Sendable {
    private struct State {
        var lastFed: ContinuousClock.Instant?
        var lastCalled: ContinuousClock.Instant?
    }

    private let notifier: Notifier
    private let interval: Duration?
    private let state = Mutex(State())
    private let logger = Logger(label: "watchdog")

    init(_ notifier: Notifier) {
        self.notifier = notifier
        interval = notifier.watchdogInterval
    }

    /// What the loop that does the work calls.
    var feed: @Sendable () -> Void {
        guard let interval else { return {} }
        return { [self] in
            let now = ContinuousClock.now
            let (isDue, pause) = state.withLock { state in
                defer { state.lastCalled = now }
                let pause = state.lastCalled.map { now - $0 } ?? .zero
                guard state.lastFed.map({ now - $0 > interval / 3 }) ?? true else { return (false, pause) }
                state.lastFed = now
                return (true, pause)
            }
            if isDue { notifier.watchdog() }
            if pause > interval / 2 { logger.warning(.watchdogNear, [.seconds: "\(pause.components.seconds)"]) }
        }
    }
}
