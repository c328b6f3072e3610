import CLinux
import Glibc

/// Delivers chosen signals as bytes of a pipe, from the moment that it is made: no signal is lost to a late handler.
///
/// There is one a process.
package final class SignalPipe: Sendable {
    /// The descriptor to poll for reading.
    package let descriptor: Int32
    private let writing: Int32

    /// Takes over `signals`; SIGPIPE is ignored from here on.
    package init(_ signals: [Int32]) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("pipe") { pipe(&ends) }
        for end in ends {
            _ = clinux_fcntl(end, F_SETFL, O_NONBLOCK)
            _ = clinux_fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writing = ends[1]
        signal(SIGPIPE, SIG_IGN)
        try SystemError.check("sigaction") { [writing] in clinux_signals_to(writing, signals, Int32(signals.count)) }
    }

    /// Returns the numbers of the signals that came since the last call.
    package func received() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? bytes[..<count].map(Int32.init) : []
    }
}
