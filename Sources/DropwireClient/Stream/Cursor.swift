import Messaging

/// A place in a stream: the last record whose effect is committed. It is what a consumer keeps.
///
/// Keep its text beside the effect, in the same transaction, and nothing is lost or done twice whatever ends.
public struct Cursor: Sendable, Hashable, LosslessStringConvertible, Codable {
    let wire: Messaging.Cursor

    init(_ wire: Messaging.Cursor) { self.wire = wire }

    /// The place right before a record.
    init(before position: Position) {
        wire = Messaging.Cursor(
            stream: position.wire.stream, epoch: position.wire.epoch, seq: max(position.seq, 1) - 1,
            timeMilliseconds: 0)
    }

    /// Reads the text form; nil where it is not one.
    public init?(_ description: String) {
        guard let wire = Messaging.Cursor(description) else { return nil }
        self.wire = wire
    }

    /// The text form, `dw1:<uuid>:<epoch>:<seq>:<time_ms>`: the same in every language, and for `dropwire tail --from`.
    public var description: String { wire.description }

    /// The stream, a UUID's text.
    public var stream: String { wire.stream.description }
    /// The sequence number of the last record before the place; 0 at the beginning.
    public var seq: UInt64 { wire.seq }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let cursor = Cursor(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no cursor"))
        }
        self = cursor
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
