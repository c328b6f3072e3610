import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

/// The databases of earlier versions.
@Suite struct SchemaTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `every version has a fixture`() {
        #expect(Set(SchemaFixture.all(of: "results").map(\.version)) == Set(1...ResultStore.stateVersion.known))
    }

    @Test(arguments: SchemaFixture.all(of: "results"))
    func `a store of an earlier version is taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try ResultStore(path: $0) }
        while try store.countOlderArticles() {}
        let reader = store.reader
        let articles = try reader.articles(limit: 10)
        #expect(articles.map(\.title) == ["Wheat again", "Wheat", "Ferry runs again"])
        #expect(articles.allSatisfy { Set($0.results.map(\.kind)) == ["deduplicate", "index", "summarize"] })
        #expect(try reader.articles(source: "drop", uri: "urn:ferry:1").map(\.version) == ["2", "1"])
        #expect(try reader.kills(source: "drop", uri: "urn:mill:1").isEmpty == (fixture.version == 1))
        #expect(try reader.articles(source: "drop", uri: "urn:mill:1").allSatisfy { $0.standing == .killed })
        #expect(try reader.files(path: "wheat.txt").map(\.firstSeq) == [7])
        #expect(try reader.quarantine(path: "broken.txt", directory: nil, stream: nil).count == 1)
        #expect(try reader.totals().articles == 5)
        #expect(try reader.cursors().count == 1)
        // The history is that of what is there, counted once.
        #expect(try store.connection.scalar("SELECT sum(count) FROM source_day") == 5)
        #expect(try store.connection.scalar("SELECT max(last_row)-min(first_row)+1 FROM article_hour") == 5)
        #expect(try store.connection.scalar("SELECT count(*) FROM meta WHERE k LIKE '%counted_to'") == 0)
        let late = try ResultStore(path: scratch.path("earlier.sqlite"))
        #expect(try !late.countOlderArticles())
    }
}
