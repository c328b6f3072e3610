import Articles

/// The json frames of the log's requests.
package enum LogRequests {
    /// The time that a client gives the server beyond `wait_ms` before it gives the socket up.
    package static let grace = Duration.seconds(5)

    /// FETCH after `cursor`; nil starts at the oldest retained record.
    package static func fetch(
        after cursor: Cursor?, topics: [String] = [], maximum: Int = 256, maximumBytes: Int = 1 << 20,
        waitMilliseconds: Int64 = 5000
    ) -> [UInt8] {
        Reply { writer in
            if let cursor { write(cursor, to: &writer) } else { writer.field("after", 0) }
            writer.field("max", maximum)
            writer.field("max_bytes", maximumBytes)
            writer.field("wait_ms", waitMilliseconds)
            writer.field("topics", topics)
        }.json
    }

    /// SEEK to the end, the beginning or a time.
    package static func seek(_ place: SeekPlace) -> [UInt8] {
        Reply { writer in
            switch place {
            case .first: writer.field("at", "first")
            case .end: writer.field("at", "end")
            case .time(let milliseconds):
                writer.key("at")
                writer.beginObject()
                writer.field("time_ms", milliseconds)
                writer.endObject()
            }
        }.json
    }

    /// COMMIT of a consumer's position.
    package static func commit(consumer: String, after seq: UInt64) -> [UInt8] {
        Reply { writer in
            writer.field("consumer", consumer)
            writer.field("after", seq)
        }.json
    }

    /// CLAIM, which makes the group on `topics` from the first record on where there is none.
    package static func claim(
        group: String, owner: String, maximum: Int, leaseMilliseconds: Int64, waitMilliseconds: Int64,
        topics: [String], maximumAttempts: Int = 5
    ) -> [UInt8] {
        Reply { writer in
            writer.field("group", group)
            writer.field("owner", owner)
            writer.field("max", maximum)
            writer.field("lease_ms", leaseMilliseconds)
            writer.field("wait_ms", waitMilliseconds)
            writer.key("create")
            writer.beginObject()
            writer.field("topics", topics)
            writer.field("from", "first")
            writer.field("max_attempts", maximumAttempts)
            writer.endObject()
        }.json
    }

    /// DONE, EXTEND, NACK and RELEASE of leases.
    package static func settle(
        group: String, owner: String, seqs: [UInt64], leaseMilliseconds: Int64? = nil, delayMilliseconds: Int64? = nil,
        reason: String? = nil
    ) -> [UInt8] {
        Reply { writer in
            writer.field("group", group)
            writer.field("owner", owner)
            writer.key("seqs")
            writer.beginArray()
            for seq in seqs { writer.integer(seq) }
            writer.endArray()
            writer.field("lease_ms", leaseMilliseconds)
            writer.field("delay_ms", delayMilliseconds)
            writer.field("reason", reason)
        }.json
    }

    /// RELEASE of everything that an owner holds.
    package static func release(group: String, owner: String) -> [UInt8] {
        Reply { writer in
            writer.field("group", group)
            writer.field("owner", owner)
        }.json
    }

    private static func write(_ cursor: Cursor, to writer: inout JSONWriter) {
        writer.field("stream", cursor.stream.description)
        writer.field("epoch", cursor.epoch)
        writer.field("after", cursor.seq)
        if cursor.seq > 0, cursor.timeMilliseconds > 0 { writer.field("time_ms", cursor.timeMilliseconds) }
    }
}

/// A place in a stream to begin at.
package enum SeekPlace: Sendable {
    case first, end
    case time(milliseconds: Int64)
}
