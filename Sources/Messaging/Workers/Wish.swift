package import Articles

/// What an operator wants done with a failure, as the status service tells it to whoever can do it, until a result says
/// what came of it.
package struct Wish: Sendable, Equatable {
    /// What is to be done.
    package enum Action: String, Sendable, Codable, CaseIterable {
        /// Another round of attempts, as if the article had never failed.
        case retry
        /// No more attempts: the failure is settled as one that was discarded.
        case discard
    }

    package var action: Action
    /// Where the failed article's record stands.
    package var stream: StreamID
    package var epoch: UInt32
    package var seq: UInt64
    /// The article's id, where it is known.
    package var articleID: ArticleID?
    /// Who wants it, as far as that is known.
    package var by: String?

    /// Makes a wish.
    package init(
        _ action: Action, stream: StreamID, epoch: UInt32, seq: UInt64, articleID: ArticleID? = nil, by: String? = nil
    ) {
        self.action = action
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
        self.articleID = articleID
        self.by = by
    }

    /// The most wishes in the answer to one HEARTBEAT.
    package static let limit = 100

    /// The record's place; when it was committed is not told.
    var position: Position { Position(stream: stream, epoch: epoch, seq: seq, timeMilliseconds: 0) }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("action", action.rawValue)
        writer.field("stream", stream.description)
        writer.field("epoch", epoch)
        writer.field("seq", seq)
        writer.field("id", articleID?.description)
        writer.field("by", by)
        writer.endObject()
    }
}

extension Wish: Decodable {
    enum CodingKeys: String, CodingKey {
        case action, stream, epoch, seq, by
        case articleID = "id"
    }
}

/// The answer to HEARTBEAT.
struct HeartbeatAnswer: Decodable {
    /// A wish, or what a later version may want that is not known here.
    private struct Entry: Decodable {
        var wish: Wish?
        init(from decoder: any Decoder) throws { wish = try? Wish(from: decoder) }
    }

    /// What of the process is wanted.
    let wishes: [Wish]

    enum CodingKeys: CodingKey { case wishes }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let entries = try members.decodeIfPresent([Entry].self, forKey: .wishes) ?? []
        wishes = entries.prefix(Wish.limit).compactMap(\.wish).filter { $0.seq <= UInt64(Int64.max) }
    }
}
