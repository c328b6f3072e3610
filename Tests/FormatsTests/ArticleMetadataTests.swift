import Articles
import Formats
import Testing
import TimeZones

/// What a sidecar does to articles.
@Suite struct ArticleMetadataTests {
    private func metadata(_ text: String, zone: Zone = .utc) throws(ParseError) -> ArticleMetadata {
        try ArticleMetadata(Array(text.utf8), path: "a.txt.meta.json", timeZone: zone)
    }

    private func article() throws -> Article {
        let text = "Head\n\n2025-02-26 03:27:00\n\nAbstract: Short.\n\nBody."
        return try NativeFormat().parse(Array(text.utf8), .sample(bytes: text.utf8.count)).articles[0]
    }

    private func merged(_ text: String, zone: Zone = .utc) throws -> Article {
        var article = try article()
        try metadata(text, zone: zone).merge(into: &article, isOnly: true)
        return article
    }

    @Test func `what a sidecar says wins over the file, and what it does not say stays`() throws {
        let article = try merged(
            """
            {"title": "Other", "subtitle": "Sub", "bylines": ["A. Author", "B. Author"], "language": "pt-BR", "urgency": 4,
             "section": "Sports", "keywords": ["bridge"], "genres": ["News"], "signals": ["update"], "slugline": "bridge-1",
             "dateline": "HELSINKI", "ed_note": "note", "url": "https://a.example/1", "credit": "C", "copyright": "©",
             "usage_terms": "none", "uri": "urn:a:1", "version": 3, "alt_ids": ["x"], "info_sources": ["y"],
             "kind": "event", "pub_status": "withheld", "people": ["P", {"name": "Q", "uri": "q", "relevance": 0.5}],
             "links": [{"rel": "derivedFrom", "uri": "urn:a:0"}], "media": [{"href": "a.jpg", "caption": "A"}]}
            """)
        #expect(article.title == "Other" && article.subtitle == "Sub" && article.abstract == "Short.")
        #expect(article.body == "Body." && article.published?.description == "2025-02-26T03:27:00Z")
        #expect(article.bylines == ["A. Author", "B. Author"] && article.language == "pt-br" && article.urgency == 4)
        #expect(article.section == "Sports" && article.keywords == ["bridge"] && article.genres == ["News"])
        #expect(article.signals == ["update"] && article.slugline == "bridge-1" && article.dateline == "HELSINKI")
        #expect(article.editorialNote == "note" && article.url == "https://a.example/1" && article.credit == "C")
        #expect(article.copyright == "©" && article.usageTerms == "none" && article.infoSources == ["y"])
        #expect(article.uri == "urn:a:1" && article.version == "3" && article.alternateIDs == ["x"])
        #expect(article.kind == .event && article.pubStatus == .withheld)
        #expect(article.people == [.init(name: "P"), .init(name: "Q", uri: "q", relevance: 0.5)])
        #expect(article.links == [.init(rel: "derivedFrom", uri: "urn:a:0")])
        #expect(article.media == [.init(href: "a.jpg", caption: "A")])
        #expect(article.ext.isEmpty && article.ingest.warnings.isEmpty)
    }

    @Test func `the id is derived from what was merged`() throws {
        var expected = try article()
        #expect(try merged("{}").id == expected.id)
        expected.title = "Other"
        expected.deriveID()
        #expect(try merged(#"{"title": "Other"}"#).id == expected.id)
    }

    @Test func `what the record has no member for goes to ext, and null and empty texts say nothing`() throws {
        let article = try merged(
            #"{"id": 12, "source": "x", "desk": {"a": [1, null]}, "title": null, "abstract": " ", "ext": {"b": true, "n": null}}"#
        )
        #expect(article.title == "Head" && article.abstract == "Short." && article.source == "agency")
        #expect(
            article.ext == [
                "id": .integer(12), "source": .string("x"), "desk": .object(["a": .array([.integer(1), .null])]),
                "b": .boolean(true),
            ])
    }

    @Test(arguments: [
        ("2025-03-01T10:00:00+02:00", "2025-03-01T08:00:00Z", nil, []),
        ("2025-03-01 10:00:00", "2025-03-01T08:00:00Z", "Europe/Helsinki", ["date_future"]),
        ("2024-10-27 03:30", "2024-10-27T00:30:00Z", "Europe/Helsinki", ["date_ambiguous"]),
    ]) func `a date of the sidecar takes the place of the file's with what is doubtful about it`(
        text: String, moment: String, zone: String?, warnings: [String]
    ) throws {
        let helsinki = try #require(Zone("Europe/Helsinki"))
        var article = try article()
        article.ingest.warnings = ["blank_line_missing", "date_invalid"]
        article.ingest.received = try #require(Timestamp("2025-03-01T08:00:00Z"))
        if warnings.contains("date_future") {
            article.ingest.received = try #require(Timestamp("2025-03-01T07:59:59Z"))
        }
        try metadata(#"{"published": "\#(text)"}"#, zone: helsinki).merge(into: &article, isOnly: true)
        #expect(article.published?.description == moment)
        #expect(article.publishedRaw == text && article.assumedTimeZone == zone)
        #expect(article.ingest.warnings == ["blank_line_missing"] + warnings)
    }

    @Test(arguments: [
        (#"{"title": 1}"#, "title must be a string, is 1"),
        (#"{"bylines": "A"}"#, "bylines must be a list of strings, is \"A\""),
        (#"{"keywords": ["a", 2]}"#, "keywords must be a list of strings, is 2"),
        (#"{"urgency": 10}"#, "urgency must be a whole number from 1 to 9, is 10"),
        (#"{"published": "yesterday"}"#, "published must be a date and time such as"),
        (#"{"updated": "2025-02-30 10:00:00"}"#, "updated must be a date and time such as"),
        (#"{"language": "en_GB"}"#, "language must be a language tag such as"),
        (#"{"version": [1]}"#, "version must be a string or a whole number, is [1]"),
        (#"{"kind": "movie"}"#, "kind must be one of \"text\", "), (#"{"ext": []}"#, "ext must be an object"),
        (#"{"people": [{"uri": "x"}]}"#, "people has a member without a name"),
        (#"{"links": [{"rel": "x"}]}"#, "links has a member without rel and uri"),
        (#"{"media": {}}"#, "media must be a list of objects, is {}"),
        (#"{"people": [{"name": "a", "relevance": 2}]}"#, "people must be of a relevance from 0 to 1, is 2"),
        ("[]", "is no object"), ("{\n\"a\": 1,\n}", "line 3: 'a.txt.meta.json' is no JSON: a member's name"),
    ]) func `what cannot be is an error that names the member`(text: String, part: String) {
        let error = #expect(throws: ParseError.self) { try metadata(text) }
        #expect(error?.code == .badMetadata && error?.looksTruncated == false && error?.hint != nil)
        #expect(error?.cause.contains("'a.txt.meta.json'") == true)
        #expect(error?.cause.contains(part) == true, "\(error?.cause ?? "")")
    }

    @Test(arguments: ["", "{", #"{"title": "He"#, #"{"title": "Head"}"#]) func `a sidecar that is cut looks cut`(
        text: String
    ) {
        let isWhole = text.hasSuffix("}")
        do {
            _ = try metadata(text)
            #expect(isWhole)
        } catch { #expect(!isWhole && error.looksTruncated) }
    }

    @Test func `of several articles each takes what is said, and none the name`() throws {
        var other = try article()
        other.title = "Second"
        var file = ParsedFile(format: "native", articles: [try article(), other])
        try metadata(#"{"section": "Sports", "uri": "urn:1"}"#).merge(into: &file)
        #expect(file.articles.map(\.section) == ["Sports", "Sports"])
        #expect(file.articles.map(\.uri) == [nil, nil])
        #expect(file.articles.map(\.ingest.warnings) == [["metadata_uri_ignored"], ["metadata_uri_ignored"]])
    }

    /// Parts from a list, and an error behind them.
    private final class Parts: PartReader {
        let format = "list"
        var parts: [ParsedPart]
        let failure: ParseError?

        init(_ parts: [ParsedPart], failure: ParseError? = nil) {
            self.parts = parts
            self.failure = failure
        }

        func next() throws -> ParsedPart? {
            if parts.isEmpty, let failure { throw failure }
            return parts.isEmpty ? nil : parts.removeFirst()
        }
    }

    private static let bad = ParseError(code: .empty, format: "list", message: "bad")

    /// What comes of a reader: uris of articles, and words for the rest.
    private func read(_ base: Parts) throws -> [String] {
        let reader = MergingReader(base, try metadata(#"{"uri": "urn:1", "section": "Sports"}"#))
        var read: [String] = []
        do {
            while let part = try reader.next() {
                if case .article(let article) = part.content {
                    #expect(article.section == "Sports")
                    read.append(article.uri ?? "-")
                } else {
                    read.append("failed")
                }
            }
        } catch is ParseError {
            read.append("error")
        }
        return read
    }

    @Test func `parts that come one by one are merged likewise`() throws {
        func part(_ number: Int) throws -> ParsedPart { ParsedPart(number: number, content: .article(try article())) }
        let failed = ParsedPart(number: 2, content: .failed(Self.bad))
        #expect(try read(Parts([part(1)])) == ["urn:1"])
        #expect(try read(Parts([part(1), part(2), part(3)])) == ["-", "-", "-"])
        #expect(try read(Parts([part(1), failed])) == ["-", "failed"])
        #expect(try read(Parts([part(1)], failure: Self.bad)) == ["-", "error"])
        #expect(try read(Parts([], failure: Self.bad)) == ["error"])
        #expect(try read(Parts([])) == [])
    }
}
