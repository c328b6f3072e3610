package import ZeroMQ

/// A subscription to a feed: live and lossy. It belongs to the thread that made it.
package final class FeedSubscriber {
    private let context: Context
    private let endpoint: String
    private let topics: [String]
    private var connection: ClientConnection
    private var attempt = 0

    /// Connects and subscribes to prefixes of topics (none: everything), HEAD and BYE included.
    ///
    /// - Throws: ``SecurityProblem`` where a key is missing on this side, `ZeroMQError`.
    package init(context: Context, endpoint: String, topics: [String] = []) throws {
        self.context = context
        self.endpoint = endpoint
        self.topics = topics
        connection = try FeedSubscriber.connect(context, endpoint, topics, attempt: 0)
    }

    private static func connect(
        _ context: Context, _ endpoint: String, _ topics: [String], attempt: Int
    ) throws -> ClientConnection {
        try ClientConnection(.sub, to: endpoint, attempt: attempt, in: context) { socket in
            try socket.set(.receiveHighWaterMark, 10_000)
            for topic in topics.isEmpty ? [""] : topics + ["!"] { try socket.subscribe(topic) }
        }
    }

    /// To wait for messages.
    package var readable: PollEntry { connection.socket.readable }

    /// To wait for messages, and for the end of handshakes: ``receive()`` then tells of a refusal.
    package var entries: [PollEntry] { [connection.socket.readable, connection.handshakes] }

    /// Returns the next message without waiting; messages that are not of this protocol are passed over.
    ///
    /// - Throws: ``CommandClient/Failure/refused(command:reason:)`` where the server does not let this process in: a new
    ///   subscriber may try again later.
    package func receive() throws -> (topic: String, frame: PositionFrame, body: [UInt8])? {
        while let message = try connection.socket.receive(maximumFrames: 4) {
            guard message.frames.count >= 3, let frame = PositionFrame(message.frames[1]) else { continue }
            return (String(decoding: message.frames[0], as: UTF8.self), frame, message.frames[2])
        }
        try connection.look()
        guard connection.isHopeless else { return nil }
        // The server may have another of the keys that are known of it.
        guard let address = try? Endpoint(connecting: endpoint),
            let keys = try context.security?.serverKeys(of: address), attempt + 1 < keys.count
        else {
            throw CommandClient.Failure.refused(command: "SUBSCRIBE", reason: connection.refusal ?? endpoint)
        }
        attempt += 1
        connection = try FeedSubscriber.connect(context, endpoint, topics, attempt: attempt)
        return nil
    }
}
