import Articles
import Deduplication
import Messaging
import SQLite
import TestSupport
import Testing

/// The databases of earlier versions.
@Suite struct SchemaTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `every version has a fixture`() {
        #expect(Set(SchemaFixture.all(of: "state").map(\.version)) == Set(1...Deduplicator.stateVersion.known))
    }

    @Test(arguments: SchemaFixture.all(of: "state"))
    func `a deduplicator's state of an earlier version is taken over`(fixture: SchemaFixture) throws {
        let (deduplicator, connection) = try fixture.upgrade(in: scratch) { path in
            let connection = try Connection(path: path)
            let deduplicator = Deduplicator()
            try deduplicator.prepare(connection)
            return (deduplicator, connection)
        }
        #expect(deduplicator.candidateCount == 5)
        #expect(try connection.scalar("SELECT count(*) FROM dedup_document") == 5)
        var seq: UInt64 = 20
        func judge(_ title: String, _ body: String, uri: String? = nil) throws -> Judgement {
            var article = Article(
                source: "drop", language: "en",
                ingest: .init(
                    path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
                    encoding: "utf-8", received: Timestamp(milliseconds: 0)))
            (article.title, article.body, article.uri) = (title, body, uri)
            article.deriveID()
            seq += 1
            let place = Deduplicator.Place(
                stream: "e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd", epoch: 1, seq: seq, timeMilliseconds: 1_796_039_600_000)
            return try connection.transaction { try deduplicator.judge(article, at: place) {} }
        }
        let wheat = "The price of wheat rose by two per cent on the exchange today, after a dry week."
        let copy = try judge("Wheat", wheat)
        #expect(copy.verdict == .exact && copy.first?.id.description == "13756f71330967d89eacdc782091a741")
        #expect(copy.first?.seq == 7)
        // What was killed is nobody's first, where that version knew kills.
        let mill = "The old mill at the river is for sale, with its wheel and two acres of land."
        let knowsKills = fixture.description != "state-1-first"
        #expect(try judge("Mill for sale", mill).verdict == (knowsKills ? .unique : .exact))
        let ferry = "The ferry of the morning leaves on time, since the water has gone down."
        #expect(try judge("Ferry runs again, again", ferry, uri: "urn:ferry:1").verdict == .revision)
    }
}
