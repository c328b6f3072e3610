import Articles
import FoundationEssentials
import Messaging

/// What a worker saves in the transaction of its effects: how far it is in the log, and the results that are not yet known
/// to be stored.
///
/// It is one text. Save the last one, beside what it belongs to, and give it back at the next start: what was applied is not
/// applied again, and what was to be reported is reported, whenever the process ended between.
public struct Checkpoint: Sendable, Equatable, LosslessStringConvertible {
    /// The place in the log whose effects are applied.
    public let cursor: Cursor
    let results: [ResultRecord]

    init(cursor: Cursor, results: [ResultRecord]) {
        self.cursor = cursor
        self.results = results
    }

    private struct Body: Decodable {
        var v: Int
        var cursor: Cursor
        var results: [ResultRecord]
    }

    /// Reads the text; nil where it is not one of a version that is known.
    public init?(_ description: String) {
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(description.utf8)), body.v == 1 else {
            return nil
        }
        cursor = body.cursor
        results = body.results
    }

    /// The text, one JSON object.
    public var description: String {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("cursor", cursor.description)
        writer.key("results")
        writer.beginArray()
        var text = String(decoding: writer.bytes, as: UTF8.self)
        // A result is written once: as the row that is reported.
        text += results.map { String(decoding: $0.encodeRow(), as: UTF8.self) }.joined(separator: ",")
        return text + "]}"
    }
}
