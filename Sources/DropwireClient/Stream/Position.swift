import Messaging

/// Where a record stands: its stream, the stream's epoch, its sequence number and the time of its commit.
public struct Position: Sendable, Hashable {
    let wire: Messaging.Position

    init(_ wire: Messaging.Position) { self.wire = wire }

    /// The stream, a UUID's text.
    public var stream: String { wire.stream.description }
    /// From 1; changed only where an operator restores a log.
    public var epoch: UInt32 { wire.epoch }
    /// From 1, without holes.
    public var seq: UInt64 { wire.seq }
    /// When the record was committed to its log; it never goes back within a log.
    public var time: Timestamp { Timestamp(milliseconds: wire.timeMilliseconds) }

    /// The cursor of a consumer that has committed the effect of this record, and of all before it.
    public var cursor: Cursor { Cursor(wire.cursor) }
}
