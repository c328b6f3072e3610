import CLinux
import Glibc

/// A bell that any thread may ring and one thread polls: an eventfd(2).
package final class WakeUp: Sendable {
    /// The descriptor to poll for reading.
    package let descriptor: Int32

    /// Makes a silent bell.
    package init() throws(SystemError) {
        descriptor = try SystemError.check("eventfd") { clinux_eventfd() }
    }

    deinit { close(descriptor) }

    /// Rings: a poll on ``descriptor`` returns. Safe on any thread and in any state.
    package func ring() {
        var one: UInt64 = 1
        while write(descriptor, &one, 8) == -1, errno == EINTR {}
    }

    /// Silences the bell; returns whether it had been rung.
    @discardableResult
    package func silence() -> Bool {
        var count: UInt64 = 0
        while true {
            let size = read(descriptor, &count, 8)
            if size == 8 { return true }
            if errno != EINTR { return false }
        }
    }
}
