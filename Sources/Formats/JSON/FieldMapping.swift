/// Which members of objects of no known dialect mean what: for each field of an article the names that are tried, in order.
///
/// A name is compared without regard to case; `data.attributes.title` leads through objects, and a number on the way
/// through lists (`authors.0.name`).
package struct FieldMapping: Sendable, Equatable {
    /// A field of an article that a member can be mapped to.
    package enum Field: String, Sendable, CaseIterable, CodingKey {
        case uri, version, url, title, subtitle, slugline, abstract, body, bylines, dateline, language, section, genres
        case keywords, people, organisations, places, subjects, image, published, updated, created, urgency, credit
        case copyright
        case embargoedUntil = "embargoed_until"
        case expires
        case usageTerms = "usage_terms"
        case edNote = "ed_note"
        case pubStatus = "pub_status"
    }

    /// A way to a field, which begins with a member of some name.
    struct Way: Sendable, Equatable {
        var field: Field
        /// Ways of a lower rank are tried first.
        var rank: Int
        /// The names behind the first one.
        var rest: [String]
    }

    /// The names of each field, in lower case, split at points.
    private let paths: [Field: [[String]]]
    /// All ways, those that begin with the same name beside each other.
    let ways: [Way]
    /// Where the ways stand that begin with a name in lower case.
    private let places: [[UInt8]: Range<Int>]

    /// Makes a mapping; what it does not name is as in ``usual``.
    package init(_ names: [Field: [String]]) {
        self.init(
            paths: FieldMapping.usual.paths.merging(names.mapValues { $0.map { FieldMapping.path($0) } }) { $1 })
    }

    private init(texts: [Field: String]) {
        self.init(paths: texts.mapValues { $0.split(separator: " ").map { FieldMapping.path(String($0)) } })
    }

    private init(paths: [Field: [[String]]]) {
        self.paths = paths
        var byName: [String: [Way]] = [:]
        for field in Field.allCases {
            for (rank, path) in (paths[field] ?? []).enumerated() {
                guard let first = path.first else { continue }
                byName[first, default: []].append(Way(field: field, rank: rank, rest: Array(path.dropFirst())))
            }
        }
        var ways: [Way] = []
        var places: [[UInt8]: Range<Int>] = [:]
        // In one order, so that equal mappings are equal.
        for (name, own) in byName.sorted(by: { $0.key < $1.key }) {
            places[Array(name.utf8)] = ways.count..<ways.count + own.count
            ways += own
        }
        (self.ways, self.places) = (ways, places)
    }

    /// Returns where in ``ways`` those stand that begin with a name, whatever its case.
    func places(of name: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        let isASCII = name.allSatisfy { $0 < 0x80 }
        let lowered =
            isASCII ? name.map(\.lowercased) : Array(String(decoding: name, as: UTF8.self).lowercased().utf8)
        return places[lowered] ?? 0..<0
    }

    private static func path(_ name: String) -> [String] {
        name.lowercased().split(separator: ".", omittingEmptySubsequences: true).map(String.init)
    }

    /// The names that exports, scrapers and interfaces mostly use.
    package static let usual = FieldMapping(texts: [
        .uri: "uri guid urn id _id article_id articleid uuid",
        .version: "version revision",
        .url: "url link href permalink canonical_url canonicalurl source_url web_url weburl",
        .title: "title headline heading name titel titre titulo título titolo",
        .subtitle: "subtitle subheadline subhead sub_title alternativeheadline",
        .slugline: "slugline slug",
        .abstract: "abstract summary description lead teaser excerpt standfirst snippet intro trailtext",
        .body:
            "body articlebody article_body body_text bodytext article_text articletext maintext main_text full_text fulltext "
            + "text content content_text contenttext body_html bodyhtml content_html contenthtml html story article",
        .bylines: "bylines byline authors author by creator writer",
        .dateline: "dateline located",
        .language: "language lang locale",
        .section: "section category desk rubric",
        .genres: "genres genre",
        .keywords: "keywords tags categories topics",
        .people: "people persons person",
        .organisations: "organisations organizations companies",
        .places: "places locations location",
        .subjects: "subjects subject",
        .image: "image image_url imageurl urltoimage thumbnail top_image lead_image_url picture",
        .published:
            "published published_at publishedat date_published datepublished published_date publisheddate "
            + "publication_date publicationdate pub_date pubdate publish_date publishdate date date_publish created_at "
            + "createdat timestamp datetime time",
        .updated:
            "updated updated_at updatedat modified modified_at date_modified datemodified last_modified lastmodified "
            + "lastmod last_updated",
        .created: "created created_at date_created datecreated",
        .embargoedUntil: "embargoed_until embargoeduntil embargo embargoed",
        .expires: "expires expires_at expirydate expiry_date",
        .urgency: "urgency",
        .credit: "credit publisher source_name sourcename source site_name",
        .copyright: "copyright copyright_notice copyrightnotice",
        .usageTerms: "usage_terms usageterms license rights",
        .edNote: "ed_note ednote editorial_note",
        .pubStatus: "pub_status pubstatus",
    ])
}
