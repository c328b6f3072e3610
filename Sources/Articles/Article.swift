/// A news article as it stands in an `article` record, in the spirit of IPTC ninjs.
///
/// Absent is absent: an optional is nil and a list is empty where the publisher said nothing. The consumers' replacement
/// key is (``source``, ``uri``), or ``id`` where there is no uri.
public struct Article: Sendable, Equatable {
    /// What the article mainly is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// As IPTC's ninjs has it.
        case text, picture, graphic, audio, video, composite, event, planning
    }

    /// Whether it may be shown.
    public enum PubStatus: String, Sendable, Codable, CaseIterable {
        /// It may be shown.
        case usable
        /// It may not be shown for now.
        case withheld
        /// It is withdrawn for ever.
        case canceled
    }

    /// A relation to another article.
    public struct Link: Sendable, Equatable, Codable {
        /// The relation, for example `derivedFrom`.
        public var rel: String
        /// The publisher's name of the other article.
        public var uri: String
        /// Its version.
        public var version: String?

        /// Makes a relation.
        public init(rel: String, uri: String, version: String? = nil) {
            self.rel = rel
            self.uri = uri
            self.version = version
        }
    }

    /// A person, organisation, place or subject.
    public struct Concept: Sendable, Equatable, Codable {
        /// The name as it is shown.
        public var name: String
        /// The concept's URI or code.
        public var uri: String?
        /// The vocabulary that the code is from.
        public var scheme: String?
        /// 0 to 1.
        public var relevance: Double?

        /// Makes a concept.
        public init(name: String, uri: String? = nil, scheme: String? = nil, relevance: Double? = nil) {
            self.name = name
            self.uri = uri
            self.scheme = scheme
            self.relevance = relevance
        }
    }

    /// A picture, recording or document that belongs to the article.
    public struct Media: Sendable, Equatable, Codable {
        /// Where it lies.
        public var href: String
        /// Its media type, for example `image/jpeg`.
        public var contentType: String?
        /// What is said below it.
        public var caption: String?
        /// Who is to be named with it.
        public var credit: String?
        /// What may be done with it.
        public var usageTerms: String?

        /// Makes a medium.
        public init(
            href: String, contentType: String? = nil, caption: String? = nil, credit: String? = nil,
            usageTerms: String? = nil
        ) {
            self.href = href
            self.contentType = contentType
            self.caption = caption
            self.credit = credit
            self.usageTerms = usageTerms
        }

        enum CodingKeys: String, CodingKey {
            case href, caption, credit
            case contentType = "content_type"
            case usageTerms = "usage_terms"
        }
    }

    /// How the article came in.
    public struct Ingest: Sendable, Equatable, Codable {
        /// The file's path, relative to its drop directory.
        public var path: String
        /// The member's path, where the file is a container.
        public var member: String?
        /// SHA-256 of the whole file, hexadecimal.
        public var sha256: String
        /// The article's place in its file, from 1.
        public var part: Int
        /// The file's size.
        public var bytes: Int
        /// The format that read it, for example `native`.
        public var format: String
        /// The encoding it was read in, for example `utf-8`.
        public var encoding: String
        /// When the file was read.
        public var received: Timestamp
        /// How sure the language is, 0 to 1, where nothing said it and it was detected.
        public var languageConfidence: Double?
        /// What was doubtful.
        public var warnings: [String]

        /// Makes the description of how an article came in.
        public init(
            path: String, sha256: String, part: Int, bytes: Int, format: String, encoding: String, received: Timestamp,
            warnings: [String] = []
        ) {
            self.path = path
            self.sha256 = sha256
            self.part = part
            self.bytes = bytes
            self.format = format
            self.encoding = encoding
            self.received = received
            self.warnings = warnings
        }

        enum CodingKeys: String, CodingKey {
            case path, member, sha256, part, bytes, format, encoding, received, warnings
            case languageConfidence = "language_confidence"
        }

        /// Reads it; where nothing was doubtful there are no warnings.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            path = try container.decode(String.self, forKey: .path)
            member = try container.decodeIfPresent(String.self, forKey: .member)
            sha256 = try container.decode(String.self, forKey: .sha256)
            part = try container.decode(Int.self, forKey: .part)
            bytes = try container.decode(Int.self, forKey: .bytes)
            format = try container.decode(String.self, forKey: .format)
            encoding = try container.decode(String.self, forKey: .encoding)
            received = try container.decode(Timestamp.self, forKey: .received)
            languageConfidence = try container.decodeIfPresent(Double.self, forKey: .languageConfidence)
            warnings = try container.decodeIfPresent([String].self, forKey: .warnings) ?? []
        }
    }

    // MARK: Identity
    /// The content-derived name; see ``ArticleID``.
    public var id: ArticleID
    /// Who published it, as its drop directory or its publisher says.
    public var source: String
    /// The publisher's name of the article, the same for all of its versions.
    public var uri: String?
    /// The publisher's version of it.
    public var version: String?
    /// Other names that it came with.
    public var alternateIDs: [String] = []
    /// What it mainly is.
    public var kind = Kind.text
    /// Whether it may be shown.
    public var pubStatus = PubStatus.usable
    /// What its publisher signals, such as `correction`, `update` or `alert`.
    public var signals: [String] = []
    /// What is said to editors, not to readers.
    public var editorialNote: String?
    /// Other articles that it stands in a relation to.
    public var links: [Link] = []

    // MARK: Words
    /// The headline.
    public var title: String?
    /// The line below the headline.
    public var subtitle: String?
    /// The words that a desk knows it by.
    public var slugline: String?
    /// The article in a few sentences, in the publisher's words.
    public var abstract: String?
    /// The names of those who wrote it.
    public var bylines: [String] = []
    /// Where and when it was written, as it says.
    public var dateline: String?
    /// Plain text, paragraphs parted by a blank line.
    public var body: String?
    /// Sanitized markup, where there was markup.
    public var bodyHTML: String?
    /// BCP 47, or `und`.
    public var language: String
    /// The publisher's section.
    public var section: String?
    /// What kind of text it is, for example `analysis`.
    public var genres: [String] = []
    /// The publisher's keywords.
    public var keywords: [String] = []
    /// The people that it is about.
    public var people: [Concept] = []
    /// The organisations that it is about.
    public var organisations: [Concept] = []
    /// The places that it is about.
    public var places: [Concept] = []
    /// What it is about, by code or word.
    public var subjects: [Concept] = []
    /// Pictures, recordings and documents that belong to it.
    public var media: [Media] = []

    // MARK: Time
    /// When it was published.
    public var published: Timestamp?
    /// That moment as the publisher wrote it.
    public var publishedRaw: String?
    /// The zone that was assumed, where the publisher named none.
    public var assumedTimeZone: String?
    /// When it was changed last.
    public var updated: Timestamp?
    /// When it was written first.
    public var created: Timestamp?
    /// Before this moment it may not be shown.
    public var embargoedUntil: Timestamp?
    /// After this moment it may not be shown.
    public var expires: Timestamp?
    /// 1 (most urgent) to 9.
    public var urgency: Int?

    // MARK: Rights
    /// Who is to be named.
    public var credit: String?
    /// Whose it is.
    public var copyright: String?
    /// What may be done with it.
    public var usageTerms: String?
    /// Who the information is from.
    public var infoSources: [String] = []
    /// Where it can be read on the web.
    public var url: String?

    /// What a sidecar or an unmapped field brought.
    public var ext: [String: JSONValue] = [:]
    /// How it came in.
    public var ingest: Ingest

    /// Makes an article of a source; its id must be derived with ``deriveID()`` once its fields are set.
    public init(source: String, language: String, ingest: Ingest) {
        self.id = ArticleID(source: source, uri: nil, version: nil, title: nil, published: nil, body: nil)
        self.source = source
        self.language = language
        self.ingest = ingest
    }

    /// Sets ``id`` from the fields that it is derived from.
    public mutating func deriveID() {
        id = ArticleID(
            source: source, uri: uri, version: version, title: title, published: published?.description, body: body)
    }

    /// What replaces what: equal keys are versions of one article.
    public var replacementKey: String { Article.replacementKey(source: source, uri: uri, id: id) }

    /// Returns what replaces what, of an article whose identity is known.
    public static func replacementKey(source: String, uri: String?, id: ArticleID) -> String {
        uri.map { "\(source)\u{1f}\($0)" } ?? id.description
    }
}
