import Articles
import Deduplication
import Messaging
import SQLite
import Testing

@Suite struct DeduplicationProcessorTests {
    @Test func `unique articles and revisions stand on the stream with their own bytes and topic`() throws {
        let connection = try Connection(path: ":memory:")
        var served: [LogRecord] = []
        var opened: ArticleLog?
        let processor = DeduplicationProcessor(deduplicator: Deduplicator(), opened: { opened = $0 }) { served += $0 }
        try processor.prepare(connection)
        var dice = Dice(state: 2)
        let (text, other) = (dice.text(80), dice.text(80))
        let articles = [
            article(text, uri: "u", version: "1"), article(text), article(text + " more"), article(other),
            article(other + " new", uri: "u", version: "2"),
        ]
        let stream = StreamID.random()
        let items = articles.enumerated().map { index, article in
            WorkItem(
                position: Position(stream: stream, epoch: 1, seq: UInt64(index + 1), timeMilliseconds: 5),
                bytes: article.encodeRecord(), article: article)
        }
        let results = try connection.transaction { try items.map { try processor.apply($0) } }
        #expect(served.isEmpty)
        try processor.didCommit()
        #expect(results.map { $0.data["verdict"]?.stringValue } == ["unique", "exact", "near", "unique", "revision"])
        #expect(served.map(\.bytes) == [items[0].bytes, items[3].bytes, items[4].bytes])
        #expect(served.map(\.topic) == ["art/wire/en/", "art/wire/en/", "art/wire/en/"])
        #expect(served.map(\.position.seq) == [1, 2, 3])
        #expect(opened?.head == 3)
        // The same batch again, as after a crash before the cursor moved: nothing is served twice.
        let again = try connection.transaction { try items.map { try processor.apply($0) } }
        try processor.didCommit()
        #expect(again.map(\.data) == results.map(\.data))
        #expect(served.count == 3)
    }

    @Test func `a kill stands on the stream once, and no version of its article after it`() throws {
        let connection = try Connection(path: ":memory:")
        var served: [LogRecord] = []
        let processor = DeduplicationProcessor(deduplicator: Deduplicator()) { served += $0 }
        try processor.prepare(connection)
        var dice = Dice(state: 3)
        let articles = ["u", "u", "other"].enumerated().map { article(dice.text(60), uri: $1, version: "\($0)") }
        var canceled = articles[1]
        canceled.pubStatus = .canceled
        let kill = try #require(KillRecord(canceled))
        let stream = StreamID.random()
        func place(_ seq: UInt64) -> Position { Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 5) }
        func apply(_ index: Int, at seq: UInt64) throws {
            _ = try processor.apply(
                WorkItem(position: place(seq), bytes: articles[index].encodeRecord(), article: articles[index]))
        }
        try connection.transaction {
            try apply(0, at: 1)
            try processor.kill(kill, bytes: kill.encodeRecord(), at: place(2))
            try processor.kill(kill, bytes: kill.encodeRecord(), at: place(3))
            try apply(1, at: 4)
            try apply(2, at: 5)
        }
        try processor.didCommit()
        #expect(served.map(\.bytes) == [articles[0].encodeRecord(), kill.encodeRecord(), articles[2].encodeRecord()])
        #expect(Set(served.map(\.topic)) == ["art/wire/en/"])
    }
}
