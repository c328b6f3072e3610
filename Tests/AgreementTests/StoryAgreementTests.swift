import Articles
import Deduplication
import Foundation
import Indexing
import Messaging
import SQLite
import TestSupport
import Testing

/// Copies, articles that join stories, revisions and kills in random order: the stories of the index are those of the
/// deduplicator, of which it learns by results alone.
@Suite(.timeLimit(.minutes(10))) struct StoryAgreementTests {
    private static let stream = StreamID.random()

    /// An article of one or two of the families of texts, with a word of its own.
    private static func article(_ number: Int, uri: String, families: [Int]) -> Article {
        var article = Article(
            source: "wire", language: "en",
            ingest: .init(
                path: "a.json", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "ninjs",
                encoding: "utf-8", received: Timestamp(milliseconds: 0)))
        article.uri = uri
        article.title = "Article \(number)"
        article.body =
            families.map { family in (0..<60).map { "f\(family)w\($0)" }.joined(separator: " ") }
            .joined(separator: " ") + " own\(number)"
        article.deriveID()
        return article
    }

    @Test(arguments: 1...6)
    func `the index groups as the deduplicator does`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try ScratchDirectory()
        let (state, database) = (folder.path("state.sqlite"), folder.path("index.sqlite"))
        let connection = try Connection(path: state)
        try connection.configure(durability: .normal)
        let judge = Deduplicator(threshold: 0.8)
        let worker = DeduplicationProcessor(deduplicator: judge) { _ in }
        try worker.prepare(connection)
        let writer = try Connection(path: database)
        try writer.configure(durability: .normal)
        let indexer = try Indexer(savedSearches: folder.path("saved.sqlite")) { _ in }
        try indexer.prepare(writer)
        let links = try StoryStore(path: folder.path("stories.sqlite"))
        let searcher = try ArticleSearcher(
            connection: Connection(path: database, mode: .readOnly),
            links: Connection(path: folder.path("stories.sqlite"), mode: .readOnly), timeLimit: .seconds(20))

        var shown: [String: (seq: UInt64, id: ArticleID)] = [:]
        var joined = 0
        for number in 1...80 {
            let position = Position(
                stream: Self.stream, epoch: 1, seq: UInt64(number), timeMilliseconds: 1_700_000_000_000 + Int64(number))
            let known = shown.keys.sorted()
            let dice = Int.random(in: 0..<10, using: &random)
            if dice == 0, let uri = known.randomElement(using: &random) {
                var canceled = Self.article(number, uri: uri, families: [])
                canceled.pubStatus = .canceled
                let kill = try #require(KillRecord(canceled))
                for (connection, processor) in [(connection, worker as any StatefulProcessor), (writer, indexer)] {
                    try connection.transaction {
                        try processor.kill(kill, bytes: kill.encodeRecord(), at: position)
                        try processor.willCommit()
                    }
                }
                shown[uri] = nil
                continue
            }
            let isRevision = dice == 1 && !known.isEmpty
            let uri = isRevision ? known.randomElement(using: &random) ?? "u" : "u\(number)"
            let families = (0..<(dice == 2 ? 2 : 1)).map { _ in Int.random(in: 0..<12, using: &random) }
            let article = Self.article(number, uri: uri, families: families)
            let item = WorkItem(position: position, bytes: article.encodeRecord(), article: article)
            let verdict = try connection.transaction { try worker.apply(item) }
            if verdict.data["merged_stories"] != nil { joined += 1 }
            try writer.transaction {
                _ = try indexer.apply(item)
                try indexer.willCommit()
            }
            let result = ResultRecord(
                stream: Self.stream.description, epoch: 1, seq: position.seq, kind: worker.kind, generation: 1,
                attempt: 1, status: verdict.status, timeMilliseconds: 0, articleID: article.id, data: verdict.data)
            try links.apply(
                [result.encodeRecord()],
                next: Cursor(stream: Self.stream, epoch: 1, seq: position.seq, timeMilliseconds: 0))
            shown[uri] = (position.seq, article.id)
            guard number % 8 == 0 else { continue }
            var stories: [ArticleID: Set<String>] = [:]
            for (seq, id) in shown.values {
                let story = try #require(try judge.story(stream: Self.stream.description, epoch: 1, seq: seq))
                stories[story.first, default: []].insert(id.description)
            }
            for story in stories.values {
                for id in story {
                    #expect(try Set(searcher.search("story:\(id)", limit: 100).hits.map(\.id)) == story)
                }
            }
            let collapsed = try searcher.search("source:wire", limit: 100, by: .init(.arrival, collapse: .story))
            #expect(collapsed.stories == stories.count)
            #expect(collapsed.total == shown.count)
            #expect(collapsed.hits.compactMap(\.others).reduce(0, +) + stories.count == shown.count)
        }
        #expect(joined > 0, "stories were joined")
    }
}
