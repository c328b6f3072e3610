import Articles
import Dispatch
import Foundation
import Indexing
import Lifecycle
import Messaging
import SQLite
import TestSupport
import Testing
import ZeroMQ

/// What the deduplicator says of stories, as the index makes use of it.
@Suite struct StoryTests {
    let bench: Bench
    let store: StoryStore
    let searcher: ArticleSearcher
    private let results = StreamID.random()

    init() throws {
        bench = try Bench()
        store = try StoryStore(path: bench.path + "-stories")
        searcher = try ArticleSearcher(
            connection: Connection(path: bench.path, mode: .readOnly),
            links: Connection(path: bench.path + "-stories", mode: .readOnly), timeLimit: .seconds(20))
    }

    private static func result(
        _ article: Article, _ story: Article, merged: [Article] = [], generation: Int = 1, kind: String = "deduplicate"
    ) -> [UInt8] {
        var data: [String: JSONValue] = ["verdict": .string("near"), "story": .string(story.id.description)]
        if !merged.isEmpty { data["merged_stories"] = .array(merged.map { .string($0.id.description) }) }
        return ResultRecord(
            stream: StreamID.random().description, epoch: 1, seq: 1, kind: kind, generation: generation, attempt: 1,
            status: .ok, timeMilliseconds: 0, articleID: article.id, data: .object(data)
        ).encodeRecord()
    }

    private func say(_ records: [UInt8]...) throws {
        try store.apply(records, next: Cursor(stream: results, epoch: 1, seq: 1, timeMilliseconds: 0))
    }

    private func stories(
        _ query: String, _ order: SearchArrangement.Order = .date, limit: Int = 50, cursor: String? = nil
    ) throws -> SearchResults {
        try searcher.search(query, limit: limit, by: .init(order, collapse: .story), cursor: cursor)
    }

    private func shown(_ query: String, _ order: SearchArrangement.Order = .date) throws -> [String] {
        try stories(query, order).hits.map { "\($0.title ?? "")+\($0.others ?? -1)" }
    }

    private static func article(_ title: String, day: Int, _ body: String = "oil") -> Article {
        Bench.article(title, body, uri: title, published: "2025-02-\(day < 10 ? "0" : "")\(day)T00:00:00Z")
    }

    private let a = article("a", day: 1)
    private let b = article("b", day: 2)
    private let c = article("c", day: 3)
    private let d = article("d", day: 4)

    @Test func `a story is one hit: its article that stands first`() throws {
        try bench.add(a, b, c, d)
        #expect(try shown("oil") == ["d+0", "c+0", "b+0", "a+0"])
        try say(StoryTests.result(a, a), StoryTests.result(c, a), StoryTests.result(d, d))
        #expect(try shown("oil") == ["d+0", "c+1", "b+0"])
        #expect(try shown("oil", .arrival) == ["d+0", "c+1", "b+0"])
        let found = try stories("oil")
        #expect(found.total == 4, "articles")
        #expect(found.stories == 3)
        #expect(found.facets.days.map(\.count) == [1, 1, 1, 1], "facets count articles")
        #expect(try searcher.search("oil").stories == nil)
        #expect(try searcher.search("oil").hits.count == 4)
        #expect(try shown("before:2025-02-03") == ["b+0", "a+0"], "others are those that were found")
    }

    @Test func `the best ranked article of a story is shown`() throws {
        try bench.add(
            StoryTests.article("weak", day: 1, "oil and many other things that are said at length"),
            StoryTests.article("oil", day: 2, "oil oil"), StoryTests.article("middle", day: 3, "oil and others"))
        let ids = try searcher.search("oil", by: .init(.arrival)).hits.map(\.id)
        #expect(ids.count == 3)
        for id in ids.dropFirst() {
            try say(result(id, ids[0]))
        }
        #expect(try shown("oil", .relevance) == ["oil+2"])
        #expect(try shown("oil -title:oil", .relevance) == ["middle+1"])
    }

    private func result(_ id: String, _ story: String) -> [UInt8] {
        ResultRecord(
            stream: StreamID.random().description, epoch: 1, seq: 1, kind: "deduplicate", generation: 1, attempt: 1,
            status: .ok, timeMilliseconds: 0, articleID: ArticleID(id),
            data: .object(["story": .string(story)])
        ).encodeRecord()
    }

    @Test func `stories that are joined are one, by whichever id they are called`() throws {
        try bench.add(a, b)
        try say(StoryTests.result(b, a))
        try bench.add(c, d)
        #expect(try shown("oil") == ["d+0", "c+0", "b+1"])
        // d is near to both: the story of c is part of that of a.
        try say(StoryTests.result(c, c), StoryTests.result(d, a, merged: [c]))
        #expect(try shown("oil") == ["d+3"])
        let late = StoryTests.article("late", day: 5)
        try say(StoryTests.result(late, c))
        #expect(try shown("oil") == ["d+3"])
        try bench.add(late)
        #expect(try shown("oil") == ["late+4"], "a verdict may come before its article is indexed")
        for article in [a, b, c, d, late] {
            #expect(
                try Set(searcher.search("story:\(article.id)").hits.compactMap(\.title)) == [
                    "a", "b", "c", "d", "late",
                ])
        }
        #expect(try searcher.search("oil -story:\(a.id)").total == 0)
    }

    @Test func `an article that nothing is known of is a story by itself`() throws {
        try bench.add(a, b)
        #expect(try searcher.search("story:\(a.id)").hits.map(\.title) == ["a"])
        #expect(try searcher.search("oil -story:\(a.id)").hits.map(\.title) == ["b"])
        #expect(try searcher.search("story:\(c.id)").total == 0)
        #expect(try bench.searcher().search("oil", by: .init(.date, collapse: .story)).stories == 2)
        let error = #expect(throws: SearchSyntaxError.self) { try searcher.search("oil story:x") }
        #expect(error?.offset == 10)
        #expect(throws: SearchSyntaxError.self) { try Percolator.check("oil (story:\(a.id) OR source:x)") }
    }

    @Test func `where the shown article goes, another of its story is shown`() throws {
        try bench.add(a, b, c)
        try say(StoryTests.result(b, a), StoryTests.result(c, a))
        #expect(try shown("oil") == ["c+2"])
        try bench.kill("c")
        #expect(try shown("oil") == ["b+1"])
        try bench.kill("a")
        #expect(try shown("oil") == ["b+0"])
        // Its heir carries the story on under an id of its own.
        try bench.add(d)
        try say(StoryTests.result(d, b))
        #expect(try shown("oil") == ["d+1"])
    }

    @Test func `work that is done again puts articles elsewhere`() throws {
        try bench.add(a, b, c)
        try say(StoryTests.result(b, a), StoryTests.result(c, a))
        #expect(try shown("oil") == ["c+2"])
        try say(StoryTests.result(c, c, generation: 2), StoryTests.result(c, a, generation: 1))
        #expect(try shown("oil") == ["c+0", "b+1"])
        try say(StoryTests.result(b, c, generation: 2))
        #expect(try shown("oil") == ["c+1", "a+0"])
    }

    @Test func `what is no verdict is passed over`() throws {
        try bench.add(a, b)
        try say(
            Array("{}".utf8), Array("{\"v\":1,\"type\":\"result\",".utf8), StoryTests.result(b, a, kind: "index"), [],
            ResultRecord(
                stream: "s", epoch: 1, seq: 1, kind: "deduplicate", generation: 1, attempt: 1, status: .failed,
                timeMilliseconds: 0, articleID: b.id, data: .object(["story": .string(a.id.description)])
            ).encodeRecord(), result(b.id.description, "a story"))
        #expect(try shown("oil") == ["b+0", "a+0"])
    }

    @Test(arguments: [SearchArrangement.Order.relevance, .date, .arrival])
    func `cursors show each story of the first page once, whatever comes in between`(
        order: SearchArrangement.Order
    ) throws {
        var articles: [Article] = []
        for number in 0..<60 {
            let body = "oil" + String(repeating: " word", count: number % 13)
            articles.append(StoryTests.article("n\(number)", day: 1 + number * 7 % 28, body))
            try bench.add(articles[number])
            // Twenty stories of three.
            try say(StoryTests.result(articles[number], articles[number % 20]))
        }
        let whole = try stories("oil", order)
        #expect(whole.hits.count == 20)
        #expect(whole.hits.allSatisfy { $0.others == 2 })
        var seen: [String] = []
        var cursor: String?
        var newcomers = 0
        repeat {
            let page = try stories("oil", order, limit: 3, cursor: cursor)
            seen += page.hits.map { $0.title ?? "" }
            cursor = page.next
            // Copies that stand before all there are, and stories of their own.
            for story in 0..<20 {
                newcomers += 1
                let copy = StoryTests.article("new\(newcomers)", day: 28, "oil oil oil")
                try bench.add(copy)
                try say(StoryTests.result(copy, story % 3 == 0 ? copy : articles[story]))
            }
        } while cursor != nil && seen.count < 500
        #expect(seen.filter { !$0.hasPrefix("new") } == whole.hits.map { $0.title ?? "" })
        #expect(Set(seen).count == seen.count)
    }

    @Test func `verdicts are read from the stream of results, from where reading ended`() throws {
        let context = try Context()
        let log = try Connection(path: bench.folder.path("results.sqlite"))
        try log.configure(durability: .normal)
        let stream = try ArticleLog(connection: log)
        func append(_ records: [UInt8]...) throws {
            try log.transaction {
                for record in records { _ = try stream.append(topic: .result(kind: "deduplicate"), record: record) }
                _ = try stream.append(topic: .result(kind: "index"), record: StoryTests.result(d, a, kind: "index"))
            }
        }
        try bench.add(a, b, c, d)
        try append(StoryTests.result(b, a))
        let address = "ipc://\(bench.folder.path("results-log"))"
        func serve(_ body: () throws -> Void) throws {
            let server = try LogServer(
                context: context,
                configuration: StreamConfiguration(
                    name: "results", feed: [Endpoint(binding: "ipc://\(bench.folder.path("results-feed"))")],
                    log: [Endpoint(binding: address)]),
                databasePath: log.path)
            try run(server) { try body() }
        }
        func follow(_ body: () throws -> Void) throws {
            let follower = try StoryFollower(context: context, endpoints: [address], path: bench.path + "-stories")
            try run(follower, body)
        }
        try follow {
            #expect(try shown("oil") == ["d+0", "c+0", "b+0", "a+0"], "without the stream each is alone")
            try serve { try waitUntil("the first verdict is known") { try shown("oil") == ["d+0", "c+0", "b+1"] } }
        }
        try append(StoryTests.result(c, a))
        let place = try log.scalar("SELECT max(seq) FROM log")
        try serve {
            try follow { try waitUntil("the second verdict is known") { try shown("oil") == ["d+0", "c+2"] } }
        }
        let kept = try Connection(path: bench.path + "-stories", mode: .readOnly)
        #expect(try kept.scalar("SELECT count(*) FROM story_link") == 2)
        #expect(try kept.scalar("SELECT seq FROM story_cursor") == place)
    }

    /// Runs a service on a thread of its own while `body` runs.
    private func run(_ service: any Service, _ body: () throws -> Void) throws {
        let started = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            do { try service.run { started.signal() } } catch {
                Issue.record(error)
                started.signal()
            }
            ended.signal()
        }
        started.wait()
        defer {
            service.drain()
            ended.wait()
        }
        try body()
    }
}
