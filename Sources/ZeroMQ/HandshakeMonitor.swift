import CZeroMQ
import Synchronization

/// Tells how the handshakes of a socket end, and when a connection does, which sending and receiving do not show. It belongs
/// to the socket's thread.
package struct HandshakeMonitor: ~Copyable {
    /// How a handshake ended, or what became of the connection.
    package enum Outcome: Sendable, Equatable {
        case succeeded
        /// The authenticator of the other side answered with this status, such as 400.
        case refused(status: UInt32)
        /// The two sides speak different mechanisms, or something else than ZMTP.
        case protocolError
        /// The connection ended: with CURVE that is how a wrong key of the server looks.
        case broken
        /// A connection is gone, whether its handshake had succeeded or not.
        case disconnected
    }

    private let pair: Socket
    private static let number = Atomic<Int>(0)

    /// Watches `socket`, which is not yet connected. The corresponding C function is `zmq_socket_monitor`.
    package init(_ socket: borrowing Socket, in context: Context) throws(ZeroMQError) {
        let number = HandshakeMonitor.number.wrappingAdd(1, ordering: .relaxed).newValue
        let address = "inproc://handshakes-\(number)"
        let events =
            ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL
            | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED
        guard zmq_socket_monitor(socket.handle, address, Int32(events)) == 0 else {
            throw ZeroMQError.last("watch the handshakes of a socket")
        }
        let pair = try Socket(.pair, in: context)
        try pair.set(.linger, 0)
        // libzmq's thread waits where there is no room, and with it all connections.
        try pair.set(.receiveHighWaterMark, 0)
        try pair.connect(address)
        self.pair = pair
    }

    /// To wait for outcomes.
    package var readable: PollEntry { pair.readable }

    /// Returns the next outcome without waiting; nil where there is none.
    package func next() throws(ZeroMQError) -> Outcome? {
        while let message = try pair.receive(maximumFrames: 2) {
            guard let frame = message.frames.first, frame.count >= 6 else { continue }
            // "The first frame contains an event number (16 bits), and an event value (32 bits)", in the machine's order.
            let (event, value) = frame.withUnsafeBytes {
                ($0.loadUnaligned(as: UInt16.self), $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
            }
            switch Int32(event) {
            case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return .succeeded
            case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: return .refused(status: value)
            case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: return .protocolError
            case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: return .broken
            case ZMQ_EVENT_DISCONNECTED: return .disconnected
            default: continue
            }
        }
        return nil
    }
}
