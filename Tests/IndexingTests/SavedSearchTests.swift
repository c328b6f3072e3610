import Articles
import FoundationEssentials
import Indexing
import Messaging
import SQLite
import TestSupport
import Testing

/// The saved searches in the indexing worker: kept, changed while it works, and their matches a stream.
@Suite struct SavedSearchTests {
    let folder: ScratchDirectory
    let connection: Connection
    let store: SavedSearchStore

    init() throws {
        folder = try ScratchDirectory()
        connection = try Connection(path: folder.path("index.sqlite"))
        store = try SavedSearchStore(path: folder.path("saved.sqlite"))
    }

    private func save(_ name: String, _ query: String) throws -> Bool {
        try store.save(SavedSearch(name: name, query: query, created: Timestamp(milliseconds: 5)))
    }

    private func apply(_ article: Article, at seq: UInt64, to indexer: Indexer, _ stream: StreamID) throws -> WorkResult
    {
        let item = WorkItem(
            position: Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 7), bytes: article.encodeRecord(),
            article: article)
        let result = try connection.transaction {
            let result = try indexer.apply(item)
            try indexer.willCommit()
            return result
        }
        try indexer.didCommit()
        return result
    }

    @Test func `matches are records on the topics of their searches, and searches may change meanwhile`() throws {
        var served: [LogRecord] = []
        let indexer = try Indexer(savedSearches: folder.path("saved.sqlite")) { served += $0 }
        try indexer.prepare(connection)
        let stream = StreamID.random()
        let first = Bench.article("Coffee rises", "Prices rose.", uri: "u1", version: "1")
        _ = try apply(first, at: 1, to: indexer, stream)
        #expect(served.isEmpty)
        #expect(try save("coffee", "coffee") == false)
        #expect(try save("prices.up", "price rise OR rose") == false)
        let second = Bench.article("Coffee rises again", "Prices rose.", uri: "u1", version: "2")
        let result = try apply(second, at: 2, to: indexer, stream)
        #expect(result.data["matches"] == .integer(2))
        #expect(served.map(\.topic) == ["match/coffee/", "match/prices.up/"])
        let match = try JSONDecoder().decode(MatchRecord.self, from: Data(served[0].bytes))
        #expect(match.name == "coffee" && match.seq == 2 && match.articleID == second.id)
        #expect(match.stream == stream.description && match.epoch == 1)
        #expect(try RecordSchema.ofRepository().faults(served[0].bytes) == [])
        // The same record again says nothing, and what is not shown neither.
        _ = try apply(second, at: 2, to: indexer, stream)
        _ = try apply(first, at: 3, to: indexer, stream)
        #expect(served.count == 2)
        #expect(try store.remove("coffee") && !store.remove("coffee"))
        #expect(try save("prices.up", "tea"))
        _ = try apply(Bench.article("Coffee", "Prices rose."), at: 4, to: indexer, stream)
        #expect(served.count == 2)
    }

    @Test func `an article that fails leaves no match`() throws {
        var served: [LogRecord] = []
        let indexer = try Indexer(savedSearches: folder.path("saved.sqlite")) { served += $0 }
        try indexer.prepare(connection)
        _ = try save("coffee", "coffee")
        let article = Bench.article("Coffee", "Prices rose.")
        let item = WorkItem(
            position: Position(stream: .random(), epoch: 1, seq: 1, timeMilliseconds: 7), bytes: article.encodeRecord(),
            article: article)
        try connection.transaction {
            try connection.execute("SAVEPOINT article")
            _ = try indexer.apply(item)
            try connection.execute("ROLLBACK TO article; RELEASE article")
            try indexer.didRollBack()
            try indexer.willCommit()
        }
        try indexer.didCommit()
        #expect(served.isEmpty)
        #expect(try connection.scalar("SELECT count(*) FROM log") == 0)
    }

    @Test(arguments: [("coffee", true), ("a.b_c-1", true), ("", false), ("A", false), ("a b", false), ("ä", false)])
    func `a name is what can stand in a topic`(_ name: String, _ isName: Bool) {
        #expect(Topic.isPart(name) == isName)
        #expect(!Topic.isPart(String(repeating: "a", count: 41)))
    }
}
