import Messaging
import Synchronization
import Systemd

/// What the service manager is told of a process: whether it is ready, reads its configuration again or ends, and in a line
/// how it is doing. Safe on any thread.
final class Standing: Sendable {
    private struct State {
        var isReady = false
        var shownAt = ContinuousClock.now - Standing.spacing
        var text = ""
    }

    /// How often the line changes at most.
    private static let spacing = Duration.seconds(2)
    private let notifier: Notifier
    private let state = Mutex(State())

    init(_ notifier: Notifier) {
        self.notifier = notifier
        // Of large state that an earlier version left, this takes its time.
        notifier.status("starting: state is opened, and brought to this version where it is older")
    }

    /// It serves.
    func ready() {
        state.withLock { $0.isReady = true }
        notifier.ready(status: "ready")
    }

    /// It reads its configuration again; ``reloaded()`` follows. What is not ready yet goes on being that.
    func reloading() {
        if state.withLock({ $0.isReady }) { notifier.reloading() }
    }

    /// It has read its configuration again.
    func reloaded() {
        if state.withLock({ $0.isReady }) { notifier.ready() }
    }

    /// It ends, as soon as what is in hand is finished.
    func stopping() {
        state.withLock { $0.isReady = false }
        notifier.stopping(status: "draining: what is in hand is finished")
    }

    /// Shows how it is doing, where that has changed and the last line has stood for a moment.
    func show(_ heartbeat: Heartbeat) { show { heartbeat } }

    /// Shows what a heartbeat says that is made where it is due.
    func show(_ heartbeat: () -> Heartbeat) {
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            guard state.isReady, now - state.shownAt >= Standing.spacing else { return false }
            state.shownAt = now
            return true
        }
        guard isDue else { return }
        let text = StandingLine(heartbeat()).text
        let isNew = state.withLock { state in
            defer { state.text = text }
            return state.isReady && state.text != text
        }
        if isNew { notifier.status(text) }
    }
}
