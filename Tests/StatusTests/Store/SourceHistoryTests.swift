import Articles
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct SourceHistoryTests {
    private static let hour: Int64 = 3_600_000
    private let scratch: ScratchDirectory
    private let store: ResultStore
    /// The end of a whole hour, some time ago.
    private let end: Int64

    init() throws {
        scratch = try ScratchDirectory()
        store = try ResultStore(path: scratch.path("status.sqlite"))
        end = Clocks.wallMilliseconds() / SourceHistoryTests.hour * SourceHistoryTests.hour
    }

    private func articles(_ titles: String..., source: String) -> [[UInt8]] {
        titles.map { article($0, source: source).encodeRecord() }
    }

    private func standing(_ source: String, in store: ResultStore? = nil, at now: Int64) throws -> SourceStanding {
        try #require(try (store ?? self.store).reader.sources(at: now).first { $0.source == source })
    }

    @Test func `articles are counted in the hour of their commit, whenever they are read, and once`() throws {
        let records = articles("One", "Two", source: "bbc")
        try store.follow(records, time: end - 5 * SourceHistoryTests.hour)
        try store.follow(records, time: end - 5 * SourceHistoryTests.hour)
        try store.follow(articles("Three", source: "bbc"), from: 3, time: end - 1)
        let bbc = try standing("bbc", at: end - 1)
        #expect(bbc.hours == [Int64](repeating: 0, count: 19) + [2, 0, 0, 0, 1])
        #expect(bbc.days.reduce(0, +) == 3)
        #expect(bbc.lastHour == 1 && bbc.lastDay == 3)
        #expect(bbc.last == Timestamp(milliseconds: end - 1))
        // The history outlives the process.
        let again = try ResultStore(path: scratch.path("status.sqlite"))
        try again.follow(articles("Four", source: "bbc"), from: 4, time: end - 1)
        #expect(try standing("bbc", in: again, at: end - 1).hours.last == 2)
    }

    @Test func `of the hour in which the last sixty minutes begin, its share counts`() throws {
        try store.follow(articles("One", "Two", "Three", "Four", source: "bbc"), time: end - 1)
        #expect(try standing("bbc", at: end + SourceHistoryTests.hour / 4).lastHour == 3)
        #expect(try standing("bbc", at: end + SourceHistoryTests.hour).lastHour == 0)
    }

    @Test func `a clock that is ahead fills no hours to come, and what is very old is not in the history`() throws {
        try store.follow(articles("Ahead", source: "ahead"), time: end + 500 * SourceHistoryTests.hour)
        #expect(try standing("ahead", at: Clocks.wallMilliseconds()).lastDay == 1)
        try store.follow(articles("Old", source: "old"), from: 2, time: 1_000)
        #expect(try !store.reader.sources(at: end).contains { $0.source == "old" })
    }

    @Test func `a transaction that is rolled back counts nothing`() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try store.transaction {
                _ = try store.apply(batch(articles("One", source: "new"), time: end - 1))
                throw Stop()
            }
        }
        #expect(try store.reader.sources(at: end).isEmpty)
        try store.follow(articles("One", source: "new"), time: end - 1)
        #expect(try standing("new", at: end - 1).lastDay == 1)
    }

    @Test func `sources for which there is no room are counted together`() throws {
        try store.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<\(ResultStore.maximumSources))
            INSERT INTO source(name, first_ms, last_ms) SELECT 'made-up-'||i, 0, 0 FROM n
            """)
        try store.follow(articles("One", source: "a") + articles("Two", source: "b"), time: end - 1)
        #expect(try standing("", at: end - 1).lastDay == 2)
        #expect(try store.connection.scalar("SELECT count(*) FROM source") == Int64(ResultStore.maximumSources) + 1)
        // Sources that have had nothing for longer than the history goes make room.
        var place: Int64 = 0
        repeat { place = try store.tidySources(after: place, at: end) } while place != 0
        try store.follow(articles("Three", source: "a"), from: 3, time: end - 1)
        #expect(try standing("a", at: end - 1).lastDay == 1)
    }

    @Test func `hours go after a while, days stay longer`() throws {
        let day = 24 * SourceHistoryTests.hour
        try store.follow(articles("Old", source: "bbc"), time: end - 100 * day)
        try store.follow(articles("New", source: "bbc"), from: 2, time: end - 1)
        #expect(try store.tidySources(after: 0, at: end) == 0)
        #expect(try store.connection.scalar("SELECT count(*) FROM source_day") == 2)
        #expect(try store.connection.scalar("SELECT count(*) FROM source_day WHERE hours IS NOT NULL") == 1)
        _ = try store.tidySources(after: 0, at: end + 320 * day)
        #expect(try store.connection.scalar("SELECT count(*) FROM source_day") == 1)
    }

    @Test func `a source that stops is listed first, with the time since when it is quiet`() throws {
        var seq: UInt64 = 1
        for age in stride(from: Int64(200), through: 1, by: -1) {
            for source in age > 30 ? ["steady", "stopped"] : ["steady"] {
                try store.follow(
                    articles("\(source) \(age)", source: source), from: seq, time: end - age * SourceHistoryTests.hour)
                seq += 1
            }
        }
        let list = SourceList(try store.reader.sources(at: end))
        #expect(list.shown.map(\.source) == ["stopped", "steady"])
        #expect(list.quiet == 1 && list.others == 0)
        #expect(list.shown.first?.quietSince.map { $0.milliseconds > end - 30 * SourceHistoryTests.hour } == true)
        #expect(list.shown.last?.quietSince == nil)
    }

    @Test func `no more than a hundred are shown, the others are counted`() {
        let standings = (0..<250).map { number in
            SourceStanding(
                number: Int64(number), source: "s\(number)", hours: [], days: [], lastHour: 0, lastDay: Int64(number),
                last: Timestamp(milliseconds: 0))
        }
        let list = SourceList(standings)
        #expect(list.shown.count == 100 && list.others == 150)
        #expect(list.shown.first?.source == "s249")
    }

    @Test func `a store of the version before counts the articles that it has, in steps`() throws {
        for seq in UInt64(1)...5 {
            try store.follow(articles("Number \(seq)", source: "bbc"), from: seq, time: end - 1)
        }
        try store.connection.execute(
            """
            DROP TABLE source; DROP TABLE source_day; DROP TABLE storage_hour; DROP TABLE article_hour; DROP INDEX result_failure;
            UPDATE meta SET v=4 WHERE k='status_schema';
            """)
        let newer = try ResultStore(path: scratch.path("status.sqlite"))
        // What comes meanwhile is not counted twice.
        try newer.follow(articles("Number 6", source: "bbc"), from: 6, time: end - 1)
        #expect(try newer.countOlderArticles(limit: 2))
        #expect(try standing("bbc", in: newer, at: end - 1).lastDay == 3)
        while try newer.countOlderArticles(limit: 2) {}
        #expect(try standing("bbc", in: newer, at: end - 1).lastDay == 6)
        #expect(try !newer.countOlderArticles(limit: 2))
        #expect(try standing("bbc", in: newer, at: end - 1).lastDay == 6)
    }
}
