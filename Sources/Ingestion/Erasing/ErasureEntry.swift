package import Articles

/// A line of the ``ErasureBook``: what was erased, when, why, and by whom.
package struct ErasureEntry: Sendable, Equatable, Decodable {
    /// Whoever asked for it, as the tool said.
    package struct Author: Sendable, Equatable, Decodable {
        package var uid: Int
        package var user: String?

        /// Makes an author.
        package init(uid: Int, user: String?) {
            self.uid = uid
            self.user = user
        }
    }

    /// The version of lines that is written, and the latest that is known. A line without one is of the first.
    static let version: Int64 = 1

    /// Counts lines from 1; 0 before it is written.
    package var number: Int64 = 0
    package var time: Timestamp
    package var cause: ErasureCause
    package var reason: String
    package var author: Author?
    /// The contents that were erased by their ids: one of an operator's, those of a batch whose time had come.
    package var ids: [ArticleID] = []
    package var source: String?
    /// Where an article was erased with all of its versions.
    package var uri: String?
    /// The places on the log that were known when it was written.
    package var seqs: [UInt64] = []
    /// The topics of what was erased: there is told of it again, where a log is restored that does not know of it.
    package var topics: [String] = []

    /// What an operator erased; nil for what time did, which does it again by itself.
    package var subject: ErasureSubject? {
        cause == .operator ? ErasureSubject(id: ids.first, source: source, uri: uri) : nil
    }

    enum CodingKeys: String, CodingKey {
        case time, cause, reason, author, ids, source, uri, seqs, topics
        case number = "n"
    }

    /// Makes an entry.
    package init(time: Timestamp, cause: ErasureCause, reason: String) {
        self.time = time
        self.cause = cause
        self.reason = reason
    }

    /// Reads a line.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        number = try members.decode(Int64.self, forKey: .number)
        time = try members.decode(Timestamp.self, forKey: .time)
        cause = try members.decode(ErasureCause.self, forKey: .cause)
        reason = try members.decode(String.self, forKey: .reason)
        author = try members.decodeIfPresent(Author.self, forKey: .author)
        ids = try members.decodeIfPresent([ArticleID].self, forKey: .ids) ?? []
        source = try members.decodeIfPresent(String.self, forKey: .source)
        uri = try members.decodeIfPresent(String.self, forKey: .uri)
        seqs = try members.decodeIfPresent([UInt64].self, forKey: .seqs) ?? []
        topics = try members.decodeIfPresent([String].self, forKey: .topics) ?? []
    }

    /// The line, without its end.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 400)
        writer.beginObject()
        writer.field("v", ErasureEntry.version)
        writer.field("n", number)
        writer.field("time", time.description)
        writer.field("cause", cause.rawValue)
        writer.field("reason", reason)
        if let author {
            writer.key("author")
            writer.beginObject()
            writer.field("uid", author.uid)
            writer.field("user", author.user)
            writer.endObject()
        }
        writer.field("ids", ids.map(\.description))
        writer.field("source", source)
        writer.field("uri", uri)
        if !seqs.isEmpty { writer.array("seqs", seqs) }
        writer.field("topics", topics)
        writer.endObject()
        return writer.bytes
    }
}
