extension Article: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, source, uri, version, kind, signals, links, title, subtitle, slugline, abstract, bylines, dateline,
            body
        case language, section, genres, keywords, people, organisations, places, subjects, media, published, updated
        case created, expires, urgency, credit, copyright, url, ext, ingest
        case alternateIDs = "alt_ids"
        case pubStatus = "pub_status"
        case editorialNote = "ed_note"
        case bodyHTML = "body_html"
        case publishedRaw = "published_raw"
        case assumedTimeZone = "tz_assumed"
        case embargoedUntil = "embargoed_until"
        case usageTerms = "usage_terms"
        case infoSources = "info_sources"
    }

    /// Reads an `article` record; unknown members are ignored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }
        func texts(_ key: CodingKeys) throws -> [String] {
            try container.decodeIfPresent([String].self, forKey: key) ?? []
        }
        func concepts(_ key: CodingKeys) throws -> [Concept] {
            try container.decodeIfPresent([Concept].self, forKey: key) ?? []
        }
        func moment(_ key: CodingKeys) throws -> Timestamp? {
            try container.decodeIfPresent(Timestamp.self, forKey: key)
        }
        id = try container.decode(ArticleID.self, forKey: .id)
        source = try container.decode(String.self, forKey: .source)
        language = try container.decode(String.self, forKey: .language)
        ingest = try container.decode(Ingest.self, forKey: .ingest)
        uri = try text(.uri)
        version = try text(.version)
        alternateIDs = try texts(.alternateIDs)
        kind = try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .text
        pubStatus = try container.decodeIfPresent(PubStatus.self, forKey: .pubStatus) ?? .usable
        signals = try texts(.signals)
        editorialNote = try text(.editorialNote)
        links = try container.decodeIfPresent([Link].self, forKey: .links) ?? []
        title = try text(.title)
        subtitle = try text(.subtitle)
        slugline = try text(.slugline)
        abstract = try text(.abstract)
        bylines = try texts(.bylines)
        dateline = try text(.dateline)
        body = try text(.body)
        bodyHTML = try text(.bodyHTML)
        section = try text(.section)
        genres = try texts(.genres)
        keywords = try texts(.keywords)
        people = try concepts(.people)
        organisations = try concepts(.organisations)
        places = try concepts(.places)
        subjects = try concepts(.subjects)
        media = try container.decodeIfPresent([Media].self, forKey: .media) ?? []
        published = try moment(.published)
        publishedRaw = try text(.publishedRaw)
        assumedTimeZone = try text(.assumedTimeZone)
        updated = try moment(.updated)
        created = try moment(.created)
        embargoedUntil = try moment(.embargoedUntil)
        expires = try moment(.expires)
        urgency = try container.decodeIfPresent(Int.self, forKey: .urgency)
        credit = try text(.credit)
        copyright = try text(.copyright)
        usageTerms = try text(.usageTerms)
        infoSources = try texts(.infoSources)
        url = try text(.url)
        ext = try container.decodeIfPresent([String: JSONValue].self, forKey: .ext) ?? [:]
    }
}

extension Article {
    /// Returns the `article` record: the bytes that stand in the log and on the wire.
    package func encodeRecord() -> [UInt8] {
        var writer = JSONWriter(capacity: 1024 + (body?.utf8.count ?? 0) + (body?.utf8.count ?? 0) >> 4)
        writer.beginObject()
        writer.field("v", 1)
        writer.field("type", "article")
        writer.field("id", id.description)
        writer.field("source", source)
        writer.field("uri", uri)
        writer.field("version", version)
        writer.field("alt_ids", alternateIDs)
        writer.field("kind", kind.rawValue)
        writer.field("pub_status", pubStatus.rawValue)
        writer.field("signals", signals)
        writer.field("ed_note", editorialNote)
        writer.list("links", links) { writer, link in
            writer.field("rel", link.rel)
            writer.field("uri", link.uri)
            writer.field("version", link.version)
        }
        writer.field("title", title)
        writer.field("subtitle", subtitle)
        writer.field("slugline", slugline)
        writer.field("abstract", abstract)
        writer.field("bylines", bylines)
        writer.field("dateline", dateline)
        writer.field("body", body)
        writer.field("body_html", bodyHTML)
        writer.field("language", language)
        writer.field("section", section)
        writer.field("genres", genres)
        writer.field("keywords", keywords)
        writer.concepts("people", people)
        writer.concepts("organisations", organisations)
        writer.concepts("places", places)
        writer.concepts("subjects", subjects)
        writer.list("media", media) { writer, media in
            writer.field("href", media.href)
            writer.field("content_type", media.contentType)
            writer.field("caption", media.caption)
            writer.field("credit", media.credit)
            writer.field("usage_terms", media.usageTerms)
        }
        writer.field("published", published?.description)
        writer.field("published_raw", publishedRaw)
        writer.field("tz_assumed", assumedTimeZone)
        writer.field("updated", updated?.description)
        writer.field("created", created?.description)
        writer.field("embargoed_until", embargoedUntil?.description)
        writer.field("expires", expires?.description)
        writer.field("urgency", urgency)
        writer.field("credit", credit)
        writer.field("copyright", copyright)
        writer.field("usage_terms", usageTerms)
        writer.field("info_sources", infoSources)
        writer.field("url", url)
        if !ext.isEmpty {
            writer.key("ext")
            JSONValue.object(ext).write(to: &writer)
        }
        writer.key("ingest")
        writer.beginObject()
        writer.field("path", ingest.path)
        writer.field("member", ingest.member)
        writer.field("sha256", ingest.sha256)
        writer.field("part", ingest.part)
        writer.field("bytes", ingest.bytes)
        writer.field("format", ingest.format)
        writer.field("encoding", ingest.encoding)
        writer.field("received", ingest.received.description)
        writer.field("language_confidence", ingest.languageConfidence)
        writer.field("warnings", ingest.warnings)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes an array of objects, nothing for an empty one.
    package mutating func list<Element>(
        _ name: StaticString, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        guard !elements.isEmpty else { return }
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            body(&self, element)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func concepts(_ name: StaticString, _ concepts: [Article.Concept]) {
        list(name, concepts) { writer, concept in
            writer.field("name", concept.name)
            writer.field("uri", concept.uri)
            writer.field("scheme", concept.scheme)
            writer.field("relevance", concept.relevance)
        }
    }
}
