package import ZeroMQ

/// A ROUTER socket that speaks the envelope of DW1. It belongs to the thread that made it.
package final class EnvelopeRouter {
    private let socket: Socket
    private var bound: [BoundEndpoint] = []
    private let limits: Envelope.Limits
    private var check: AccessCheck
    /// Replies that found their peer gone or not reading; the peer asks again.
    package private(set) var droppedReplies = 0

    /// Binds all of `endpoints`.
    ///
    /// - Parameters:
    ///   - domain: who may connect, and what their requests need.
    ///   - maximumFrames: of a request, from the version on.
    ///   - maximumFrameBytes: a peer that sends a larger frame loses its connection.
    package init(
        context: Context, endpoints: [Endpoint], domain: AccessDomain = .admin, maximumFrames: Int = 8,
        maximumFrameBytes: Int64 = 1 << 20
    ) throws {
        let socket = try Socket(.router, in: context)
        // A peer that never reads costs at most these replies; with 0 it would cost all of memory. libzmq hears of what was
        // taken only after every half of them: of 10, 6 are sure to find room, the 4 that may be outstanding and two
        // refusals. (With 4, the fourth answer to a peer that reads well was dropped.)
        try socket.set(.sendHighWaterMark, 10)
        // What a peer sends ahead stays in its own buffers beyond this: 32 requests, of 1 MiB a frame at worst.
        try socket.set(.receiveHighWaterMark, 32)
        try socket.set(.routerMandatory, 1)
        try socket.set(.linger, 1000)
        try socket.set(.backlog, 1024)
        // A connection that says nothing is not kept for libzmq's half a minute.
        try socket.set(.handshakeInterval, 10_000)
        try socket.setMaximumMessageSize(maximumFrameBytes)
        try socket.setServerKeepalive()
        check = AccessCheck(domain, in: context)
        for endpoint in endpoints { bound.append(try BoundEndpoint(endpoint, socket: socket, check: check)) }
        self.socket = socket
        limits = Envelope.Limits(frames: maximumFrames)
    }

    /// The addresses that clients connect to.
    package var addresses: [String] { bound.map(\.announced) }
    /// To wait for requests.
    package var readable: PollEntry { socket.readable }

    /// Returns the next request without waiting; refuses by itself what is none, and what its peer may not ask.
    package func receive() throws -> Request? {
        if check.takeRebind() { for endpoint in bound { try endpoint.rebind(socket, check: check) } }
        while let message = try socket.receive(maximumFrames: limits.frames + 4) {
            switch Envelope.parse(message.frames, frameCount: message.frameCount, limits: limits) {
            case .request(var request):
                let (roles, refusal) = check.check(request, user: message.user)
                guard let refusal else {
                    request.roles = roles
                    return request
                }
                try reply(to: request, .failure(refusal))
            case .refused(let frames): _ = try send(frames)
            case .ignored: continue
            }
        }
        return nil
    }

    /// Answers a request; returns false where the peer is gone or does not read: nothing was sent.
    @discardableResult
    package func reply(to request: Request, _ outcome: Result<Reply, WireError>) throws -> Bool {
        let frames = Envelope.encode(address: request.address, id: request.id, outcome: outcome)
        return try send(frames, (try? outcome.get().records) ?? [])
    }

    private func send(_ frames: [[UInt8]], _ records: [LogRecord] = []) throws -> Bool {
        if try write(frames, records) { return true }
        // The room that it has made may not have been heard of yet: a peer that asks fast would lose answers.
        try socket.processCommands()
        if try write(frames, records) { return true }
        droppedReplies += 1
        return false
    }

    private func write(_ frames: [[UInt8]], _ records: [LogRecord]) throws(ZeroMQError) -> Bool {
        try socket.send { (message) throws(ZeroMQError) in
            for (index, frame) in frames.enumerated() {
                try message.add(frame.span, isLast: index == frames.count - 1 && records.isEmpty)
            }
            for (index, record) in records.enumerated() {
                let position = PositionFrame(kind: .record, position: record.position).block
                try message.add(position.span)
                try message.add(record.bytes.span, isLast: index == records.count - 1)
            }
        }
    }
}

extension Socket {
    /// Keepalive of a bound TCP socket: a vanished peer is noticed after two minutes.
    ///
    /// ZeroMQ's own heartbeats are not for bound sockets: libzmq would close peers that speak an older ZMTP.
    func setServerKeepalive() throws(ZeroMQError) {
        try set(.tcpKeepalive, 1)
        try set(.tcpKeepaliveIdle, 60)
        try set(.tcpKeepaliveInterval, 10)
        try set(.tcpKeepaliveCount, 6)
    }

    /// What every connecting socket is set to.
    func setClientDefaults() throws(ZeroMQError) {
        try set(.linger, 0)
        try set(.heartbeatInterval, 2000)
        try set(.heartbeatTimeout, 6000)
        try set(.connectTimeout, 5000)
        try set(.handshakeInterval, 5000)
        try set(.reconnectInterval, 100)
        try set(.reconnectIntervalMaximum, 5000)
    }
}
