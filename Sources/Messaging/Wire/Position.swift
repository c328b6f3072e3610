/// The place of a record: its stream, the stream's epoch, its sequence number and the time of its commit.
package struct Position: Sendable, Hashable {
    package var stream: StreamID
    /// From 1; changed only by an operator who restores a log.
    package var epoch: UInt32
    /// From 1, without holes.
    package var seq: UInt64
    /// Milliseconds since 1970.
    package var timeMilliseconds: Int64

    /// Makes a position.
    package init(stream: StreamID, epoch: UInt32, seq: UInt64, timeMilliseconds: Int64) {
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
        self.timeMilliseconds = timeMilliseconds
    }

    /// The cursor of a consumer that has committed the effect of this record.
    package var cursor: Cursor {
        Cursor(stream: stream, epoch: epoch, seq: seq, timeMilliseconds: timeMilliseconds)
    }
}

/// The position frame of DW1: 40 bytes, big-endian.
///
/// `"DW"`, version 1, kind, epoch (u32), stream (16 bytes), seq (u64), time in milliseconds (i64).
package struct PositionFrame: Sendable, Equatable {
    /// What the message is; a receiver ignores kinds that it does not know.
    package enum Kind: UInt8, Sendable {
        /// A record follows.
        case record = 1
        /// The stream's last durable sequence number.
        case head = 2
        /// The server says good-bye.
        case bye = 3
        /// A record too large for the feed: FETCH it.
        case reference = 4
    }

    /// The number of bytes of the frame.
    package static let size = 40

    package var kind: Kind
    package var position: Position

    /// Makes a frame.
    package init(kind: Kind, position: Position) {
        self.kind = kind
        self.position = position
    }

    /// The 40 bytes, without an array of them: a reply has a frame a record.
    package var block: [40 of UInt8] {
        var block = [40 of UInt8](repeating: 0)
        func put(_ value: UInt64, _ count: Int, at start: Int) {
            for index in 0..<count {
                block[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - index)))
            }
        }
        block[0] = UInt8(ascii: "D")
        block[1] = UInt8(ascii: "W")
        block[2] = 1
        block[3] = kind.rawValue
        put(UInt64(position.epoch), 4, at: 4)
        put(position.stream.high, 8, at: 8)
        put(position.stream.low, 8, at: 16)
        put(position.seq, 8, at: 24)
        put(UInt64(bitPattern: position.timeMilliseconds), 8, at: 32)
        return block
    }

    /// The 40 bytes.
    package var bytes: [UInt8] {
        let block = block
        return Array(capacity: PositionFrame.size) { output in
            for index in block.indices { output.append(block[index]) }
        }
    }

    /// Reads a frame; nil where it is none, or of another version or an unknown kind.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == PositionFrame.size, bytes[0] == UInt8(ascii: "D"), bytes[1] == UInt8(ascii: "W"),
            bytes[2] == 1, let kind = Kind(rawValue: bytes[3])
        else { return nil }
        func integer(_ start: Int, _ count: Int) -> UInt64 {
            var value: UInt64 = 0
            for index in start..<start + count { value = value << 8 | UInt64(bytes[index]) }
            return value
        }
        self.kind = kind
        position = Position(
            stream: StreamID(high: integer(8, 8), low: integer(16, 8)), epoch: UInt32(integer(4, 4)),
            seq: integer(24, 8), timeMilliseconds: Int64(bitPattern: integer(32, 8)))
    }
}
