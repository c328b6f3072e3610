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

    /// The 40 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "D"), UInt8(ascii: "W"), 1, kind.rawValue]
        bytes.reserveCapacity(PositionFrame.size)
        withUnsafeBytes(of: position.epoch.bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: position.stream.bytes)
        withUnsafeBytes(of: position.seq.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: position.timeMilliseconds.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Reads a frame; nil where it is none, or of another version or an unknown kind.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == PositionFrame.size, bytes[0] == UInt8(ascii: "D"), bytes[1] == UInt8(ascii: "W"),
            bytes[2] == 1, let kind = Kind(rawValue: bytes[3]), let stream = StreamID(bytes: bytes[8..<24])
        else { return nil }
        func integer(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        self.kind = kind
        position = Position(
            stream: stream, epoch: UInt32(integer(4..<8)), seq: integer(24..<32),
            timeMilliseconds: Int64(bitPattern: integer(32..<40)))
    }
}
