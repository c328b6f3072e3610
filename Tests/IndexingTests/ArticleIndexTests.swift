import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Indexing

@Suite struct ArticleIndexTests {
    let bench: Bench

    init() throws { bench = try Bench() }

    @Test func `an article is found once its transaction is committed`() throws {
        let article = Bench.article("Coffee rises", "Prices rose in Brazil.")
        #expect(try bench.add(article) == [.init(action: .indexed, words: 6)])
        #expect(try bench.titles("brazil") == ["Coffee rises"])
        #expect(try bench.searcher().get(id: article.id) == article.encodeRecord())
        #expect(try bench.titles("tea") == [])
    }

    @Test func `the same record at the same position changes nothing`() throws {
        let article = Bench.article("Coffee rises", uri: "u1")
        try bench.add(article, at: 1)
        #expect(try bench.add(article, at: 1) == .init(action: .indexed, words: 2, isRepeated: true))
        #expect(try bench.searcher().search("coffee").total == 1)
        #expect(try bench.connection.scalar("SELECT count(*) FROM document") == 1)
    }

    @Test func `a higher version replaces, a lower one that comes late is kept and not shown`() throws {
        let versions = ["9", "10", "2"].map { (version: String) in
            Bench.article("Version \(version)", "coffee", uri: "u1", version: version)
        }
        #expect(try bench.add(versions[0])[0].action == .indexed)
        #expect(try bench.add(versions[1])[0].action == .replaced)
        #expect(try bench.add(versions[2])[0].action == .kept)
        #expect(try bench.titles("coffee") == ["Version 10"])
        for version in versions { #expect(try bench.searcher().get(id: version.id) == version.encodeRecord()) }
    }

    @Test func `versions in one batch end as they would one by one`() throws {
        let versions = ["1", "3", "2"].map { (version: String) in
            Bench.article("Version \(version)", "coffee", uri: "u1", version: version)
        }
        let outcomes = try bench.add(versions[0], versions[1], versions[2])
        #expect(outcomes.map(\.action) == [.indexed, .replaced, .kept])
        #expect(try bench.titles("coffee") == ["Version 3"])
        #expect(try bench.titles("version") == ["Version 3"])
    }

    @Test func `the same version with other content replaces by its place in the stream`() throws {
        let first = Bench.article("First", "coffee", uri: "u1", version: "1")
        let second = Bench.article("Second", "coffee", uri: "u1", version: "1")
        try bench.add(second, at: 2)
        #expect(try bench.add(first, at: 1).action == .kept)
        #expect(try bench.titles("coffee") == ["Second"])
        try bench.add(first, at: 3)
        #expect(try bench.titles("coffee") == ["First"])
    }

    @Test func `the same article once more takes its own place`() throws {
        let article = Bench.article("Coffee", "beans")
        try bench.add(article)
        #expect(try bench.add(article)[0].action == .replaced)
        #expect(try bench.searcher().search("coffee").total == 1)
        #expect(try bench.searcher().search("coffee").hits.first?.seq == 2)
    }

    @Test func `an index of the first schema gets the sections of what it has`() throws {
        try bench.add(
            Bench.article("Old", "coffee", uri: "u1", version: "1", section: "Trade"),
            Bench.article("New", "coffee", uri: "u1", version: "2", section: "Sport"), Bench.article("Bare", "coffee"))
        try bench.age(toSchema: 1)
        try ArticleIndex(connection: bench.connection).prepare()
        #expect(try bench.titles("section:sport") == ["New"])
        #expect(try bench.titles("section:trade") == [])
        try bench.add(Bench.article("Next", "coffee", section: "Trade"))
        #expect(try bench.titles("section:trade") == ["Next"])
        try bench.connection.execute("UPDATE index_meta SET v=99 WHERE k='schema'")
        #expect(throws: (any Error).self) { try ArticleIndex(connection: bench.connection).prepare() }
    }

    @Test(arguments: [nil, 3]) func `no number of a document is used again`(schema: Int?) throws {
        let kept = [Bench.article("Bare", "coffee"), Bench.article("Named", "coffee", uri: "u1")]
        try bench.addAll(kept + [Bench.article("Gone", "coffee", uri: "u2")])
        try bench.kill("u2")
        if let schema { try bench.age(toSchema: schema) }
        let index = try ArticleIndex(connection: bench.connection)
        try index.prepare()
        let next = Bench.article("Next", "coffee")
        try bench.connection.transaction {
            _ = try index.apply(next, bytes: next.encodeRecord(), at: bench.position(9))
            try index.writeText()
        }
        #expect(try bench.connection.scalar("SELECT max(number) FROM document") == 4)
        #expect(try bench.connection.scalar("SELECT count(*) FROM sqlite_schema WHERE name='document_position'") == 0)
        #expect(try Set(bench.titles("coffee")) == ["Bare", "Named", "Next"])
        for article in kept { #expect(try bench.searcher().get(id: article.id) == article.encodeRecord()) }
    }

    @Test func `a content is looked up without reading all documents`() throws {
        var steps: [String] = []
        try bench.connection.prepare("EXPLAIN QUERY PLAN SELECT * FROM document WHERE \(IndexSchema.holdsContent)")
            .forEachRow { steps.append($0.string(3)) }
        #expect(steps.contains { $0.contains("INDEX document_key") })
        #expect(steps.contains { $0.contains("INDEX document_content") })
        #expect(steps.allSatisfy { !$0.hasPrefix("SCAN") }, "\(steps)")
    }

    @Test func `one uri of two sources is two articles`() throws {
        try bench.add(
            Bench.article("One", "coffee", source: "bbc", uri: "u1"),
            Bench.article("Two", "coffee", source: "dpa", uri: "u1"))
        #expect(try Set(bench.titles("coffee")) == ["One", "Two"])
    }

    @Test func `a kill takes all versions away for ever`() throws {
        let first = Bench.article("First", "coffee", uri: "u1", version: "1")
        let second = Bench.article("Second", "coffee", uri: "u1", version: "2")
        try bench.add(first, second, Bench.article("Other", "coffee", uri: "u2"))
        try bench.kill("u1")
        #expect(try bench.titles("coffee") == ["Other"])
        #expect(try bench.searcher().get(id: first.id) == nil)
        #expect(try bench.searcher().get(id: second.id) == nil)
        let later = Bench.article("Third", "coffee", uri: "u1", version: "3")
        #expect(try bench.add(later)[0].action == .removed)
        #expect(try bench.titles("coffee") == ["Other"])
    }

    @Test func `the worker takes kills in`() throws {
        let folder = try ScratchDirectory()
        let connection = try Connection(path: folder.path("index.sqlite"))
        let indexer = try Indexer(savedSearches: folder.path("saved.sqlite")) { _ in }
        try indexer.prepare(connection)
        var article = Bench.article("Rain", uri: "u1", version: "1")
        let place = Position(stream: .random(), epoch: 1, seq: 1, timeMilliseconds: 1)
        try connection.transaction {
            _ = try indexer.apply(WorkItem(position: place, bytes: article.encodeRecord(), article: article))
            try indexer.willCommit()
        }
        #expect(try connection.scalar("SELECT count(*) FROM document WHERE state=0") == 1)
        article.pubStatus = .canceled
        let kill = try #require(KillRecord(article))
        try connection.transaction {
            try indexer.kill(kill, bytes: kill.encodeRecord(), at: place)
            try indexer.willCommit()
        }
        #expect(try connection.scalar("SELECT count(*) FROM document") == 0)
    }

    @Test func `a kill may come before its article`() throws {
        try bench.kill("u1")
        #expect(try bench.add(Bench.article("First", "coffee", uri: "u1"))[0].action == .removed)
        #expect(try bench.titles("coffee") == [])
    }

    @Test func `withheld hides until a usable version comes`() throws {
        var withheld = Bench.article("Second", "coffee", uri: "u1", version: "2")
        withheld.pubStatus = .withheld
        try bench.add(Bench.article("First", "coffee", uri: "u1", version: "1"))
        #expect(try bench.add(withheld)[0].action == .removed)
        #expect(try bench.titles("coffee") == [])
        #expect(try bench.searcher().get(id: withheld.id) == nil)
        try bench.add(Bench.article("Third", "coffee", uri: "u1", version: "3"))
        #expect(try bench.titles("coffee") == ["Third"])
    }

    @Test func `an article whose savepoint was rolled back is not found`() throws {
        let lost = Bench.article("Lost", "coffee")
        let kept = Bench.article("Kept", "coffee")
        try bench.connection.transaction {
            try bench.connection.execute("SAVEPOINT article")
            _ = try bench.index.apply(lost, bytes: lost.encodeRecord(), at: bench.position(1))
            try bench.connection.execute("ROLLBACK TO article; RELEASE article")
            _ = try bench.index.apply(kept, bytes: kept.encodeRecord(), at: bench.position(2))
            try bench.index.writeText()
        }
        #expect(try bench.titles("coffee") == ["Kept"])
        try bench.add(lost, at: 3)
        #expect(try Set(bench.titles("coffee")) == ["Lost", "Kept"])
    }

    @Test func `what was removed leaves no trace in the full text`() throws {
        let text = "Größe ändert sich, цены растут, 中国人民 and 3.5 percent of O'Brien's déjà-vu"
        for language in ["de", "en", "ru", "und"] {
            try bench.add(Bench.article("Title", text, language: language, uri: language))
            try bench.kill(language)
        }
        try bench.connection.execute("INSERT INTO article_text(article_text) VALUES ('optimize')")
        try bench.connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab('article_text', 'row')")
        #expect(try bench.connection.scalar("SELECT count(*) FROM terms") == 0)
        try bench.add(Bench.article("Title", text))
        #expect(try bench.connection.scalar("SELECT count(*) FROM terms") ?? 0 > 10)
    }

    @Test func `an index that other code tokenized is written again from the archive`() throws {
        try bench.add(Bench.article("Running", "coffee"))
        try bench.connection.execute("UPDATE index_meta SET v = 0 WHERE k = 'tokenizer'; DROP TABLE article_text")
        try bench.connection.execute("CREATE VIRTUAL TABLE article_text USING fts5(x)")
        try bench.index.prepare()
        #expect(try bench.titles("runs coffee") == ["Running"])
    }

    @Test func `a database of a later version is refused`() throws {
        try bench.connection.execute("UPDATE index_meta SET v = 99 WHERE k = 'schema'")
        let error = #expect(throws: (any Error).self) { try bench.index.prepare() }
        #expect(error.map { "\($0)" }?.contains("99") == true)
    }
}
