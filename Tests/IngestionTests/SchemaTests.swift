import Articles
import Hashing
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// The databases of earlier versions, and what a later one has written.
@Suite struct SchemaTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func open(_ path: String) throws -> IntakeStore {
        let store = try IntakeStore(Intake.Options(databasePath: path, statePath: scratch.path), hold: { .none })
        _ = try Pauses(connection: store.connection)
        return store
    }

    @Test func `every version has a fixture`() {
        #expect(Set(SchemaFixture.all(of: "log").map(\.version)) == Set(1...Ledger.stateVersion.known))
    }

    @Test(arguments: SchemaFixture.all(of: "log"))
    func `a watcher's database of an earlier version is taken over`(fixture: SchemaFixture) throws {
        let store = try fixture.upgrade(in: scratch) { try open($0) }
        #expect(store.log.head == 11)
        // What was published is known when it is dropped again.
        let wheat = """
            Wheat

            2026-03-02 10:00:00

            The price of wheat rose by two per cent on the exchange today, after a dry week.

            """
        let known = try #require(try store.ledger.published(1, sha256: SHA256.hash(Array(wheat.utf8))))
        #expect(known.path.description == "wheat.txt" && known.firstSeq == 7)
        #expect(store.ledger.openCount == 0)
        guard fixture.description.hasPrefix("log-2"), fixture.description != "log-2-first" else { return }
        #expect(store.held.count == 1)
        let well = try #require(try store.held.articles(id: "00112233445566778899aabbccddeeff").first)
        #expect(well.until == 1_796_200_000_000 && store.held.nextRelease == well.until)
        let version = Article(
            source: "drop", language: "en",
            ingest: .init(
                path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        func encoded(_ uri: String) -> EncodedArticle {
            var article = version
            article.uri = uri
            article.deriveID()
            return EncodedArticle(article, part: 1, topicSource: nil)
        }
        #expect(try store.killed.contains(encoded("urn:mill:1")) && !store.killed.contains(encoded("urn:ferry:1")))
        #expect(try store.erased.contains(encoded("urn:gone:1")) && !store.erased.contains(encoded("urn:ferry:1")))
    }

    @Test func `a book of erasures with a line of a later version is not passed over`() throws {
        var entry = ErasureEntry(time: Timestamp(milliseconds: 0), cause: .operator, reason: "asked")
        (entry.source, entry.uri) = ("desk", "urn:1")
        let book = try ErasureBook(directory: scratch.path, from: .init())
        _ = try book.append(entry)
        // Lines of before they had a version are of the first.
        let old = #"{"n":2,"time":"2026-03-02T10:00:00Z","cause":"operator","reason":"","source":"desk","uri":"urn:2"}"#
        try scratch.append(Array("\(old)\n".utf8), to: "erasures.jsonl")
        #expect(try ErasureBook(directory: scratch.path, from: .init()).missing.map(\.entry.uri) == ["urn:1", "urn:2"])
        try scratch.append(Array("{\"v\":2,\"n\":3,\"what\":\"all of it\"}\n".utf8), to: "erasures.jsonl")
        let error = #expect(throws: NewerState.self) { try ErasureBook(directory: scratch.path, from: .init()) }
        #expect(error?.path == scratch.path("erasures.jsonl") && error?.version == 2)
    }
}
