import CZeroMQ

/// An error of libzmq: its error number and what was being done.
package struct ZeroMQError: Error, Equatable, CustomStringConvertible {
    /// The error number, as `zmq_errno` gives it.
    package let code: Int32
    /// Operation and object, for example `bind 'tcp://127.0.0.1:8472'`.
    package let operation: String

    /// The context was shut down: the owner of a socket closes it and returns.
    package var isTerminated: Bool { code == CZMQ_ETERM }
    /// Something else is bound to the address.
    package var isAddressInUse: Bool { code == EADDRINUSE }
    /// Nothing to receive, or no room to send, at this moment.
    package var isWouldBlock: Bool { code == EAGAIN }
    /// No peer with that routing id (ROUTER with MANDATORY).
    package var isUnreachable: Bool { code == EHOSTUNREACH }

    package var description: String { "\(operation): \(String(cString: zmq_strerror(code)))" }

    static func last(_ operation: @autoclosure () -> String) -> ZeroMQError {
        ZeroMQError(code: zmq_errno(), operation: operation())
    }
}
