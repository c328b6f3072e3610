import CZeroMQ

/// Something to wait for: a socket or a plain descriptor that can be read.
package struct PollEntry {
    let socket: UnsafeMutableRawPointer?
    let descriptor: Int32

    init(socket: UnsafeMutableRawPointer?, descriptor: Int32) {
        self.socket = socket
        self.descriptor = descriptor
    }

    /// An entry for a plain descriptor.
    package init(descriptor: Int32) { self.init(socket: nil, descriptor: descriptor) }
}

/// Waits on sockets and descriptors together. The corresponding C function is `zmq_poll`.
package enum Poller {
    /// Waits until an entry can be read or `timeout` is over (nil waits without end); returns a flag an entry.
    ///
    /// An interruption by a signal returns early with no flag set.
    package static func poll(_ entries: [PollEntry], timeout: Duration?) throws(ZeroMQError) -> [Bool] {
        var items = entries.map {
            zmq_pollitem_t(socket: $0.socket, fd: $0.descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        }
        var milliseconds = -1
        if let timeout {
            let (seconds, attoseconds) = timeout.components
            // Rounded up: waking just before a deadline would spin until it.
            milliseconds = max(0, Int(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
        }
        if zmq_poll(&items, Int32(items.count), milliseconds) == -1, zmq_errno() != EINTR {
            throw ZeroMQError.last("poll")
        }
        return items.map { $0.revents != 0 }
    }
}
