import Glibc

/// poll(2) over plain descriptors.
package enum Poll {
    /// Waits until one of `descriptors` can be read (or is closed) or `timeout` is over; returns those that can.
    ///
    /// nil waits without end. An interruption by a signal returns early with none.
    package static func readable(_ descriptors: [Int32], timeout: Duration?) -> [Int32] {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // Rounded up: waking just before a deadline would spin until it.
        let milliseconds = timeout.map { rest in
            Int32(clamping: max(0, rest.wholeMilliseconds + (rest > .milliseconds(rest.wholeMilliseconds) ? 1 : 0)))
        }
        guard poll(&entries, nfds_t(entries.count), milliseconds ?? -1) > 0 else { return [] }
        return entries.filter { $0.revents != 0 }.map(\.fd)
    }
}
