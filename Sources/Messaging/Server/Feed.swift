import Articles
import ZeroMQ

/// The live, lossy side of a stream: an XPUB socket. It belongs to the thread that made it.
///
/// It promises nothing: a consumer that must not lose anything uses the log. It says HEAD every second and on a new
/// subscription (at most ten times a second), and BYE on a clean end.
final class Feed {
    private let socket: Socket
    private let bound: [BoundEndpoint]
    private let inlineBytes: Int
    private var check: AccessCheck
    private var lastHead = ContinuousClock.now - .seconds(60)
    private var isHeadWanted = true
    private var published: UInt64 = 0

    /// Milliseconds between two HEADs.
    static let intervalMilliseconds: Int64 = 1000

    init(context: Context, endpoints: [Endpoint], inlineBytes: Int) throws {
        let socket = try Socket(.xpub, in: context)
        try socket.set(.sendHighWaterMark, 1000)
        try socket.set(.linger, 0)
        try socket.set(.xpubVerbose, 1)
        try socket.set(.backlog, 1024)
        // As on the log's socket: who connects and says nothing holds a descriptor for so long.
        try socket.set(.handshakeInterval, 10_000)
        // Subscribers send nothing but subscriptions.
        try socket.setMaximumMessageSize(4096)
        try socket.setServerKeepalive()
        let check = AccessCheck(.feed, in: context)
        bound = try endpoints.map { try BoundEndpoint($0, socket: socket, check: check) }
        self.check = check
        self.socket = socket
        self.inlineBytes = inlineBytes
    }

    var addresses: [String] { bound.map(\.announced) }
    var readable: PollEntry { socket.readable }

    /// Takes in subscriptions; a new one wants to see HEAD at once. An XPUB that is not drained leaks.
    func drainSubscriptions() throws {
        if check.takeRebind() { for endpoint in bound { try endpoint.rebind(socket, check: check) } }
        while let message = try socket.receive(maximumFrames: 1) {
            if message.frames.first?.first == 1 { isHeadWanted = true }
        }
    }

    /// How long until HEAD is due.
    var untilHead: Duration {
        let interval = isHeadWanted ? Duration.milliseconds(100) : .milliseconds(Feed.intervalMilliseconds)
        return max(.zero, lastHead + interval - .now)
    }

    /// Sends HEAD where it is due; `json` is made only then.
    func sendHeadIfDue(_ head: Position, json: () -> [UInt8]) throws {
        guard untilHead <= .zero else { return }
        lastHead = .now
        isHeadWanted = false
        try send("!head", PositionFrame(kind: .head, position: head), json())
    }

    /// Sends a record, or its stub where it is too large for the feed.
    func publish(_ record: LogRecord) throws {
        // In a burst, room that a subscriber has made would be seen too late, and its records dropped.
        published &+= 1
        if published & 63 == 0 { try socket.processCommands() }
        if record.bytes.count <= inlineBytes {
            try send(record.topic, PositionFrame(kind: .record, position: record.position), record.bytes)
        } else {
            let stub = Feed.stub(of: record)
            try send(record.topic, PositionFrame(kind: .reference, position: record.position), stub)
        }
    }

    /// Says good-bye.
    func sendBye(_ head: Position) throws {
        // Without a moment to linger, closing would throw the farewell away.
        try socket.set(.linger, 250)
        try send("!bye", PositionFrame(kind: .bye, position: head), Array("{}".utf8))
    }

    private func send(_ topic: String, _ frame: PositionFrame, _ body: [UInt8]) throws {
        // An XPUB never refuses: it drops for the subscriber whose queue is full.
        _ = try socket.send { (message) throws(ZeroMQError) in
            try message.add(topic.utf8.span)
            let position = frame.block
            try message.add(position.span)
            try message.add(body.span, isLast: true)
        }
    }

    /// `{"type","id"?,"bytes"}` of a record that is too large for the feed. Both stand first in a record.
    private static func stub(of record: LogRecord) -> [UInt8] {
        let head = String(decoding: record.bytes.prefix(200), as: UTF8.self)
        func member(_ name: String) -> String? {
            guard let range = head.firstRange(of: "\"\(name)\":\"") else { return nil }
            return String(head[range.upperBound...].prefix { $0 != "\"" })
        }
        var writer = JSONWriter(capacity: 120)
        writer.beginObject()
        writer.field("type", member("type") ?? "article")
        writer.field("id", member("id"))
        writer.field("bytes", record.bytes.count)
        writer.endObject()
        return writer.bytes
    }
}
