/// A news article as it stands in an `article` record, in the spirit of IPTC ninjs.
///
/// Absent is absent: an optional is nil and a list is empty where the publisher said nothing. The consumers' replacement
/// key is (``source``, ``uri``), or ``id`` where there is no uri.
package struct Article: Sendable, Equatable {
    /// What the article mainly is.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case text, picture, graphic, audio, video, composite, event, planning
    }

    /// Whether it may be shown.
    package enum PubStatus: String, Sendable, Codable, CaseIterable {
        case usable, withheld, canceled
    }

    /// A relation to another article.
    package struct Link: Sendable, Equatable, Codable {
        /// The relation, for example `derivedFrom`.
        package var rel: String
        /// The publisher's name of the other article.
        package var uri: String
        /// Its version.
        package var version: String?

        /// Makes a relation.
        package init(rel: String, uri: String, version: String? = nil) {
            self.rel = rel
            self.uri = uri
            self.version = version
        }
    }

    /// A person, organisation, place or subject.
    package struct Concept: Sendable, Equatable, Codable {
        /// The name as it is shown.
        package var name: String
        /// The concept's URI or code.
        package var uri: String?
        /// The vocabulary that the code is from.
        package var scheme: String?
        /// 0 to 1.
        package var relevance: Double?

        /// Makes a concept.
        package init(name: String, uri: String? = nil, scheme: String? = nil, relevance: Double? = nil) {
            self.name = name
            self.uri = uri
            self.scheme = scheme
            self.relevance = relevance
        }
    }

    /// A picture, recording or document that belongs to the article.
    package struct Media: Sendable, Equatable, Codable {
        package var href: String
        package var contentType: String?
        package var caption: String?
        package var credit: String?
        package var usageTerms: String?

        /// Makes a medium.
        package init(
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
    package struct Ingest: Sendable, Equatable, Codable {
        /// The file's path, relative to its drop directory.
        package var path: String
        /// The member's path, where the file is a container.
        package var member: String?
        /// SHA-256 of the whole file, hexadecimal.
        package var sha256: String
        /// The article's place in its file, from 1.
        package var part: Int
        /// The file's size.
        package var bytes: Int
        /// The format that read it, for example `native`.
        package var format: String
        /// The encoding it was read in, for example `utf-8`.
        package var encoding: String
        /// When the file was read.
        package var received: Timestamp
        /// How sure the language is, 0 to 1, where nothing said it and it was detected.
        package var languageConfidence: Double?
        /// What was doubtful.
        package var warnings: [String]

        package init(
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

        package init(from decoder: any Decoder) throws {
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
    package var id: ArticleID
    package var source: String
    package var uri: String?
    package var version: String?
    package var alternateIDs: [String] = []
    package var kind = Kind.text
    package var pubStatus = PubStatus.usable
    package var signals: [String] = []
    package var editorialNote: String?
    package var links: [Link] = []

    // MARK: Words
    package var title: String?
    package var subtitle: String?
    package var slugline: String?
    package var abstract: String?
    package var bylines: [String] = []
    package var dateline: String?
    /// Plain text, paragraphs parted by a blank line.
    package var body: String?
    /// Sanitized markup, where there was markup.
    package var bodyHTML: String?
    /// BCP 47, or `und`.
    package var language: String
    package var section: String?
    package var genres: [String] = []
    package var keywords: [String] = []
    package var people: [Concept] = []
    package var organisations: [Concept] = []
    package var places: [Concept] = []
    package var subjects: [Concept] = []
    package var media: [Media] = []

    // MARK: Time
    package var published: Timestamp?
    package var publishedRaw: String?
    /// The zone that was assumed, where the publisher named none.
    package var assumedTimeZone: String?
    package var updated: Timestamp?
    package var created: Timestamp?
    package var embargoedUntil: Timestamp?
    package var expires: Timestamp?
    /// 1 (most urgent) to 9.
    package var urgency: Int?

    // MARK: Rights
    package var credit: String?
    package var copyright: String?
    package var usageTerms: String?
    package var infoSources: [String] = []
    package var url: String?

    /// What a sidecar or an unmapped field brought.
    package var ext: [String: JSONValue] = [:]
    package var ingest: Ingest

    /// Makes an article of a source; its id must be derived with ``deriveID()`` once its fields are set.
    package init(source: String, language: String, ingest: Ingest) {
        self.id = ArticleID(source: source, uri: nil, version: nil, title: nil, published: nil, body: nil)
        self.source = source
        self.language = language
        self.ingest = ingest
    }

    /// Sets ``id`` from the fields that it is derived from.
    package mutating func deriveID() {
        id = ArticleID(
            source: source, uri: uri, version: version, title: title, published: published?.description, body: body)
    }

    /// What replaces what: equal keys are versions of one article.
    package var replacementKey: String { Article.replacementKey(source: source, uri: uri, id: id) }

    /// Returns what replaces what, of an article whose identity is known.
    package static func replacementKey(source: String, uri: String?, id: ArticleID) -> String {
        uri.map { "\(source)\u{1f}\($0)" } ?? id.description
    }
}
