/// One event of an event stream, as the HTML standard has it.
package struct ServerSentEvent: Sendable, Equatable {
    /// What the client says as `Last-Event-ID` when it connects again; nil leaves it as it was.
    package var id: String?
    /// The type of the event; nil is `message`.
    package var name: String?
    /// The text; its lines are told apart by line feeds.
    package var data: String
    /// How long the client waits before it connects again; nil leaves it as it was.
    package var retry: Duration?

    /// Makes an event.
    package init(_ data: String, name: String? = nil, id: String? = nil, retry: Duration? = nil) {
        self.data = data
        self.name = name
        self.id = id
        self.retry = retry
    }

    /// The bytes to send.
    ///
    /// A line break in `id` or `name` would begin another field: such a value is a programmer's error.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 64)
        func field(_ name: String, _ value: some Collection<UInt8>) {
            bytes += name.utf8
            bytes += value
            bytes.append(UInt8(ascii: "\n"))
        }
        for (key, value) in [("id: ", id), ("event: ", name)] {
            guard let value else { continue }
            precondition(!value.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }, "a line break in an event's field")
            field(key, value.utf8)
        }
        if let retry { field("retry: ", String(Int64(retry / .milliseconds(1))).utf8) }
        // A carriage return ends a line, too, and one with a line feed ends one line.
        var line: [UInt8] = []
        var previous: UInt8 = 0
        for byte in data.utf8 {
            switch byte {
            case 10 where previous == 13: break
            case 10, 13:
                field("data: ", line)
                line.removeAll(keepingCapacity: true)
            default: line.append(byte)
            }
            previous = byte
        }
        field("data: ", line)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
