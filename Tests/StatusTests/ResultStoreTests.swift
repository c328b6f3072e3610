import Articles
import Foundation
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct ResultStoreTests {
    private let scratch: ScratchDirectory
    private let store: ResultStore

    init() throws {
        scratch = try ScratchDirectory()
        store = try ResultStore(path: scratch.path("status.sqlite"))
    }

    @Test func `the first ok of a generation wins`() throws {
        #expect(try store.take(result(1, time: 1)) == [.stored])
        #expect(try store.take(result(1, time: 2, data: ["verdict": .string("near")])) == [.duplicate])
        #expect(try store.take(result(1, attempt: 2, .failed, time: 3, data: [:])) == [.duplicate])
        let totals = try store.reader.totals()
        #expect(totals.results["deduplicate"]?.ok == 1)
        #expect(totals.results["deduplicate"]?.verdicts == ["unique": 1])
    }

    @Test func `a failure gives way to a later attempt, and not to itself sent again`() throws {
        let failure = result(1, .failed, data: ["reason": .string("no")])
        #expect(try store.take(failure) == [.stored])
        #expect(try store.take(failure) == [.duplicate])
        #expect(
            try store.take(result(1, attempt: 2, .failed, time: 2_000, data: ["dead": .boolean(true)])) == [.stored])
        #expect(try store.reader.totals().results["deduplicate"]?.failed == 1)
        #expect(try store.reader.totals().results["deduplicate"]?.dead == 1)
        #expect(try store.take(result(1, attempt: 3, .ok, time: 3_000)) == [.stored])
        let totals = try store.reader.totals().results["deduplicate"]
        #expect(totals == .init(ok: 1, failed: 0, skipped: 0, dead: 0, verdicts: ["unique": 1]))
        #expect(try store.take(failure) == [.duplicate])
    }

    @Test func `a higher generation replaces and a lower one is late`() throws {
        #expect(try store.take(result(1, generation: 1)) == [.stored])
        #expect(
            try store.take(result(1, generation: 2, data: ["verdict": .string("near")])) == [.stored])
        #expect(try store.take(result(1, generation: 1)) == [.duplicate])
        let totals = try store.reader.totals().results["deduplicate"]
        #expect(totals?.ok == 1)
        #expect(totals?.verdicts.filter { $0.value != 0 } == ["near": 1])
    }

    @Test func `a skipped article stays skipped, kinds and positions are apart`() throws {
        #expect(
            try store.take(
                result(1, .skipped, data: [:]), result(1, .ok), result(1, kind: "index", data: [:]), result(2))
                == [.stored, .duplicate, .stored, .stored])
    }

    @Test func `every stored result stands in the results log once, with the reported bytes`() throws {
        try store.take(result(1), result(1), result(2, kind: "index", data: ["action": .string("indexed")]))
        let appended = store.log.takeAppended()
        #expect(appended.map(\.topic) == ["result/deduplicate/", "result/index/"])
        #expect(appended.first?.bytes == result(1).encodeRecord())
        #expect(store.log.head == 2)
    }

    @Test func `a result that another producer writes in its own order is published in the record's form`() throws {
        let foreign = """
            { "data": {"x": [1, null, "é"]}, "seq": 7, "stream": "\(sampleStream.description.uppercased())",
              "epoch": 1, "kind": "mine", "gen": 0, "attempt": 1, "status": "ok", "time_ms": 5, "more": true }
            """
        let reported = try ReportedResult(Array(foreign.utf8), kind: "mine")
        let record = String(decoding: reported.record, as: UTF8.self)
        #expect(record.hasPrefix("{\"v\":1,\"type\":\"result\",\"kind\":\"mine\""))
        #expect(!record.contains("\n"))
        #expect(reported.stream == sampleStream)
    }

    @Test(arguments: [
        "", "null", "[]", "{", "{}", "\u{1}", #"{"stream":"x"}"#,
        #"{"stream":"S","epoch":0,"seq":1,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":0,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"other","gen":0,"attempt":1,"status":"ok","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":-1,"attempt":1,"status":"ok","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":0,"attempt":0,"status":"ok","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":0,"attempt":1,"status":"fine","time_ms":1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":-1,"data":{}}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":1,"data":[]}"#,
        #"{"stream":"S","epoch":1,"seq":1,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":1}"#,
        #"{"stream":"S","epoch":1,"seq":9007199254740993,"kind":"k","gen":0,"attempt":1,"status":"ok","time_ms":1,"data":{}}"#,
    ])
    func `what is no result is rejected with a sentence`(text: String) throws {
        let frame = Array(text.replacingOccurrences(of: "\"S\"", with: "\"\(sampleStream)\"").utf8)
        let rejection = #expect(throws: ReportedResult.Rejection.self) { try ReportedResult(frame, kind: "k") }
        #expect(rejection?.code == 400)
        #expect(rejection?.message.isEmpty == false)
    }

    @Test func `bytes that are not UTF-8 are rejected`() throws {
        var frame = result(1, data: ["x": .string("QQQQ")]).encodeRecord()
        let place = try #require(frame.firstIndex(of: UInt8(ascii: "Q")))
        frame[place] = 0xff
        #expect(throws: ReportedResult.Rejection.self) { try ReportedResult(frame, kind: "deduplicate") }
    }

    @Test func `what was committed survives a kill, what was not is not there`() throws {
        try store.take(result(1), result(2))
        try store.follow([article("One").encodeRecord(), file("a.txt", seq: 1).encodeRecord()])
        let copy = try ScratchDirectory()
        // The files as a kill in the middle of the next transaction leaves them.
        _ = try? store.transaction {
            _ = try store.store(ReportedResult(result(3).encodeRecord(), kind: "deduplicate"))
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path) {
                try FileManager.default.copyItem(atPath: scratch.path(name), toPath: copy.path(name))
            }
            throw CancellationError()
        }
        let reopened = try ResultStore(path: copy.path("status.sqlite"))
        #expect(reopened.log.head == 2)
        #expect(try reopened.cursor(of: sampleStream)?.seq == 2)
        #expect(try reopened.take(result(1), result(2), result(3)) == [.duplicate, .duplicate, .stored])
        #expect(try reopened.reader.totals().results["deduplicate"]?.ok == 3)
        #expect(try reopened.reader.totals().articles == 1)
        // The one that was rolled back goes on too.
        #expect(try store.take(result(3)) == [.stored])
        #expect(store.log.head == 3)
    }

    @Test func `a batch that comes again changes nothing`() throws {
        let records = [article("One").encodeRecord(), file("a.txt", seq: 1).encodeRecord()]
        try store.follow(records)
        try store.follow(records)
        let totals = try store.reader.totals()
        #expect(totals.articles == 1)
        #expect(totals.files == ["published": 1])
    }

    @Test func `a record that cannot be read is passed over and counted`() throws {
        let broken = Array(#"{"v":1,"type":"article","id":"no"}"#.utf8)
        let (unreadable, arrivals) = try store.transaction {
            try store.apply(batch([broken, article("Two").encodeRecord()]))
        }
        #expect(unreadable == 1)
        #expect(arrivals.names == ["articles": 1])
        #expect(try store.cursor(of: sampleStream)?.seq == 2)
    }

    @Test func `a quarantined file is listed until its next outcome`() throws {
        try store.follow([
            file("bad.txt", .quarantined, code: .noHeadline, message: "it has no headline").encodeRecord(),
            file("half.zip", .partial).encodeRecord(), file("good.txt").encodeRecord(),
        ])
        #expect(try store.reader.quarantineCount() == 2)
        try store.follow([file("bad.txt").encodeRecord(), file("half.zip", .discarded).encodeRecord()], from: 4)
        #expect(try store.reader.quarantineCount() == 0)
        #expect(try store.reader.totals().files == ["quarantined": 1, "partial": 1, "published": 2, "discarded": 1])
    }

    @Test(
        arguments: ["a/b.txt.sha256", "/srv/drop/a/b.txt.sha256", "a/b.txt.meta.json"], ["a/b.txt", "a/other.txt"])
    func `a sidecar is known by the file that it went with`(path: String, owner: String) throws {
        var record = file(owner, seq: 1)
        record.companions = ["a/b.txt.sha256", "a/b.txt.meta.json"]
        try store.follow([article("One").encodeRecord(), record.encodeRecord()])
        // It must have the name of its file in its own.
        #expect(try store.reader.files(path: path).map(\.path) == (owner == "a/b.txt" ? [owner] : []))
        #expect(try store.reader.files(path: "a/b.txt.md5").isEmpty)
    }

    /// How many files a partial file left in quarantine, and the outcomes that then leave nothing of it there.
    static let waysOut: [(Int, [(String, FileOutcome)])] = [
        (1, [("a.tar#2", .discarded)]), (2, [("a.tar#2", .published), ("a.tar#5", .discarded)]),
        (2, [("a.tar", .discarded), ("a.tar#2", .duplicate)]), (1, [("a.tar", .discarded)]),
        (3, [("a.tar", .published)]),
    ]

    @Test(arguments: waysOut)
    func `a partial file is listed until the last of its parts is out of quarantine`(
        count: Int, outcomes: [(String, FileOutcome)]
    ) throws {
        var partial = file("a.tar", .partial)
        partial.inQuarantine = count
        try store.follow([partial.encodeRecord(), file("b.tar#2", .discarded).encodeRecord()])
        for (index, outcome) in outcomes.enumerated() {
            #expect(try store.reader.quarantineCount() == 1)
            // The same once more is not another part.
            let record = file(outcome.0, outcome.1).encodeRecord()
            try store.follow([record, record], from: UInt64(3 + 2 * index))
        }
        #expect(try store.reader.quarantineCount() == 0)
    }

    @Test func `a part that fails again is listed by itself`() throws {
        var partial = file("a.tar", .partial)
        partial.inQuarantine = 1
        try store.follow([partial.encodeRecord(), file("a.tar#2", .quarantined).encodeRecord()])
        #expect(try store.reader.quarantineCount() == 1)
        try store.follow([file("a.tar#2", .discarded).encodeRecord()], from: 3)
        #expect(try store.reader.quarantineCount() == 0)
    }

    @Test func `retention removes the old with their results and keeps the totals`() throws {
        try store.follow([article("Old").encodeRecord(), file("a.txt", seq: 1).encodeRecord()], time: 1_000)
        try store.follow([article("New", path: "b.txt").encodeRecord()], from: 3, time: 9_000)
        try store.take(result(1), result(3))
        #expect(try store.removeSome(before: 5_000, minutesBefore: 0) == false)
        let left = try store.reader.articles(limit: 10)
        #expect(left.map(\.title) == ["New"])
        #expect(left.first?.results.count == 1)
        #expect(try store.reader.files(path: "a.txt").isEmpty)
        #expect(try store.connection.scalar("SELECT count(*) FROM result") == 1)
        #expect(try store.reader.totals().articles == 2)
    }

    @Test func `a store that is larger than it may be loses the oldest and gives back the room`() throws {
        let path = scratch.path("status.sqlite")
        let body = String(repeating: "Words and words. ", count: 200)
        for first in stride(from: UInt64(1), through: 4000, by: 200) {
            let records = (first..<first + 200).map { number in
                var long = article("Number \(number)", path: "\(number).txt")
                long.body = body
                return long.encodeRecord()
            }
            try store.follow(records, from: first, time: 1_740_540_000_000 + Int64(first))
            try store.take(result(first, time: 1_740_540_000_000 + Int64(first)))
        }
        let before = try store.log.usedBytes()
        let limit = Int64(before / 2)
        while try store.removeSome(above: limit) {}
        #expect(try store.log.usedBytes() <= limit)
        while try store.connection.scalar("PRAGMA freelist_count") ?? 0 > 0 { try store.shrink() }
        #expect(try store.connection.emptyLog())
        #expect(scratch.size("status.sqlite") ?? 0 <= Int(limit))
        #expect(try !store.removeSome(above: limit))
        let left = try store.connection.scalar("SELECT count(*) FROM article") ?? 0
        #expect((1000...3000).contains(left))
        #expect(try store.connection.scalar("SELECT min(seq) FROM article") == 4001 - left)
        #expect(try store.reader.totals().articles == 4000)
        #expect(try Connection(path: path, mode: .readOnly).scalar("SELECT min(seq) FROM result") ?? 0 > 4000 - left)
        // A limit that nothing can meet takes everything and comes to an end.
        while try store.removeSome(above: 1) {}
        #expect(try store.connection.scalar("SELECT count(*) FROM article") == 0)
    }

    @Test func `the journey of a file and of an article tells the same`() throws {
        let one = article("One", path: "in/a.txt")
        try store.follow([one.encodeRecord(), file("in/a.txt", seq: 1).encodeRecord()])
        try store.take(result(1), result(1, kind: "index", data: ["action": .string("indexed")]))
        for what in ["in/a.txt", "/srv/drop/in/a.txt", one.id.description] {
            var writer = JSONWriter()
            writer.beginObject()
            try writer.journey(of: what, store.reader)
            writer.endObject()
            let journey = try JSONValue(json: writer.bytes)
            #expect(journey["files"]?.arrayValue?.first?["outcome"]?.stringValue == "published")
            #expect(journey["files"]?.arrayValue?.first?["received"]?.stringValue == "2025-02-26T03:27:00Z")
            let found = try #require(journey["articles"]?.arrayValue?.first)
            #expect(found["id"]?.stringValue == one.id.description)
            #expect(found["results"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } == ["deduplicate", "index"])
        }
        #expect(try store.reader.files(path: "/elsewhere/in/a.txt").isEmpty)
    }

    @Test func `a store of a newer program is refused`() throws {
        try store.connection.execute("UPDATE meta SET v=99 WHERE k='status_schema'")
        #expect(throws: NewerState.self) { try ResultStore(path: scratch.path("status.sqlite")) }
    }
}
