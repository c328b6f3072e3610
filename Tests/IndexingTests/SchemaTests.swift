import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Indexing

/// The databases of earlier versions.
@Suite struct SchemaTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `every version has a fixture`() {
        let stores = [
            "index": (1, ArticleIndex.stateVersion), "stories": (0, StoryStore.stateVersion),
            "saved-searches": (0, SavedSearchStore.stateVersion),
        ]
        for (store, (first, version)) in stores {
            #expect(Set(SchemaFixture.all(of: store).map(\.version)) == Set(Int64(first)...version.known))
        }
    }

    @Test(arguments: SchemaFixture.all(of: "index"))
    func `an index of an earlier version is taken over with its text and its archive`(fixture: SchemaFixture) throws {
        let index = try fixture.upgrade(
            in: scratch, prepare: { try $0.register(tokenizer: ArticleTokenizer(), name: ArticleTokenizer.name) }
        ) { path in
            let index = try ArticleIndex(connection: Connection(path: path))
            try index.prepare()
            return index
        }
        let searcher = try ArticleSearcher(
            connection: Connection(path: scratch.path("earlier.sqlite"), mode: .readOnly), timeLimit: .seconds(20))
        func titles(_ query: String) throws -> Set<String> {
            Set(try searcher.search(query).hits.map { $0.title ?? "" })
        }
        #expect(try titles("prices wheat") == ["Wheat", "Wheat again"])
        #expect(try titles("ferry") == ["Ferry runs again"])
        #expect(try titles("section:traffic") == ["Ferry runs again"])
        #expect(try titles("mill") == [])
        let id = try #require(ArticleID("3deb27a8b7e8aee21da7ff9c14bcc3a3"))
        #expect(try searcher.get(id: id).map { String(decoding: $0, as: UTF8.self) }?.contains("Ferry is late") == true)
        // What comes next has the next number, and what is withdrawn stays so.
        func apply(_ article: Article, _ seq: UInt64) throws -> ArticleIndex.Outcome {
            try index.connection.transaction {
                let position = Position(stream: .random(), epoch: 1, seq: seq, timeMilliseconds: 1_796_039_600_000)
                let outcome = try index.apply(article, bytes: article.encodeRecord(), at: position)
                try index.writeText()
                return outcome
            }
        }
        let killed = try apply(Bench.article("Mill", "sale", source: "drop", uri: "urn:mill:1"), 1)
        #expect(killed.action == .removed)
        let next = try apply(Bench.article("Barley", "grain", source: "drop"), 2)
        #expect(next.action == .indexed)
        #expect(try index.connection.scalar("SELECT max(number) FROM document") == 6)
    }

    @Test(arguments: SchemaFixture.all(of: "stories"))
    func `the stories of an earlier version are taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try StoryStore(path: $0) }
        let stream = try #require(StreamID("11dc40b4-e595-4cd9-8ea1-76d060ed2437"))
        #expect(try store.cursors.cursor(of: stream)?.seq == 15)
        let connection = try Connection(path: scratch.path("earlier.sqlite"), mode: .readOnly)
        #expect(try connection.scalar("SELECT count(*) FROM story_link") == 2)
    }

    @Test(arguments: SchemaFixture.all(of: "saved-searches"))
    func `the saved searches of an earlier version are taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try SavedSearchStore(path: $0) }
        #expect(try store.searches().map(\.query) == [#"flood* OR "high water""#])
    }
}
