package import Articles
package import Messaging

/// A result of which the last attempt failed.
package struct FailureRow: Sendable {
    /// The place in the list of all failures; the last that failed comes first.
    package var place: FailurePlace
    /// The position of the record that was worked on, with the time of the failure.
    package var position: Position
    package var kind: String
    /// The article's; nil where it is not known.
    package var id: String?
    package var source: String?
    /// Nil also where it is not to be shown.
    package var title: String?
    package var code: String?
    package var reason: String
    package var attempt: Int64
    /// The worker has given the article up.
    package var isDead: Bool
    /// What an operator wants done with it and has not been done yet, and since when; nil where nothing is.
    package var wish: (action: Wish.Action, since: Timestamp)?

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("stream", position.stream.description)
        writer.field("epoch", position.epoch)
        writer.field("seq", position.seq)
        writer.field("id", id)
        writer.field("title", title)
        writer.field("source", source)
        writer.field("code", code)
        writer.field("reason", reason)
        writer.field("attempt", attempt)
        writer.field("dead", isDead)
        writer.field("time", Timestamp(milliseconds: position.timeMilliseconds).description)
        writer.field("wish", wish?.action.rawValue)
        writer.field("wished", wish?.since.description)
        writer.endObject()
    }
}
