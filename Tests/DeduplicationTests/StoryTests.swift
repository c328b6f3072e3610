import Articles
import Deduplication
import Messaging
import SQLite
import Testing

@Suite struct StoryTests {
    private let text: String
    private let other: String

    init() {
        var dice = Dice(state: 77)
        text = dice.text(80)
        other = dice.text(80)
    }

    @Test(arguments: [false, true])
    func `a story has a first and a latest article, however it is tied together`(isRestarted: Bool) throws {
        let bench = try Bench()
        let words = (text + " " + other).split(separator: " ")
        let parts = [words.prefix(60), words.suffix(60), words[...], words.suffix(59)].map {
            article($0.joined(separator: " "))
        }
        for part in parts { try bench.judge(part) }
        try bench.judge("something else that nobody copies and that has its own few words")
        if isRestarted { try bench.restart() }
        let expected = Story(first: parts[0].id, latest: parts[3].id)
        for seq in 1...4 as ClosedRange<UInt64> {
            #expect(try bench.deduplicator.story(stream: "s", epoch: 1, seq: seq) == expected)
        }
        let alone = try #require(try bench.deduplicator.story(stream: "s", epoch: 1, seq: 5))
        #expect(alone.first == alone.latest && alone.first != parts[0].id)
        #expect(try bench.deduplicator.story(stream: "s", epoch: 1, seq: 6) == nil)
    }

    @Test(arguments: [false, true], [false, true])
    func `where the first article is killed its earliest survivor is first, and is passed on`(
        isExact: Bool, isRestarted: Bool
    ) throws {
        let bench = try Bench()
        try bench.judge(article(text, uri: "u", version: "1"))
        let heir = article(isExact ? text : text + " edited", source: "paper")
        let second = article(text + " and more", source: "third")
        try bench.judge(heir)
        try bench.judge(second)
        if isRestarted { try bench.restart() }
        #expect(try bench.kill("u") == [heir.id])
        #expect(try bench.kill("u") == nil)
        if isRestarted { try bench.restart() }
        for copy in [text, text + " edited", text + " of late"] {
            let judgement = try bench.judge(article(copy, source: "fourth"))
            #expect(judgement.verdict == .exact || judgement.verdict == .near)
            #expect(judgement.first == .init(id: heir.id, seq: 2))
            #expect(judgement.story == heir.id)
        }
        #expect(try bench.deduplicator.story(stream: "s", epoch: 1, seq: 3)?.first == heir.id)
    }

    @Test func `one survivor after the other takes the place`() throws {
        let bench = try Bench()
        let articles = (0..<4).map { article(text + " take \($0)", uri: "u\($0)", version: "1") }
        for article in articles { try bench.judge(article) }
        #expect(try bench.kill("u0") == [articles[1].id])
        #expect(try bench.kill("u2") == [])
        #expect(try bench.kill("u1") == [articles[3].id])
        #expect(try bench.judge(text + " later").first?.id == articles[3].id)
        #expect(try bench.kill("u3") != [])
    }

    @Test func `a survivor that was passed on by itself is not passed on again`() throws {
        let bench = try Bench()
        let words = (text + " " + other).split(separator: " ")
        let left = article(words.prefix(60).joined(separator: " "), uri: "u", version: "1")
        let right = article(words.suffix(60).joined(separator: " "))
        try bench.judge(left)
        try bench.judge(right)
        let both = try bench.judge(article(words.joined(separator: " ")))
        #expect(both.story == left.id)
        #expect(try bench.kill("u") == [])
        let later = try bench.judge(words.suffix(59).joined(separator: " ") + " end")
        #expect(later.first?.id == right.id)
        #expect(later.story == right.id)
        #expect(bench.published == [1, 2])
    }

    @Test func `versions of the killed article, withheld and late ones do not take its place`() throws {
        let bench = try Bench()
        try bench.judge(article(text, uri: "u", version: "1"))
        try bench.judge(article(text + " second", uri: "u", version: "2"))
        var withheld = article(text + " withheld", source: "paper", uri: "p", version: "1")
        withheld.pubStatus = .withheld
        try bench.judge(withheld)
        #expect(try bench.kill("u") == [])
        #expect(try bench.judge(text).verdict == .unique)
    }

    @Test func `the survivor stands on the stream behind the kill, with its own bytes and topic`() throws {
        let connection = try Connection(path: ":memory:")
        var served: [LogRecord] = []
        let processor = DeduplicationProcessor(deduplicator: Deduplicator()) { served += $0 }
        try processor.prepare(connection)
        let first = article(text, uri: "u", version: "1")
        var copy = article(text + " copied", source: "paper")
        copy.language = "fi"
        copy.deriveID()
        var canceled = first
        canceled.pubStatus = .canceled
        let kill = try #require(KillRecord(canceled))
        let stream = StreamID.random()
        func place(_ seq: UInt64) -> Position { Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 5) }
        try connection.transaction {
            for (index, article) in [first, copy].enumerated() {
                let item = WorkItem(position: place(UInt64(index + 1)), bytes: article.encodeRecord(), article: article)
                _ = try processor.apply(item)
            }
        }
        try processor.didCommit()
        try connection.transaction {
            try processor.kill(kill, bytes: kill.encodeRecord(), at: place(3))
            try processor.kill(kill, bytes: kill.encodeRecord(), at: place(4))
        }
        try processor.didCommit()
        #expect(served.map(\.bytes) == [first.encodeRecord(), kill.encodeRecord(), copy.encodeRecord()])
        #expect(served.map(\.topic) == ["art/wire/en/", "art/wire/en/", "art/paper/fi/"])
        // Nothing of the withdrawn text is kept.
        #expect(try connection.scalar("SELECT count(*) FROM dedup_record") == 0)
    }
}
