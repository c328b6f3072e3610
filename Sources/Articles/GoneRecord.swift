/// The `gone` record: an article was erased, and whoever has its words is to remove them.
///
/// It stands in the place of each record that was erased, and once more at the end of the log, for those who had read that
/// place before. It has nothing of the article's words.
public struct GoneRecord: Sendable, Equatable, Decodable {
    /// The content that is erased; where there is a ``uri``, one of those.
    public var id: ArticleID?
    /// The article's source.
    public var source: String?
    /// Only where the article is erased with all of its versions.
    public var uri: String?
    /// What the erasure came of.
    public var cause: ErasureCause
    /// Why, for people.
    public var reason: String
    /// When it was erased.
    public var erased: Timestamp
    /// Where its records stood on this log, at most 1000 of them; only at the end of the log, and none where
    /// retention had taken them before.
    public var seqs: [UInt64]

    /// So many places are listed.
    package static let listedPlaces = 1000

    /// What is erased; nil for a record that does not say so.
    public var subject: ErasureSubject? { ErasureSubject(id: id, source: source, uri: uri) }

    enum CodingKeys: String, CodingKey { case id, source, uri, cause, reason, erased, seqs }

    /// Makes a record of an erasure.
    package init(
        _ subject: ErasureSubject, id: ArticleID? = nil, source: String? = nil, cause: ErasureCause, reason: String,
        erased: Timestamp, seqs: [UInt64] = []
    ) {
        switch subject {
        case .article(let subject):
            self.id = subject
            self.source = source
        case .versions(let source, let uri):
            self.id = id
            self.source = source
            self.uri = uri
        }
        self.cause = cause
        self.reason = reason
        self.erased = erased
        self.seqs = Array(seqs.prefix(GoneRecord.listedPlaces))
    }

    /// Reads a record; one of an older version says neither the cause nor when.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decodeIfPresent(ArticleID.self, forKey: .id)
        source = try members.decodeIfPresent(String.self, forKey: .source)
        uri = try members.decodeIfPresent(String.self, forKey: .uri)
        cause = try members.decodeIfPresent(ErasureCause.self, forKey: .cause) ?? .operator
        reason = try members.decodeIfPresent(String.self, forKey: .reason) ?? ""
        erased = try members.decodeIfPresent(Timestamp.self, forKey: .erased) ?? Timestamp(milliseconds: 0)
        seqs = try members.decodeIfPresent([UInt64].self, forKey: .seqs) ?? []
    }

    /// Returns the record's bytes.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 300)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "gone")
        writer.field("id", id?.description)
        writer.field("source", source)
        writer.field("uri", uri)
        writer.field("cause", cause.rawValue)
        writer.field("reason", reason)
        writer.field("erased", erased.description)
        if !seqs.isEmpty { writer.array("seqs", seqs) }
        writer.endObject()
        return writer.bytes
    }
}
