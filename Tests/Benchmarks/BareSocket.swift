import CZeroMQ
import Glibc

/// A ZeroMQ socket by libzmq's own functions and nothing between: what the wrapper and all above it are measured against.
final class BareSocket {
    private let context: UnsafeMutableRawPointer
    private let socket: UnsafeMutableRawPointer
    private let message = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

    init(_ kind: Int32, sendHighWaterMark: Int32 = 1000, receiveHighWaterMark: Int32 = 10_000) throws {
        context = zmq_ctx_new()
        socket = zmq_socket(context, kind)
        set(ZMQ_SNDHWM, sendHighWaterMark)
        set(ZMQ_RCVHWM, receiveHighWaterMark)
        set(ZMQ_LINGER, 0)
        // A wait ends now and then, so that nobody hangs for ever where something goes wrong.
        set(ZMQ_RCVTIMEO, 20_000)
        if kind == ZMQ_SUB { zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0) }
        if kind == ZMQ_XPUB { set(ZMQ_XPUB_VERBOSE, 1) }
    }

    deinit {
        message.deallocate()
        zmq_close(socket)
        zmq_ctx_term(context)
    }

    /// Binds, on a line with CURVE as a server of it. Nobody asks who connects.
    func bind(_ endpoint: String, _ line: Line = .ipc) throws {
        if line == .curve {
            set(ZMQ_CURVE_SERVER, 1)
            set(ZMQ_CURVE_SECRETKEY, BareKeys.server.secretKey)
        }
        guard zmq_bind(socket, endpoint) == 0 else { throw BareSocket.failure("bind '\(endpoint)'") }
    }

    func connect(_ endpoint: String, _ line: Line = .ipc) throws {
        if line == .curve {
            set(ZMQ_CURVE_SERVERKEY, BareKeys.server.publicKey)
            set(ZMQ_CURVE_PUBLICKEY, BareKeys.client.publicKey)
            set(ZMQ_CURVE_SECRETKEY, BareKeys.client.secretKey)
        }
        guard zmq_connect(socket, endpoint) == 0 else { throw BareSocket.failure("connect to '\(endpoint)'") }
    }

    /// Sends one frame, copying it.
    func send(_ frame: [UInt8], more: Bool) throws {
        while zmq_send(socket, frame, frame.count, more ? ZMQ_SNDMORE : 0) == -1 {
            guard zmq_errno() == EINTR else { throw BareSocket.failure("send") }
        }
    }

    /// Waits for a message and calls `body` with every frame; returns their number.
    @discardableResult
    func receive(_ body: (Int, UnsafeRawBufferPointer) -> Void = { _, _ in }) throws -> Int {
        var count = 0
        while true {
            zmq_msg_init(message)
            defer { zmq_msg_close(message) }
            guard zmq_msg_recv(message, socket, 0) >= 0 else {
                if zmq_errno() == EINTR { continue }
                throw BareSocket.failure("receive")
            }
            body(count, UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message)))
            count += 1
            if zmq_msg_more(message) == 0 { return count }
        }
    }

    private func set(_ option: Int32, _ value: Int32) {
        var value = value
        zmq_setsockopt(socket, option, &value, MemoryLayout<Int32>.size)
    }

    private func set(_ option: Int32, _ text: String) { zmq_setsockopt(socket, option, text, text.utf8.count) }

    private static func failure(_ operation: String) -> BenchmarkFailure {
        BenchmarkFailure("\(operation): \(String(cString: zmq_strerror(zmq_errno())))")
    }
}
