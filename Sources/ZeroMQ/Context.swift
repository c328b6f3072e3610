import CZeroMQ

/// A ZeroMQ context.
///
/// "A ØMQ context is thread safe and may be shared among as many application threads as necessary, without any
/// additional locking required on the part of the caller" (zmq_ctx_new(3)), hence the unchecked conformance.
package final class Context: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
    /// What its maker wants to be found wherever sockets are made in it.
    package let attachment: (any Sendable)?

    /// Makes a context with one I/O thread.
    ///
    /// - Parameters:
    ///   - attachment: see ``attachment``.
    ///   - maximumSockets: ZMQ_MAX_SOCKETS; connections of peers do not count.
    package init(attachment: (any Sendable)? = nil, maximumSockets: Int32 = 1023) throws(ZeroMQError) {
        self.attachment = attachment
        guard let made = zmq_ctx_new() else { throw ZeroMQError.last("make a context") }
        handle = made
        zmq_ctx_set(made, ZMQ_MAX_SOCKETS, maximumSockets)
        // Without this a context waits for ever for messages that nobody takes.
        zmq_ctx_set(made, ZMQ_BLOCKY, 0)
        // libzmq starts its threads with the first socket, and they have the nice value of whoever makes that: were it a
        // thread that leaves precedence to others, whatever goes in and out of the process would do so, too.
        guard let first = zmq_socket(made, ZMQ_PAIR) else { throw ZeroMQError.last("make a socket") }
        zmq_close(first)
    }

    /// Ends every blocking call on the context's sockets with `isTerminated`. Safe on any thread.
    package func shutDown() { zmq_ctx_shutdown(handle) }

    deinit {
        while zmq_ctx_term(handle) == -1, zmq_errno() == EINTR {}
    }
}
