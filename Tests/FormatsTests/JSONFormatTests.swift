import Articles
import Testing

@testable import Formats

@Suite struct JSONFormatTests {
    private func read(
        _ text: String, mapping: FieldMapping = .usual, limit: Int = 65_536, piece: Int = 1000
    ) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(
            of: JSONFormat(mapping: mapping).open(
                PieceSource(bytes, piece: piece), .sample(bytes: bytes.count, limit: limit)))
    }

    private static func line(_ number: Int) -> String { #"{"title":"Number \#(number)","body":"Text {[\"\\"}"# }

    // MARK: Layouts

    @Test(arguments: [1, 7, 1000], ["\n", "\r\n", " ", "", ",\n", "\n\u{1e}"])
    func `objects behind each other are read, however they are parted`(piece: Int, separator: String) throws {
        let text = (1...5).map(Self.line).joined(separator: separator) + "\n"
        let reading = try read(text, piece: piece)
        #expect(reading.end == nil)
        #expect(reading.failed.isEmpty)
        #expect(reading.articles.map(\.title) == (1...5).map { "Number \($0)" })
        #expect(reading.articles.map(\.ingest.part) == Array(1...5))
        #expect(reading.articles.first?.body == #"Text {["\"#)
    }

    @Test(arguments: [1, 1000], ["\u{feff}", ""])
    func `a list is read element by element, also over several lines`(piece: Int, mark: String) throws {
        let text =
            mark + "[\n  " + (1...3).map { Self.line($0).replacing(",", with: ",\n    ") }.joined(separator: ",\n  ")
            + "\n]\n"
        let reading = try read(text, piece: piece)
        #expect(reading.end == nil)
        #expect(reading.articles.count == 3)
    }

    @Test func `an object over several lines is one, and others may follow it`() throws {
        let text = "{\n  \"title\": \"A\",\n  \"body\": \"{\"\n}\n{\n  \"title\": \"B\"\n}\n{\"title\":\"C\"}\n"
        #expect(try read(text).articles.map(\.title) == ["A", "B", "C"])
    }

    @Test func `an empty list is no news, and an empty text is no list`() throws {
        #expect(try read(" [ ] ").ignored.map(\.code) == [.noEntries])
        #expect(try read("").end?.code == .empty)
        #expect(
            try read(#"{"version":"https://jsonfeed.org/version/1.1","items":[]}"#).ignored.map(\.code) == [.noEntries])
    }

    // MARK: What is bad

    @Test func `a bad line fails alone and says where and why`() throws {
        let text =
            Self.line(1) + "\n{\"title\":\"x\",}\n" + Self.line(3) + "\nword\n{\"title\":\"cut\n" + Self.line(6) + "\n"
        let reading = try read(text)
        #expect(reading.end == nil)
        #expect(reading.articles.map(\.title) == ["Number 1", "Number 3", "Number 6"])
        #expect(reading.failed.map(\.error.code) == [.badJSON, .badJSON, .badJSON])
        #expect(reading.failed.map(\.error.position) == [.line(2), .line(4), .line(5)])
        let bytes = reading.parts.compactMap(\.bytes).map { String(decoding: $0, as: UTF8.self) }
        #expect(bytes == ["{\"title\":\"x\",}", "word", "{\"title\":\"cut"])
    }

    @Test func `a bad object over several lines is one failure, with its line`() throws {
        let reading = try read("{\n  \"title\": \"A\",\n  \"n\": nul\n}\n")
        #expect(reading.failed.map(\.error.position) == [.line(3)])
        #expect(reading.articles.isEmpty)
    }

    @Test func `an element of a list that is bad fails alone where its brackets match`() throws {
        let reading = try read("[\(Self.line(1)), {\"a\" 1}, \(Self.line(3)), [1], {}]")
        #expect(reading.articles.map(\.title) == ["Number 1", "Number 3"])
        #expect(reading.failed.map(\.error.code) == [.badJSON, .noArticle, .noArticle])
        #expect(reading.end == nil)
    }

    @Test(arguments: ["[" + line(1), "[" + line(1) + ",", "[" + line(1) + ", {\"title\":", "{\"title\":\"x", "{"])
    func `what is cut looks truncated`(_ text: String) throws {
        let reading = try read(text)
        #expect(reading.end?.code == .badJSON)
        #expect(reading.end?.looksTruncated == true)
    }

    @Test func `the last line of NDJSON that is cut looks truncated, and the others are there`() throws {
        let reading = try read(Self.line(1) + "\n" + Self.line(2).dropLast(4))
        #expect(reading.articles.count == 1)
        #expect(reading.end?.looksTruncated == true)
    }

    @Test func `something behind a list is told`() throws {
        let reading = try read("[\(Self.line(1))] x")
        #expect(reading.articles.count == 1)
        #expect(reading.failed.map(\.error.code) == [.badJSON])
    }

    @Test func `a line that is too long is left out and the next is read`() throws {
        let long = #"{"title":"\#(String(repeating: "x", count: 5000))"}"#
        let reading = try read([Self.line(1), long, Self.line(3)].joined(separator: "\n"), limit: 1000, piece: 100)
        #expect(reading.articles.map(\.title) == ["Number 1", "Number 3"])
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
    }

    @Test(arguments: [
        String(repeating: "[", count: 200_000), String(repeating: "{\"a\":", count: 50_000),
        "{\"title\":\"\\ud800\"}", "{\"title\":\"a\u{0}b\"}", "[[[[{}]]]]",
    ]) func `hostile texts are refused`(_ text: String) throws {
        let reading = try read(text)
        #expect(reading.articles.isEmpty)
        #expect(reading.end != nil || !reading.failed.isEmpty)
    }

    @Test func `every beginning of a text gives what is in it, or an error`() throws {
        let text = Array((Self.line(1) + "\n" + Self.line(2) + "\n").utf8)
        for count in 0..<text.count {
            let part = Array(text.prefix(count))
            let reading = try Reading(of: JSONFormat().open(HeldBytes(part), .sample(bytes: count)))
            let whole = text.prefix(count).count { $0 == 0x0a }
            #expect(reading.articles.count >= whole)
            #expect(reading.end != nil || !reading.parts.isEmpty)
        }
    }

    @Test func `what the source throws is passed on`() throws {
        let text = Array((1...400).map(Self.line).joined(separator: "\n").utf8)
        let reader = JSONFormat().open(PieceSource(text, failsAt: 5000), .sample(bytes: text.count))
        #expect(throws: PieceSource.Broken.self) { while try reader.next() != nil {} }
    }

    // MARK: Encodings

    @Test func `UTF-16 is converted, and other encodings are guessed value by value`() throws {
        let text =
            #"{"title":"Größe","body":"Straße für Fußgänger über die Brücke gesperrt, wie die Behörden erklärten."}"#
        let wide: [UInt8] = [0xff, 0xfe] + text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        #expect(JSONFormat().recognizes(wide, name: []))
        let first = try Reading(of: JSONFormat().open(HeldBytes(wide), .sample(bytes: wide.count)))
        #expect(first.articles.map(\.title) == ["Größe"])
        #expect(first.articles.map(\.ingest.encoding) == ["utf-16le"])
        let narrow = text.unicodeScalars.map { UInt8($0.value) } + [0x0a] + Array(text.utf8)
        let second = try Reading(of: JSONFormat().open(HeldBytes(narrow), .sample(bytes: narrow.count)))
        #expect(second.articles.map(\.title) == ["Größe", "Größe"])
        #expect(second.articles.map(\.ingest.encoding) == ["windows-1252", "utf-8"])
        #expect(second.articles.first?.ingest.warnings == ["encoding_guessed"])
    }

    // MARK: Recognition

    @Test(arguments: [
        ("{\"a\":1}", "x.txt", true), (" \n{ }", "x", true), ("[{\"a\":1}]", "x", true), ("[]", "x.json", true),
        ("[]", "x.txt", false), ("[1] A text", "x.txt", false), ("{braces}", "x.txt", false),
        ("{braces}", "x.json", true),
        ("word", "x.json", false), ("", "x.json", false),
    ]) func `JSON is known by its beginning, and a doubtful one by its name`(text: String, name: String, isJSON: Bool) {
        #expect(JSONFormat().recognizes(Array(text.utf8), name: Array(name.utf8)) == isJSON)
    }

    // MARK: Any object

    @Test func `usual names are read in any spelling, and what is left goes to ext`() throws {
        let text =
            #"{"Headline":"T","articleBody":"One.\n\nTwo.","publishedAt":"2025-02-26T03:27:00+01:00","Authors":[{"name":"A"},"B"],"tags":"x, y;z","url":"https://example.org/1","lang":"de_AT","views":7,"nested":{"a":[null,1]}}"#
        let article = try #require(try read(text).articles.first)
        #expect(article.title == "T")
        #expect(article.body == "One.\n\nTwo.")
        #expect(article.published?.description == "2025-02-26T02:27:00Z")
        #expect(article.bylines == ["A", "B"])
        #expect(article.keywords == ["x", "y", "z"])
        #expect(article.uri == "https://example.org/1")
        #expect(article.language == "de-AT")
        #expect(article.ext == ["views": .integer(7), "nested": .object(["a": .array([.null, .integer(1)])])])
    }

    @Test func `markup in a text becomes plain text and clean markup`() throws {
        let article = try #require(
            try read(#"{"title":"T","content":"<p>One <b>two</b><script>x</script></p><ul><li>a</li><li>b</li></ul>"}"#)
                .articles.first)
        #expect(article.body == "One two\n\n- a\n- b")
        #expect(article.bodyHTML == "<p>One <strong>two</strong></p><ul><li>a</li><li>b</li></ul>")
    }

    @Test func `markup without a word leaves nothing`() throws {
        #expect(try read(#"{"title":"</p>"}"#).failed.map(\.error.code) == [.noArticle])
        let article = try #require(try read(#"{"title":"T","summary":"<br>","body":"<p> </p>"}"#).articles.first)
        #expect(article.abstract == nil && article.body == nil && article.bodyHTML == nil)
    }

    @Test func `fields are mapped by names and paths`() throws {
        let mapping = FieldMapping([
            .title: ["data.attributes.Kop"], .body: ["paragraphs"], .bylines: ["people.0.name"], .published: ["datum"],
        ])
        let text =
            #"{"title":"no","data":{"attributes":{"kop":"Yes"}},"paragraphs":["One.","Two."],"people":[{"name":"A"},{"name":"B"}],"datum":1740540420}"#
        let article = try #require(try read(text, mapping: mapping).articles.first)
        #expect(article.title == "Yes")
        #expect(article.body == "One.\n\nTwo.")
        #expect(article.bylines == ["A"])
        #expect(article.published?.description == "2025-02-26T03:27:00Z")
        #expect(article.ext["title"] == .string("no"))
    }

    @Test func `a status that nobody knows refuses the article, a date that is none is told`() throws {
        #expect(try read(#"{"title":"T","pub_status":"secret"}"#).failed.map(\.error.code) == [.badField])
        let article = try #require(try read(#"{"title":"T","published":"soon"}"#).articles.first)
        #expect(article.ingest.warnings == ["field_invalid:published"])
    }

    // MARK: Own records

    @Test(arguments: [
        #"{"pubstatus": "usable", "uri": "urn:a", "headline": "A", "embargoed": "VALUE"}"#,
        #"{"type": "article", "v": 1, "id": "0", "source": "s", "title": "A", "embargoed_until": "VALUE"}"#,
        #"{"title": "A", "embargo": "VALUE"}"#,
    ])
    func `an embargo that cannot be read keeps the article back, and an empty one is none`(_ text: String) throws {
        let failed = try #require(try read(text.replacing("VALUE", with: "when the court rises")).failed.first)
        #expect(failed.error.code == .badField)
        #expect(failed.error.message.contains("'when the court rises', and no date and time"))
        #expect(try read(text.replacing("VALUE", with: " ")).articles.map(\.embargoedUntil) == [nil])
        #expect(
            try read(text.replacing("VALUE", with: "2026-04-01T05:00:00Z")).articles.map(\.embargoedUntil?.description)
                == ["2026-04-01T05:00:00Z"])
    }

    @Test func `an own record comes out as it went in`() throws {
        var article = Article(
            source: "agency", language: "de-AT",
            ingest: .init(
                path: "x", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
                encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.uri = "urn:x:1"
        article.version = "3"
        article.alternateIDs = ["a"]
        article.kind = .composite
        article.pubStatus = .withheld
        article.signals = ["correction"]
        article.editorialNote = "note"
        article.links = [.init(rel: "derivedFrom", uri: "urn:x:0", version: "1")]
        article.title = "Title"
        article.subtitle = "Sub"
        article.slugline = "slug"
        article.abstract = "Abstract"
        article.bylines = ["A", "B"]
        article.dateline = "Vienna"
        article.body = "One\ntwo.\n\nThree."
        article.bodyHTML = "<p>One<br>two.</p><p>Three.</p>"
        article.section = "s"
        article.genres = ["g"]
        article.keywords = ["k"]
        article.people = [.init(name: "P", uri: "urn:p", scheme: "s", relevance: 0.5)]
        article.organisations = [.init(name: "O")]
        article.places = [.init(name: "L")]
        article.subjects = [.init(name: "S")]
        article.media = [
            .init(
                href: "https://example.org/a.jpg", contentType: "image/jpeg", caption: "c", credit: "d", usageTerms: "e"
            )
        ]
        article.published = Timestamp("2025-02-26T03:27:00.250Z")
        article.publishedRaw = "26.2.2025"
        article.assumedTimeZone = "Europe/Vienna"
        article.updated = Timestamp("2025-02-27T03:27:00Z")
        article.created = Timestamp("2025-02-25T03:27:00Z")
        article.embargoedUntil = Timestamp("2025-02-28T03:27:00Z")
        article.expires = Timestamp("2026-02-28T03:27:00Z")
        article.urgency = 3
        article.credit = "cr"
        article.copyright = "co"
        article.usageTerms = "u"
        article.infoSources = ["i"]
        article.url = "https://example.org/1"
        article.ext = ["x": .array([.integer(1), .object(["y": .boolean(true)])])]
        article.deriveID()
        let record = String(decoding: article.encodeRecord(), as: UTF8.self)
        var read = try #require(try read(record).articles.first)
        #expect(read.ingest.format == "dropwire")
        #expect(read.ingest.warnings.isEmpty)
        read.ingest = article.ingest
        #expect(read == article)
    }

    @Test(arguments: [(true, "other"), (false, "agency")])
    func `a record's own source counts where the directory has none`(isAssumed: Bool, source: String) throws {
        let record = Array(#"{"v":1,"type":"article","id":"x","source":"other","title":"T","ingest":{}}"#.utf8)
        var context = FormatContext.sample(bytes: record.count)
        context.isSourceAssumed = isAssumed
        #expect(try JSONFormat().parse(record, context).articles.map(\.source) == [source])
    }

    // MARK: Kinds

    @Test func `articles of kinds that are not wanted are ignored with that reason`() throws {
        let text =
            Array(#"{"uri":"u:1","standard":{},"type":"picture","headline":"P"}"#.utf8)
            + Array("\n".utf8) + Array(#"{"uri":"u:2","standard":{},"type":"text","headline":"T"}"#.utf8)
        let parser = FileParser(kinds: [.text])
        let reading = try Reading(of: parser.open(text, name: Array("x.json".utf8), .sample(bytes: text.count)))
        #expect(reading.ignored.map(\.code) == [.kindNotTaken])
        #expect(reading.articles.map(\.title) == ["T"])
    }
}
