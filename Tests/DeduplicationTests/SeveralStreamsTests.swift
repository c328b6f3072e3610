import Articles
import Deduplication
import SQLite
import Testing

/// Articles of several streams, which have numbers of their own.
@Suite struct SeveralStreamsTests {
    @Test func `the same number in two streams is two articles, and what came first says its stream`() throws {
        let connection = try Connection(path: ":memory:")
        let deduplicator = Deduplicator()
        try deduplicator.prepare(connection)
        func judge(_ article: Article, _ stream: String, _ seq: UInt64) throws -> Judgement {
            let place = Deduplicator.Place(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000)
            return try connection.transaction { try deduplicator.judge(article, at: place) {} }
        }
        func article(_ words: String) -> Article {
            var article = Article(
                source: words, language: "en",
                ingest: .init(
                    path: "a.txt", sha256: String(repeating: "0", count: 64), part: 1, bytes: 1, format: "native",
                    encoding: "utf-8", received: Timestamp(milliseconds: 0)))
            article.title = words
            article.body = (0..<40).map { "\(words)\($0)" }.joined(separator: " ")
            article.deriveID()
            return article
        }
        #expect(try judge(article("a"), "east", 1).verdict == .unique)
        #expect(try judge(article("b"), "west", 1).verdict == .unique)
        let here = try judge(article("a"), "east", 2)
        #expect(here.verdict == .exact && here.first?.seq == 1 && here.first?.stream == nil)
        let there = try judge(article("a"), "west", 2)
        #expect(there.verdict == .exact && there.first?.seq == 1 && there.first?.stream == "east")
        #expect(there.data["first_stream"] == .string("east") && here.data["first_stream"] == nil)
        // The same place gets the same judgement again, also from the disk.
        let again = Deduplicator()
        try again.prepare(connection)
        let place = Deduplicator.Place(stream: "west", epoch: 1, seq: 2, timeMilliseconds: 1_700_000_000_000)
        #expect(try connection.transaction { try again.judge(article("a"), at: place) {} } == there)
    }
}
