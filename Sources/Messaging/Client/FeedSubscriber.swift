package import ZeroMQ

/// A subscription to a feed: live and lossy. It belongs to the thread that made it.
package final class FeedSubscriber {
    private let socket: Socket

    /// Connects and subscribes to prefixes of topics (none: everything), HEAD and BYE included.
    package init(context: Context, endpoint: String, topics: [String] = []) throws {
        let socket = try Socket(.sub, in: context)
        try socket.setClientDefaults()
        try socket.set(.receiveHighWaterMark, 10_000)
        for topic in topics.isEmpty ? [""] : topics + ["!"] { try socket.subscribe(topic) }
        try socket.connect(endpoint)
        self.socket = socket
    }

    /// To wait for messages.
    package var readable: PollEntry { socket.readable }

    /// Returns the next message without waiting; messages that are not of this protocol are passed over.
    package func receive() throws -> (topic: String, frame: PositionFrame, body: [UInt8])? {
        while let message = try socket.receive(maximumFrames: 4) {
            guard message.frames.count >= 3, let frame = PositionFrame(message.frames[1]) else { continue }
            return (String(decoding: message.frames[0], as: UTF8.self), frame, message.frames[2])
        }
        return nil
    }
}
