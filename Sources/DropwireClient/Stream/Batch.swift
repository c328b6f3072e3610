import Messaging

/// Records that came together, and the place behind them.
public struct Batch: Sendable {
    /// The records in their order; none where topics left out all that was looked at.
    public let records: [Record]
    /// The place behind the last record, and behind what the topics left out: to be committed with the records' effect.
    public let cursor: Cursor
    /// The sequence number of the stream's last record, as the server knew it.
    public let head: UInt64
    private let reader: StreamReader?

    init(_ reply: FetchReply, reader: StreamReader?) {
        records = reply.records.map { Record($0.position, $0.bytes) }
        cursor = Cursor(reply.next)
        head = reply.head
        self.reader = reader
    }

    /// Nothing is known of that comes after it.
    public var isAtEnd: Bool { cursor.seq >= head }

    /// Tells the log, under the name of the stream's consumer, that everything up to here is committed; returns at once.
    ///
    /// It shows the consumer's lag, and lets retention go on where the log holds records for it. Nothing depends on it: the
    /// cursor that the consumer keeps itself is what counts. Without a consumer's name it does nothing.
    public func commit() { reader?.commit(cursor.seq) }
}
