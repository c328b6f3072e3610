/// The `file` record: what became of one dropped file. It closes the file's articles on the log, but for those that are
/// held: a second record closes these.
public struct FileRecord: Sendable, Equatable, Decodable {
    /// A part of the file that gave no article.
    public struct Failure: Sendable, Equatable, Codable {
        /// Its place in the file, from 1.
        public var part: Int
        /// The member's path, where the file is a container.
        public var member: String?
        /// The word for what was wrong with it.
        public var code: String
        /// A sentence for people.
        public var message: String

        package init(part: Int, member: String? = nil, code: String, message: String) {
            self.part = part
            self.member = member
            self.code = code
            self.message = message
        }
    }

    /// How many failed parts are listed; all of them are counted.
    package static let listedFailures = 100

    /// The drop directory's source.
    public var source: String
    /// The path relative to the drop directory; bytes that are not UTF-8 are replaced here (see `pathBytes`).
    public var path: String
    /// The path's own bytes in hexadecimal, where they are not UTF-8.
    public var pathBytes: String?
    /// The drop directory.
    public var directory: String
    /// What became of it.
    public var outcome: FileOutcome
    /// Why: one of the codes that `Outcomes` explains, or a word of a newer version.
    public var code: String
    /// A sentence for people, where there is something to say.
    public var message: String?
    /// SHA-256 of the content, where it was read.
    public var sha256: String?
    /// The file's size.
    public var bytes: Int
    /// The format that read it, where one did.
    public var format: String?
    /// The number of articles that it gave.
    public var articles: Int
    /// The number of parts that gave none.
    public var failedParts: Int
    /// The first of them, at most 100; nil where there are none.
    public var failed: [Failure]?
    /// How many files a partial file left in the quarantine: failed parts, each as `<path>#<part>`, and itself where it is kept
    /// whole. Nil in records of older versions.
    public var inQuarantine: Int?
    /// The sequence number of its first article on this log.
    public var firstSeq: UInt64?
    /// The sequence number of its last article on this log.
    public var lastSeq: UInt64?
    /// The id of its first article.
    public var articleID: ArticleID?
    /// How many of its articles are held; only of ``FileOutcome/held``.
    public var held: Int?
    /// When the last of the held articles is due.
    public var heldUntil: Timestamp?
    /// The sequence number of the record that told that articles of it are held, where this one follows it.
    public var heldSeq: UInt64?
    /// How many held articles were never published, since a kill or another version came before their release.
    public var superseded: Int?
    /// How many held articles an operator released before their time.
    public var releasedEarly: Int?
    /// The path that brought the same content first, for a duplicate.
    public var duplicateOf: String?
    /// The paths of its markers and sidecars, which go where it goes.
    public var companions: [String]?
    /// When the file was read.
    public var received: Timestamp

    enum CodingKeys: String, CodingKey {
        case source, path, directory, outcome, code, message, sha256, bytes, format, articles, failed, held,
            superseded, companions, received
        case pathBytes = "path_bytes"
        case failedParts = "failed_parts"
        case inQuarantine = "in_quarantine"
        case firstSeq = "first_seq"
        case lastSeq = "last_seq"
        case articleID = "article_id"
        case heldUntil = "held_until"
        case heldSeq = "held_seq"
        case releasedEarly = "released_early"
        case duplicateOf = "duplicate_of"
    }

    package init(
        source: String, path: String, directory: String, outcome: FileOutcome, code: ReasonCode, message: String? = nil,
        bytes: Int, received: Timestamp
    ) {
        self.source = source
        self.path = path
        self.directory = directory
        self.outcome = outcome
        self.code = code.rawValue
        self.message = message
        self.bytes = bytes
        self.received = received
        self.articles = 0
        self.failedParts = 0
    }

    /// Returns the record's bytes.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 400)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "file")
        writer.field("source", source)
        writer.field("path", path)
        writer.field("path_bytes", pathBytes)
        writer.field("directory", directory)
        writer.field("outcome", outcome.rawValue)
        writer.field("code", code)
        writer.field("message", message)
        writer.field("sha256", sha256)
        writer.field("bytes", bytes)
        writer.field("format", format)
        writer.field("articles", articles)
        writer.field("failed_parts", failedParts)
        writer.field("in_quarantine", inQuarantine)
        if let failed {
            writer.key("failed")
            writer.beginArray()
            for failure in failed {
                writer.beginObject()
                writer.field("part", failure.part)
                writer.field("member", failure.member)
                writer.field("code", failure.code)
                writer.field("message", failure.message)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.field("first_seq", firstSeq)
        writer.field("last_seq", lastSeq)
        writer.field("article_id", articleID?.description)
        writer.field("held", held)
        writer.field("held_until", heldUntil?.description)
        writer.field("held_seq", heldSeq)
        writer.field("superseded", superseded)
        writer.field("released_early", releasedEarly)
        writer.field("duplicate_of", duplicateOf)
        writer.field("companions", companions ?? [])
        writer.field("received", received.description)
        writer.endObject()
        return writer.bytes
    }
}
