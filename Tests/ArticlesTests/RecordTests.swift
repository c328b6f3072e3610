import Articles
import FoundationEssentials
import TestSupport
import Testing

@Suite struct RecordTests {
    let schema: RecordSchema
    init() throws { schema = try RecordSchema.ofRepository() }

    static let moment = Timestamp("2025-02-26T03:27:00.250Z")!

    /// An article in which nothing is absent.
    static func full() -> Article {
        var article = least()
        article.uri = "urn:x:1"
        article.version = "2"
        article.alternateIDs = ["a", "b"]
        article.kind = .composite
        article.pubStatus = .withheld
        article.signals = ["correction"]
        article.editorialNote = "Corrects paragraph 3"
        article.links = [.init(rel: "derivedFrom", uri: "urn:x:0", version: "1"), .init(rel: "seeAlso", uri: "urn:y")]
        article.title = "„Ünïcode“ \u{1F5DE}\u{FE0F} & \"quotes\" \\ \u{0}\u{1f}\u{7f}\u{2028}"
        article.subtitle = "Sub"
        article.slugline = "SLUG"
        article.abstract = "Short."
        article.bylines = ["A. B.", "C"]
        article.dateline = "LONDON, Feb 26"
        article.body = "One.\n\nTwo.\tThree.\r\n"
        article.bodyHTML = "<p>One.</p>"
        article.language = "en-GB"
        article.section = "World"
        article.genres = ["Analysis"]
        article.keywords = ["k"]
        article.people = [.init(name: "P", uri: "q:1", scheme: "wikidata", relevance: 0.5)]
        article.organisations = [.init(name: "O")]
        article.places = [.init(name: "L", relevance: 1)]
        article.subjects = [.init(name: "S", uri: "medtop:01000000", scheme: "medtop", relevance: 0)]
        article.media = [
            .init(href: "a.jpg", contentType: "image/jpeg", caption: "c", credit: "d", usageTerms: "e"),
            .init(href: "b.mp4"),
        ]
        article.published = moment
        article.publishedRaw = "26 Feb 03:27"
        article.assumedTimeZone = "Europe/London"
        article.updated = Timestamp("2025-02-26T04:00:00Z")
        article.created = Timestamp("2025-02-26T01:00:00Z")
        article.embargoedUntil = Timestamp("2025-03-01T00:00:00Z")
        article.expires = Timestamp("2026-01-01T00:00:00Z")
        article.urgency = 9
        article.credit = "Agency"
        article.copyright = "© 2025"
        article.usageTerms = "Editorial"
        article.infoSources = ["police"]
        article.url = "https://example.org/1"
        article.ext = [
            "n": .null, "b": .boolean(true), "i": .integer(.max), "d": .number(1.5e-300), "s": .string("\u{8}"),
            "a": .array([.integer(-1), .object([:])]), "o": .object(["z": .array([])]),
        ]
        article.ingest.warnings = ["published_in_future"]
        article.ingest.languageConfidence = 0.98
        article.deriveID()
        return article
    }

    /// An article in which everything is absent that may be.
    static func least() -> Article {
        Article(
            source: "bbc", language: "und",
            ingest: .init(
                path: "in/a.txt", sha256: String(repeating: "0f", count: 32), part: 1, bytes: 0, format: "native",
                encoding: "utf-8", received: moment))
    }

    func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    // MARK: Articles

    @Test func `a full article goes to bytes and back, and is what the schema says`() throws {
        let article = RecordTests.full()
        let bytes = article.encodeRecord()
        #expect(try schema.faults(bytes) == [])
        #expect(try decode(Article.self, bytes) == article)
        // Encoded once: the same article gives the same bytes.
        #expect(try decode(Article.self, bytes).encodeRecord() == bytes)
    }

    @Test func `every member of the schema is written by a full article, and none is null`() throws {
        let value = try decode(JSONValue.self, RecordTests.full().encodeRecord())
        let text = try decode(JSONValue.self, try repositoryFile("Config/record.schema.json"))
        guard case .object(let written) = value, case .object(let declared)? = text["$defs"]?["article"]?["properties"]
        else {
            Issue.record("not objects")
            return
        }
        #expect(Set(written.keys) == Set(declared.keys))
        #expect(!written.values.contains(.null))
    }

    @Test func `the least article has the required members only`() throws {
        let bytes = RecordTests.least().encodeRecord()
        #expect(try schema.faults(bytes) == [])
        #expect(try decode(Article.self, bytes) == RecordTests.least())
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"v":1,"type":"article","id":"e0a76ec88bf88904e290355ae68bd5a3","source":"bbc","kind":"text","#
                + #""pub_status":"usable","language":"und","ingest":{"path":"in/a.txt","sha256":""#
                + String(repeating: "0f", count: 32)
                + #"","part":1,"bytes":0,"format":"native","encoding":"utf-8","received":"2025-02-26T03:27:00.250Z"}}"#)
    }

    /// Takes each optional member away from a full article.
    @Test func `each member may be absent by itself`() throws {
        let required: Set<String> = ["v", "type", "id", "source", "kind", "pub_status", "language", "ingest"]
        guard case .object(let members) = try decode(JSONValue.self, RecordTests.full().encodeRecord()) else { return }
        for name in members.keys {
            var fewer = members
            fewer[name] = nil
            var writer = JSONWriter()
            JSONValue.object(fewer).write(to: &writer)
            let faults = try schema.faults(writer.bytes)
            #expect(faults.isEmpty == !required.contains(name), "\(name): \(faults)")
            if !required.contains(name) {
                let article = try decode(Article.self, writer.bytes)
                #expect(try schema.faults(article.encodeRecord()) == [])
                #expect(article != RecordTests.full())
            }
        }
    }

    @Test func `members of a later version are read over, and our own writers may not write them`() throws {
        var text = String(decoding: RecordTests.least().encodeRecord(), as: UTF8.self)
        text.removeLast()
        let later = Array((text + #","future":{"a":[1]}}"#).utf8)
        #expect(try decode(Article.self, later) == RecordTests.least())
        #expect(try schema.faults(later, .open) == [])
        #expect(try schema.faults(later, .closed) == ["/future: is not declared"])
    }

    @Test func `versions of one article share a replacement key`() {
        var first = RecordTests.full()
        var second = first
        second.version = "3"
        second.deriveID()
        #expect(first.id != second.id && first.replacementKey == second.replacementKey)
        first.uri = nil
        first.deriveID()
        #expect(first.replacementKey == first.id.description)
    }

    // MARK: Other records

    @Test(arguments: FileOutcome.allCases)
    func `a file record goes to bytes and back`(outcome: FileOutcome) throws {
        var record = FileRecord(
            source: "bbc", path: "a/ü.txt", directory: "/srv/drop", outcome: outcome, code: .ok, bytes: 12,
            received: RecordTests.moment)
        #expect(try schema.faults(record.encodeRecord()) == [])
        #expect(try decode(FileRecord.self, record.encodeRecord()) == record)
        record.pathBytes = "612fff"
        record.message = "because"
        record.sha256 = String(repeating: "ab", count: 32)
        record.format = "native"
        record.articles = 3
        record.failedParts = 1
        record.inQuarantine = 2
        record.firstSeq = 5
        record.lastSeq = 7
        record.articleID = RecordTests.full().id
        record.held = 2
        record.heldUntil = Timestamp("2025-03-01T00:00:00Z")
        record.heldSeq = 4
        record.superseded = 1
        record.releasedEarly = 1
        record.duplicateOf = "b.txt"
        #expect(try schema.faults(record.encodeRecord()) == [])
        #expect(try decode(FileRecord.self, record.encodeRecord()) == record)
    }

    @Test(arguments: [ResultRecord.Outcome.ok, .failed, .skipped])
    func `a result goes to bytes and back`(status: ResultRecord.Outcome) throws {
        for id in [nil, RecordTests.full().id] {
            let record = ResultRecord(
                stream: "00112233-4455-6677-8899-aabbccddeeff", epoch: 1, seq: 1 << 52, kind: "deduplicate",
                generation: 2, attempt: 3, status: status, timeMilliseconds: 1_740_540_420_123, articleID: id,
                data: .object(["verdict": .string("near"), "similarity": .number(0.93), "first_seq": .integer(4)]))
            #expect(try schema.faults(record.encodeRecord()) == [])
            #expect(try decode(ResultRecord.self, record.encodeRecord()) == record)
        }
    }

    // MARK: The schema itself

    @Test(arguments: [
        (#"{"v":1,"type":"kill","source":"bbc","uri":"urn:x:1"}"#, 0),
        (#"{"v":1,"type":"kill","source":"bbc"}"#, 1), (#"{"v":1,"type":"kill","source":"","uri":"x"}"#, 1),
        (#"{"v":1,"type":"gone"}"#, 0), (#"{"v":2,"type":"gone"}"#, 1), (#"{"v":1,"type":"gone","id":"XY"}"#, 1),
        (#"{"v":1,"type":"gone","erased":"2025-02-26 03:27:00Z"}"#, 1),
        (#"{"v":1,"type":"match","name":"a","stream":"00112233-4455-6677-8899-aabbccddeeff","epoch":1,"seq":1}"#, 0),
        (#"{"v":1,"type":"match","name":"A","stream":"0011","epoch":0,"seq":0}"#, 4),
        (#"{"v":1,"type":"match","name":"a","stream":"00112233-4455-6677-8899-aabbccddeeff","epoch":1,"seq":"1"}"#, 1),
        (#"{"v":1,"type":"other"}"#, 1), (#"{"v":1}"#, 1), ("[]", 1), ("nonsense", 1),
    ])
    func `what is no record is refused`(text: String, count: Int) throws {
        let faults = try schema.faults(Array(text.utf8))
        #expect(faults.count == count, "\(faults)")
    }

    @Test func `a keyword that nobody checks is an error of the schema`() throws {
        for schema in [#"{"format":"date"}"#, #"{"properties":{"a":{"maxLength":3}}}"#, ##"{"$ref":"#/$defs/none"}"##] {
            let odd = try RecordSchema(Array(schema.utf8))
            #expect(throws: RecordSchema.Unusable.self) { try odd.faults(Array(#"{"a":"b"}"#.utf8)) }
        }
    }

    @Test func `the validator notices what each keyword forbids`() throws {
        for (schema, good, bad) in [
            (#"{"type":"integer"}"#, "1", "1.5"), (#"{"type":"number"}"#, "1", #""1""#),
            (#"{"type":"object"}"#, "{}", "[]"),
            (#"{"type":"array","minItems":1}"#, "[1]", "[]"), (#"{"items":{"type":"string"}}"#, #"["a"]"#, #"["a",1]"#),
            (#"{"enum":["a",1]}"#, "1", "2"), (#"{"const":"a"}"#, #""a""#, #""b""#), (#"{"minimum":1}"#, "1", "0"),
            (#"{"maximum":1.5}"#, "1.5", "2"), (#"{"minLength":2}"#, #""äö""#, #""ä""#),
            (#"{"pattern":"^a+$"}"#, #""aa""#, #""ab""#), (#"{"required":["a"]}"#, #"{"a":null}"#, "{}"),
            (#"{"properties":{"a":{"type":"string"}}}"#, #"{"a":"x"}"#, #"{"a":1}"#),
            (#"{"additionalProperties":{"type":"string"}}"#, #"{"q":"x"}"#, #"{"q":1}"#),
            (#"{"additionalProperties":false}"#, "{}", #"{"q":1}"#),
            (#"{"oneOf":[{"type":"string"},{"const":1}]}"#, "1", "2"),
            (#"{"oneOf":[{"type":"integer"},{"const":1}]}"#, "2", "1"),
            (##"{"$ref":"#/$defs/x","$defs":{"x":{"type":"string"}}}"##, #""a""#, "1"),
        ] {
            let validator = try RecordSchema(Array(schema.utf8))
            #expect(try validator.faults(Array(good.utf8)) == [], "\(schema)")
            #expect(try validator.faults(Array(bad.utf8)).count == 1, "\(schema)")
        }
    }

    private func repositoryFile(_ name: String, file: StaticString = #filePath) throws -> [UInt8] {
        let root = "\(file)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return Array(try Data(contentsOf: URL(filePath: "\(root)/\(name)")))
    }
}
