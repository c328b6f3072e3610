import Articles
import Messaging

/// A place in a stream as a command line names it.
enum NamedPlace: Sendable, Equatable {
    /// Before the oldest record that is there.
    case first
    /// Behind the last record.
    case end
    /// A record, by its sequence number.
    case seq(UInt64)
    /// The records that were committed from then on, in milliseconds since 1970.
    case time(Int64)
    /// Where a consumer stopped.
    case cursor(Cursor)

    /// What may be written, for help texts.
    static let forms = "SEQ|TIME|CURSOR"

    /// Reads `first`, `end`, a sequence number, a time or the text of a cursor.
    ///
    /// - Parameter option: the option that it stands behind, for the error.
    init(_ text: String, option: String) throws(UsageError) {
        if text == "first" {
            self = .first
        } else if text == "end" {
            self = .end
        } else if let seq = UInt64(text) {
            self = .seq(seq)
        } else if let cursor = Cursor(text) {
            self = .cursor(cursor)
        } else if let time = Timestamp(text) ?? Timestamp(text + "T00:00:00Z") {
            self = .time(time.milliseconds)
        } else {
            throw UsageError(
                "\(option) is first, end, a sequence number, a time as 2025-02-26T03:27:00Z, or a cursor as "
                    + "dw1:STREAM:EPOCH:SEQ:TIME, not '\(JSONText.terminalSafe(text))'")
        }
    }

    /// Returns the cursor after which the records from this place on come.
    func start(_ client: CommandClient) throws -> Cursor {
        switch self {
        case .first: return try NamedPlace.seek(.first, client)
        case .end: return try NamedPlace.seek(.end, client)
        case .time(let milliseconds): return try NamedPlace.seek(.time(milliseconds: milliseconds), client)
        case .cursor(let cursor): return cursor
        case .seq(let seq):
            var cursor = try NamedPlace.seek(.first, client)
            cursor.seq = max(seq, 1) - 1
            cursor.timeMilliseconds = 0
            return cursor
        }
    }

    /// Asks the log for the cursor of a place.
    static func seek(_ place: SeekPlace, _ client: CommandClient) throws -> Cursor {
        try client.request("SEEK", json: LogRequests.seek(place)).decode(Cursor.self)
    }
}
