import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct StandingTests {
    private let scratch: ScratchDirectory
    private let store: ResultStore

    init() throws {
        scratch = try ScratchDirectory()
        store = try ResultStore(path: scratch.path("status.sqlite"))
    }

    private func shown() throws -> [String?] { try store.reader.articles(limit: 10).map(\.title) }

    private func standing(of article: Article) throws -> ArticleStanding? {
        try store.reader.articles(id: article.id, limit: 1).first?.standing
    }

    @Test func `a lower version that arrives late is kept, and never shown as current`() throws {
        let articles = ["9", "10", "2"].map { (version: String) in
            article("Version \(version)", uri: "urn:1", version: version)
        }
        try store.follow(articles.map { $0.encodeRecord() })
        #expect(try shown() == ["Version 10"])
        #expect(try articles.map { try standing(of: $0) } == [.superseded, .current, .superseded])
        let late = try #require(try store.reader.articles(id: articles[2].id).first)
        #expect(late.current == articles[1].id.description)
        #expect(late.title == "Version 2")
        #expect(try store.reader.record(of: late) == articles[2].encodeRecord())
    }

    @Test func `a withheld version hides its article until a usable one comes`() throws {
        let first = article("First", uri: "urn:1", version: "1")
        let withheld = article("Withheld", uri: "urn:1", version: "2", status: .withheld)
        let last = article("Last", uri: "urn:1", version: "2.1")
        try store.follow([first, withheld, article("Other", uri: "urn:2")].map { $0.encodeRecord() })
        #expect(try shown() == ["Other"])
        // What is asked for by its own id is hidden too.
        #expect(try [first, withheld].map { try standing(of: $0) } == [.withheld, .withheld])
        try store.follow([last.encodeRecord()], from: 4)
        #expect(try shown() == ["Last", "Other"])
        #expect(try [first, withheld, last].map { try standing(of: $0) } == [.superseded, .superseded, .current])
    }

    @Test func `a withheld version that is lower than the current one hides nothing`() throws {
        let current = article("Current", uri: "urn:1", version: "3")
        try store.follow([
            current.encodeRecord(),
            article("Late", uri: "urn:1", version: "2", status: .withheld).encodeRecord(),
        ])
        #expect(try shown() == ["Current"])
    }

    @Test func `a withheld version may become usable as it is`() throws {
        let withheld = article("Same", uri: "urn:1", version: "1", status: .withheld)
        let usable = article("Same", uri: "urn:1", version: "1")
        #expect(withheld.id == usable.id)
        try store.follow([withheld.encodeRecord()])
        #expect(try shown() == [])
        try store.follow([usable.encodeRecord()], from: 2)
        #expect(try shown() == ["Same"])
        #expect(try store.reader.articles(limit: 1).first?.warning == nil)
    }

    @Test func `the same version with other content replaces, with a warning`() throws {
        let (first, second) = (article("One", uri: "urn:1", version: "1"), article("Two", uri: "urn:1", version: "1"))
        try store.follow([first.encodeRecord(), second.encodeRecord()])
        #expect(try shown() == ["Two"])
        #expect(try store.reader.articles(limit: 1).first?.warning == "version '1' came before with other content")
    }

    @Test func `a version that is not told keeps the one before in mind`() throws {
        for (index, version) in ["2", nil, "1"].enumerated() {
            try store.follow(
                [article("Number \(index)", uri: "urn:1", version: version).encodeRecord()], from: UInt64(index + 1))
        }
        #expect(try shown() == ["Number 1"])
    }

    @Test func `an article without a uri that comes again is shown once`() throws {
        let one = article("One")
        try store.follow([one.encodeRecord(), article("Two").encodeRecord(), one.encodeRecord()])
        #expect(try shown() == ["One", "Two"])
    }

    @Test func `one uri of two sources is two articles`() throws {
        try store.follow([
            article("One", source: "bbc", uri: "urn:1", version: "2").encodeRecord(),
            article("Two", source: "dpa", uri: "urn:1", version: "1", status: .withheld).encodeRecord(),
        ])
        #expect(try shown() == ["One"])
    }

    @Test func `a kill hides its article, before and after it comes, without its words`() throws {
        let (killed, later) = (
            article("Killed", uri: "urn:1", version: "1"), article("Later", uri: "urn:1", version: "9")
        )
        try store.follow([killed.encodeRecord(), article("Kept", uri: "urn:2").encodeRecord()])
        try store.take(result(1, kind: "summarize", data: ["summary": .array([.string("Killed words")])]))
        #expect(try shown() == ["Kept", "Killed"])
        try store.follow([kill("urn:1", note: "Legal."), later.encodeRecord()], from: 3)
        #expect(try shown() == ["Kept"])
        for article in [killed, later] {
            let row = try #require(try store.reader.articles(id: article.id).first)
            #expect(row.standing == .killed && row.title == nil)
            #expect(row.results.allSatisfy { $0.data == .object([:]) })
        }
        let kills = try store.reader.kills(source: "reuters", uri: "urn:1")
        #expect(kills.map(\.kill.editorialNote) == ["Legal."])
        #expect(kills.map(\.position.seq) == [3])
        #expect(try store.reader.totals().kills == 1)
        // After a restart too.
        let reopened = try ResultStore(path: scratch.path("status.sqlite"))
        try reopened.follow([article("Last", uri: "urn:1", version: "10").encodeRecord()], from: 5)
        #expect(try reopened.reader.articles(limit: 10).map(\.title) == ["Kept"])
    }

    @Test func `a journey tells of the kill that a file brought, and of that of an article`() throws {
        let killed = article("Killed", path: "in/a.json", uri: "urn:1", version: "1")
        try store.follow([
            killed.encodeRecord(), file("in/a.json", seq: 1).encodeRecord(), kill("urn:1", note: "Legal."),
            file("in/kill.json", seq: 3).encodeRecord(),
        ])
        for what in ["in/kill.json", "in/a.json", killed.id.description] {
            var writer = JSONWriter()
            writer.beginObject()
            try writer.journey(of: what, store.reader)
            writer.endObject()
            let journey = try JSONValue(json: writer.bytes)
            let kill = try #require(journey["kills"]?.arrayValue?.first, "\(what)")
            #expect(kill["uri"]?.stringValue == "urn:1" && kill["ed_note"]?.stringValue == "Legal.")
            #expect(!String(decoding: writer.bytes, as: UTF8.self).contains("Killed"))
        }
    }

    @Test func `what is reported of an article that is hidden is published without its words`() throws {
        try store.follow([
            article("Killed", uri: "urn:1").encodeRecord(), kill("urn:1"),
            article("Old", uri: "urn:2", version: "1").encodeRecord(),
            article("Withheld", uri: "urn:2", version: "2", status: .withheld).encodeRecord(),
            article("Shown", uri: "urn:3").encodeRecord(),
        ])
        let data: [String: JSONValue] = ["summary": .array([.string("Words.")]), "verdict": .string("unique")]
        for seq in [1, 3, 4, 5] as [UInt64] { try store.take(result(seq, kind: "mine", data: data)) }
        let published = store.log.takeAppended().map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(published.map { $0.contains("Words.") } == [false, false, false, true])
        #expect(published.allSatisfy { $0.contains(#""verdict":"unique""#) })
        #expect(try RecordSchema.ofRepository().faults(Array(published[0].utf8)) == [])
    }

    @Test func `kills are forgotten as rows and not as facts`() throws {
        try store.follow([kill("urn:1")], time: 1_000)
        #expect(try store.removeSome(before: 5_000, minutesBefore: 0) == false)
        #expect(try store.reader.kills(source: "reuters", uri: "urn:1").isEmpty)
        try store.follow([article("Killed", uri: "urn:1").encodeRecord()], from: 2, time: 9_000)
        #expect(try shown() == [])
    }

    /// The tables of the first version.
    private static let firstVersion = """
        CREATE TABLE stream(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
        CREATE TABLE article(
            row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, id BLOB NOT NULL, source TEXT NOT NULL, uri TEXT, title TEXT,
            language TEXT NOT NULL, published_ms INTEGER, received_ms INTEGER, path TEXT, hidden INTEGER NOT NULL,
            record BLOB NOT NULL, UNIQUE(stream, epoch, seq));
        CREATE INDEX article_id ON article(id);
        CREATE INDEX article_source ON article(source, row);
        CREATE INDEX article_uri ON article(uri, source) WHERE uri IS NOT NULL;
        CREATE INDEX article_path ON article(path);
        CREATE TABLE killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri)) WITHOUT ROWID;
        INSERT INTO meta(k, v) VALUES ('status_schema', 1);
        """

    @Test func `a store of the first version is taken over, and its articles are judged by their versions`() throws {
        let path = scratch.path("old.sqlite")
        let connection = try Connection(path: path)
        _ = try ArticleLog(connection: connection)
        try connection.execute(Self.firstVersion)
        let articles = [
            article("Two", uri: "urn:1", version: "2"), article("Late", uri: "urn:1", version: "1"),
            article("Withheld", uri: "urn:2", version: "5", status: .withheld),
            article("Late too", uri: "urn:2", version: "4"), article("Killed", uri: "urn:3"), article("Plain"),
        ]
        try connection.execute("INSERT INTO stream(name) VALUES ('\(sampleStream)')")
        try connection.execute("INSERT INTO killed(source, uri) VALUES ('reuters', 'urn:3')")
        for (index, article) in articles.enumerated() {
            try connection.statement(
                """
                INSERT INTO article(stream, epoch, seq, time_ms, id, source, uri, title, language, path, hidden, record)
                VALUES (1, 1, ?, 1000, ?, 'reuters', ?, ?, 'en', 'a.txt', ?, ?)
                """
            ).bind(1, index + 1).bind(2, ArticleKey.bytes(article.id)).bind(3, article.uri).bind(4, article.title)
                .bind(5, article.uri == "urn:3" || article.pubStatus != .usable ? 1 : 0)
                .bind(6, article.encodeRecord()).run()
        }
        let store = try ResultStore(connection: connection)
        #expect(try store.reader.articles(limit: 10).map(\.title) == ["Plain", "Two"])
        #expect(
            try articles.map { try store.reader.articles(id: $0.id).first?.standing }
                == [.current, .superseded, .withheld, .withheld, .killed, .current])
        try store.follow([article("Later", uri: "urn:2", version: "6").encodeRecord()], from: 7)
        #expect(try store.reader.articles(limit: 10).map(\.title) == ["Later", "Plain", "Two"])
        // Once is enough: nothing is judged again.
        #expect(try ResultStore(connection: connection).reader.articles(limit: 10).count == 3)
    }
}
