import CZeroMQ

/// A ZeroMQ socket. It belongs to the thread that made it and closes when it goes out of scope.
package struct Socket: ~Copyable {
    /// The kinds of sockets in use.
    package enum Kind: Sendable {
        case router, dealer, xpub, pub, sub, req, rep, pair

        var code: Int32 {
            switch self {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .xpub: ZMQ_XPUB
            case .pub: ZMQ_PUB
            case .sub: ZMQ_SUB
            case .req: ZMQ_REQ
            case .rep: ZMQ_REP
            case .pair: ZMQ_PAIR
            }
        }
    }

    /// An integer option; names and units are libzmq's (zmq_setsockopt(3)).
    package enum Option: Sendable {
        case linger, sendHighWaterMark, receiveHighWaterMark, routerMandatory, xpubVerbose, backlog
        case tcpKeepalive, tcpKeepaliveIdle, tcpKeepaliveInterval, tcpKeepaliveCount
        case heartbeatInterval, heartbeatTimeout, connectTimeout, handshakeInterval, reconnectInterval
        case reconnectIntervalMaximum, conflate, ipv6

        var code: Int32 {
            switch self {
            case .linger: ZMQ_LINGER
            case .sendHighWaterMark: ZMQ_SNDHWM
            case .receiveHighWaterMark: ZMQ_RCVHWM
            case .routerMandatory: ZMQ_ROUTER_MANDATORY
            case .xpubVerbose: ZMQ_XPUB_VERBOSE
            case .backlog: ZMQ_BACKLOG
            case .tcpKeepalive: ZMQ_TCP_KEEPALIVE
            case .tcpKeepaliveIdle: ZMQ_TCP_KEEPALIVE_IDLE
            case .tcpKeepaliveInterval: ZMQ_TCP_KEEPALIVE_INTVL
            case .tcpKeepaliveCount: ZMQ_TCP_KEEPALIVE_CNT
            case .heartbeatInterval: ZMQ_HEARTBEAT_IVL
            case .heartbeatTimeout: ZMQ_HEARTBEAT_TIMEOUT
            case .connectTimeout: ZMQ_CONNECT_TIMEOUT
            case .handshakeInterval: ZMQ_HANDSHAKE_IVL
            case .reconnectInterval: ZMQ_RECONNECT_IVL
            case .reconnectIntervalMaximum: ZMQ_RECONNECT_IVL_MAX
            case .conflate: ZMQ_CONFLATE
            case .ipv6: ZMQ_IPV6
            }
        }
    }

    let handle: UnsafeMutableRawPointer
    // A context must outlive its sockets.
    private let context: Context
    // "Never access zmq_msg_t members directly" and never move it: it lives on the heap while libzmq knows it.
    private let message: UnsafeMutablePointer<zmq_msg_t>

    /// Makes a socket. The corresponding C function is `zmq_socket`.
    package init(_ kind: Kind, in context: Context) throws(ZeroMQError) {
        guard let made = zmq_socket(context.handle, kind.code) else { throw ZeroMQError.last("make a socket") }
        handle = made
        self.context = context
        message = .allocate(capacity: 1)
    }

    deinit {
        // Where it is watched, libzmq's thread would wait for ever to tell of its end once the watcher is closed, too.
        zmq_socket_monitor(handle, nil, 0)
        zmq_close(handle)
        message.deallocate()
    }

    // MARK: Options and endpoints

    /// Sets an integer option.
    package func set(_ option: Option, _ value: Int32) throws(ZeroMQError) {
        var value = value
        guard zmq_setsockopt(handle, option.code, &value, MemoryLayout<Int32>.size) == 0 else {
            throw ZeroMQError.last("set the option \(option)")
        }
    }

    /// Closes the connection of a peer that sends a frame of more than `bytes` (ZMQ_MAXMSGSIZE).
    package func setMaximumMessageSize(_ bytes: Int64) throws(ZeroMQError) {
        var value = bytes
        guard zmq_setsockopt(handle, ZMQ_MAXMSGSIZE, &value, MemoryLayout<Int64>.size) == 0 else {
            throw ZeroMQError.last("set the maximum message size")
        }
    }

    /// Subscribes a SUB socket to a prefix of topics; an empty one is everything.
    package func subscribe(_ prefix: String) throws(ZeroMQError) {
        guard zmq_setsockopt(handle, ZMQ_SUBSCRIBE, prefix, prefix.utf8.count) == 0 else {
            throw ZeroMQError.last("subscribe to '\(prefix)'")
        }
    }

    /// Binds; the endpoint may have the port `*` (see ``lastEndpoint``).
    package func bind(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_bind(handle, endpoint) == 0 else { throw ZeroMQError.last("bind '\(endpoint)'") }
    }

    /// Ends a bind by the endpoint that ``lastEndpoint`` gave for it: whoever is connected there loses the connection.
    package func unbind(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_unbind(handle, endpoint) == 0 else { throw ZeroMQError.last("unbind '\(endpoint)'") }
    }

    /// Connects; returns before there is a connection.
    package func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(handle, endpoint) == 0 else { throw ZeroMQError.last("connect to '\(endpoint)'") }
    }

    /// The endpoint of the last bind, with the port that the system chose (ZMQ_LAST_ENDPOINT).
    package var lastEndpoint: String {
        var bytes = [CChar](repeating: 0, count: 1024)
        var count = bytes.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &bytes, &count) == 0, count > 0 else { return "" }
        return String(decoding: bytes[..<(count - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Messages

    /// Sends a message of several frames without waiting; the bytes are copied.
    ///
    /// - Returns: false where there is no room (the high-water mark) or, on a ROUTER, the peer is gone: nothing was sent.
    package func send(_ frames: [[UInt8]]) throws(ZeroMQError) -> Bool {
        try send { (message) throws(ZeroMQError) in
            for (index, frame) in frames.enumerated() { try message.add(frame.span, isLast: index == frames.count - 1) }
        }
    }

    /// Sends a message whose frames `body` adds one after the other, the last one marked as such; the bytes are copied.
    ///
    /// - Returns: as ``send(_:)-([[UInt8]])``.
    package func send(_ body: (inout OutgoingMessage) throws(ZeroMQError) -> Void) throws(ZeroMQError) -> Bool {
        var message = OutgoingMessage(socket: handle)
        try body(&message)
        return message.isWhole
    }

    /// Takes in what the I/O threads have reported, for example that a full queue has room again.
    ///
    /// Before a send libzmq does so at most once in about a millisecond; asking for ZMQ_EVENTS does it always.
    package func processCommands() throws(ZeroMQError) {
        var events: Int32 = 0
        var count = MemoryLayout<Int32>.size
        guard zmq_getsockopt(handle, ZMQ_EVENTS, &events, &count) == 0 else { throw ZeroMQError.last("look at events") }
    }

    /// Receives a whole message without waiting; nil where there is none.
    ///
    /// Frames beyond `maximumFrames` are read and dropped, the count of all is kept in the result's `frameCount`.
    package func receive(maximumFrames: Int = 64) throws(ZeroMQError) -> ReceivedMessage? {
        var result = ReceivedMessage()
        while true {
            zmq_msg_init(message)
            defer { zmq_msg_close(message) }
            if zmq_msg_recv(message, handle, ZMQ_DONTWAIT) == -1 {
                let code = zmq_errno()
                if code == EINTR { continue }
                if code == EAGAIN, result.frameCount == 0 { return nil }
                throw ZeroMQError(code: code, operation: "receive")
            }
            // A ROUTER's first frame, the routing id, comes without.
            if result.user == nil, result.frameCount < 2, let user = zmq_msg_gets(message, "User-Id") {
                result.user = String(cString: user)
            }
            result.frameCount += 1
            if result.frames.count < maximumFrames {
                let bytes = UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message))
                result.frames.append(Array(bytes))
            }
            if zmq_msg_more(message) == 0 { return result }
        }
    }

    /// An entry for ``Poller/poll(_:timeout:)``; valid while the socket lives.
    package var readable: PollEntry { PollEntry(socket: handle, descriptor: 0) }
}
