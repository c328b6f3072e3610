import FoundationEssentials

/// The `result` record: what one worker made of one record of a stream.
public struct ResultRecord: Sendable, Equatable, Decodable {
    /// How the work ended.
    public enum Outcome: String, Sendable, Codable {
        /// The work is done.
        case ok
        /// An attempt failed; `reason` says why.
        case failed
        /// There was nothing to do; `reason` says why.
        case skipped
    }

    /// The stream that the worked record stands in, a UUID's text.
    public var stream: String
    /// The epoch of its position.
    public var epoch: UInt32
    /// Its sequence number.
    public var seq: UInt64
    /// The worker's kind, for example `deduplicate`.
    public var kind: String
    /// The worker's configured generation: a higher one replaces the results of a lower one.
    public var generation: Int
    /// The attempt that ended, from 1.
    public var attempt: Int
    /// How the work ended.
    public var status: Outcome
    /// When the work ended, milliseconds since 1970.
    public var timeMilliseconds: Int64
    /// The article's id.
    public var articleID: ArticleID?
    /// What was found, by kind; for a failure `{"reason": …}`.
    public var data: JSONValue

    enum CodingKeys: String, CodingKey {
        case stream, epoch, seq, kind, attempt, status, data
        case timeMilliseconds = "time_ms"
        case generation = "gen"
        case articleID = "id"
    }

    package init(
        stream: String, epoch: UInt32, seq: UInt64, kind: String, generation: Int, attempt: Int, status: Outcome,
        timeMilliseconds: Int64, articleID: ArticleID?, data: JSONValue
    ) {
        self.stream = stream
        self.epoch = epoch
        self.seq = seq
        self.kind = kind
        self.generation = generation
        self.attempt = attempt
        self.status = status
        self.timeMilliseconds = timeMilliseconds
        self.articleID = articleID
        self.data = data
    }

    /// Leaves out what has words of its article: a summary has, and nobody knows what a worker of others' has.
    package mutating func removeWords() { data = ResultRecord.withoutWords(data) }

    /// Returns what of a result's `data` has none of its article's words.
    package static func withoutWords(_ data: JSONValue) -> JSONValue {
        .object(
            wordless.reduce(into: [:]) { members, name in if let value = data[name] { members[name] = value } })
    }

    private static let wordless = [
        "verdict", "first", "first_seq", "first_stream", "story", "merged_stories", "similarity", "containment", "late",
        "warning", "action", "words", "reason", "dead",
    ]

    /// Returns a record without what has words of its article; what is none stays as it is.
    package static func withoutWords(_ record: [UInt8]) -> [UInt8] {
        guard var result = try? JSONDecoder().decode(ResultRecord.self, from: Data(record)) else { return record }
        result.removeWords()
        return result.encodeRecord()
    }

    /// Returns the record's bytes; the same object travels in REPORT.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "result")
        writer.field("kind", kind)
        writer.field("stream", stream)
        writer.field("epoch", epoch)
        writer.field("seq", seq)
        writer.field("gen", generation)
        writer.field("attempt", attempt)
        writer.field("status", status.rawValue)
        writer.field("time_ms", timeMilliseconds)
        writer.field("id", articleID?.description)
        writer.key("data")
        data.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}
