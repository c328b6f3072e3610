import CSystemd
import Glibc

/// Tells the service manager how the service is doing. Without one (no `NOTIFY_SOCKET`) every call does nothing.
///
/// The corresponding C function is `sd_notify`; it is one datagram, may be called from any thread, and waits where the
/// manager does not read. What the working loops send, status and the watchdog's food, does not wait. The environment is
/// read: nothing may change that while other threads run.
package struct Notifier: Sendable {
    package init() {}

    /// Start-up is complete, or a reload.
    package func ready(status: String? = nil) {
        send(["READY=1"] + Notifier.line(status))
    }

    /// The start takes longer than the manager may have been told to wait for: it waits for this time from now on.
    package func starting(within limit: Duration, status: String) {
        let microseconds = limit.components.seconds * 1_000_000 + limit.components.attoseconds / 1_000_000_000_000
        send(["EXTEND_TIMEOUT_USEC=\(microseconds)"] + Notifier.line(status))
    }

    /// The service is about to end.
    package func stopping(status: String? = nil) {
        send(["STOPPING=1"] + Notifier.line(status))
    }

    /// The configuration is being read again; ``ready(status:)`` follows.
    package func reloading() {
        // Type=notify-reload wants the time at which the reload began.
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send(["RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)"])
    }

    /// Shows a line in `systemctl status`; does nothing where the manager is not keeping up.
    package func status(_ text: String) {
        sendWithoutWaiting(Notifier.line(text))
    }

    /// Feeds the watchdog; does nothing where the manager is not keeping up.
    package func watchdog() {
        sendWithoutWaiting(["WATCHDOG=1"])
    }

    /// Within this time the watchdog wants to be fed; nil where there is none. Feed it at half of that.
    ///
    /// The corresponding C function is `sd_watchdog_enabled`.
    package var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    private func send(_ lines: [String]) {
        // A failure is the manager's; there is nobody else to tell, and nothing to do otherwise.
        sd_notify(0, lines.joined(separator: "\n"))
    }

    /// What `sd_notify` does, but for waiting: a loop that waits for the manager would do no work.
    private func sendWithoutWaiting(_ lines: [String]) {
        guard let name = getenv("NOTIFY_SOCKET"), let address = DatagramAddress(String(cString: name)) else { return }
        let descriptor = DatagramAddress.makeSocket()
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = address.send(Array(lines.joined(separator: "\n").utf8), from: descriptor)
    }

    /// The status must stay one line: a line break in it would begin another assignment.
    private static func line(_ status: String?) -> [String] {
        guard let status else { return [] }
        return ["STATUS=" + String(status.map { $0.isNewline ? " " : $0 })]
    }
}
