import CZeroMQ

/// A message on its way out, frame by frame and without waiting: nothing is collected before it is sent.
package struct OutgoingMessage: ~Copyable {
    private let socket: UnsafeMutableRawPointer
    private var isFirst = true
    private var isRefused = false
    /// All frames were taken so far.
    private(set) var isWhole = true

    init(socket: UnsafeMutableRawPointer) { self.socket = socket }

    /// Sends the next frame; after a first one that was refused the others are none.
    package mutating func add(_ frame: Span<UInt8>, isLast: Bool = false) throws(ZeroMQError) {
        guard !isRefused else { return }
        let isFirst = self.isFirst
        self.isFirst = false
        let flags = ZMQ_DONTWAIT | (isLast ? 0 : ZMQ_SNDMORE)
        while frame.withUnsafeBufferPointer({ zmq_send(socket, $0.baseAddress, $0.count, flags) }) == -1 {
            let code = zmq_errno()
            if code == EINTR { continue }
            isWhole = false
            if isFirst, code == EAGAIN || code == EHOSTUNREACH {
                isRefused = true
                return
            }
            // libzmq takes a message whole or not at all. Where the peer went in the middle it takes back what it had, and
            // drops the rest up to the last frame: that must be handed over, or the next message would be taken for it.
            guard code == EAGAIN else { throw ZeroMQError(code: code, operation: "send") }
            return
        }
    }
}
