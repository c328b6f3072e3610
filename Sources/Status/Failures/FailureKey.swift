package import Articles
package import Messaging

/// What names a failure: the kind of the worker that failed, and where the record of its article stands.
package struct FailureKey: Sendable, Hashable {
    package var kind: String
    package var stream: StreamID
    package var epoch: UInt32
    package var seq: UInt64

    /// Makes a key.
    package init(kind: String, stream: StreamID, epoch: UInt32, seq: UInt64) {
        self.kind = kind
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
    }

    /// Numbers and the kind are such as a result may have.
    var isPossible: Bool { Topic.isPart(kind) && epoch >= 1 && (1...UInt64(1 << 53 - 1)).contains(seq) }

    /// Writes its members.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.field("kind", kind)
        writer.field("stream", stream.description)
        writer.field("epoch", epoch)
        writer.field("seq", seq)
    }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }
}

extension FailureKey: Decodable {
    enum CodingKeys: CodingKey { case kind, stream, epoch, seq }
}

extension FailureKey: LosslessStringConvertible {
    /// `KIND/STREAM/EPOCH/SEQ`, as command lines and forms have it.
    package var description: String { "\(kind)/\(stream)/\(epoch)/\(seq)" }

    /// Reads the text; nil where it is none.
    package init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, let stream = StreamID(parts[1]), let epoch = UInt32(parts[2]),
            let seq = UInt64(parts[3])
        else { return nil }
        self.init(kind: parts[0], stream: stream, epoch: epoch, seq: seq)
        guard isPossible else { return nil }
    }
}
