/// The last position whose effect a consumer has committed. Seq 0 is before the first record.
package struct Cursor: Sendable, Hashable, Decodable, CustomStringConvertible {
    package var stream: StreamID
    package var epoch: UInt32
    package var seq: UInt64
    /// The commit time of the record at `seq`, which tells a replaced log from the one that was read.
    package var timeMilliseconds: Int64

    enum CodingKeys: String, CodingKey {
        case stream, epoch
        case seq = "after"
        case timeMilliseconds = "time_ms"
    }

    /// Makes a cursor.
    package init(stream: StreamID, epoch: UInt32, seq: UInt64, timeMilliseconds: Int64) {
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
        self.timeMilliseconds = timeMilliseconds
    }

    /// Reads the text form `dw1:<uuid>:<epoch>:<seq>:<time_ms>`; nil where it is not one.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "dw1", let stream = StreamID(parts[1]), let epoch = UInt32(parts[2]),
            let seq = UInt64(parts[3]), let time = Int64(parts[4])
        else { return nil }
        self.init(stream: stream, epoch: epoch, seq: seq, timeMilliseconds: time)
        // One cursor has one text: no signs and no leading zeros.
        guard description == text.lowercased() else { return nil }
    }

    /// The text form `dw1:<uuid>:<epoch>:<seq>:<time_ms>`.
    package var description: String { "dw1:\(stream):\(epoch):\(seq):\(timeMilliseconds)" }
}

extension Cursor: PlainDecodable {
    init?(plain reader: inout PlainReader) {
        var (stream, epoch, seq, time) = (String?.none, UInt32?.none, UInt64?.none, Int64?.none)
        let isRead = reader.object { reader in
            if reader.isNamed("stream") { return reader.string(into: &stream) }
            if reader.isNamed("epoch") { return reader.integer(into: &epoch) }
            if reader.isNamed("after") { return reader.integer(into: &seq) }
            return reader.isNamed("time_ms") && reader.integer(into: &time)
        }
        guard isRead, let stream = stream.flatMap({ StreamID($0) }), let epoch, let seq, let time else { return nil }
        self.init(stream: stream, epoch: epoch, seq: seq, timeMilliseconds: time)
    }
}
