import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct FailureTests {
    private let store: ResultStore

    init() throws { store = try ResultStore(path: ":memory:") }

    private func failure(
        _ seq: UInt64, kind: String = "summarize", time: Int64, dead: Bool = false, reason: String = "no model"
    ) -> ResultRecord {
        result(
            seq, kind: kind, attempt: 2, .failed, time: time,
            data: ["reason": .string(reason), "code": .string("no_answer"), "dead": .boolean(dead)])
    }

    @Test func `a failure is listed with its article until a later attempt succeeds`() throws {
        let one = article("One", uri: "urn:1")
        try store.follow([one.encodeRecord()])
        try store.take(failure(1, time: 1_740_540_000_000, dead: true), failure(7, time: 1_740_540_000_001))
        #expect(try store.reader.failureCounts() == (2, 1))
        let failures = try store.reader.failures(limit: 10).failures
        #expect(failures.map(\.position.seq) == [7, 1])
        let row = try #require(failures.last)
        #expect(row.id == one.id.description && row.title == "One" && row.source == "reuters")
        #expect(row.reason == "no model" && row.code == "no_answer" && row.attempt == 2 && row.isDead)
        #expect(row.position.timeMilliseconds == 1_740_540_000_000 && row.kind == "summarize")
        // Of an article that never came only the result is known.
        #expect(failures.first?.source == nil && failures.first?.title == nil)
        try store.take(result(1, kind: "summarize", attempt: 3, time: 1_740_540_000_002))
        #expect(try store.reader.failures(limit: 10).failures.map(\.position.seq) == [7])
        #expect(try store.reader.failureCounts() == (1, 0))
    }

    @Test func `pages follow each other without gap and without repetition while failures come`() throws {
        for seq in UInt64(1)...25 { try store.take(failure(seq, time: 1000 + Int64(seq / 5))) }
        var seen: [UInt64] = []
        var place: FailurePlace?
        repeat {
            let page = try store.reader.failures(after: place, limit: 4)
            seen += page.failures.map(\.position.seq)
            place = page.next.flatMap { FailurePlace($0.text) }
            try store.take(failure(100 + UInt64(seen.count), time: 9000))
        } while place != nil
        #expect(seen == (1...25).reversed())
    }

    @Test func `kind, source and being given up are filters`() throws {
        try store.follow([
            article("One").encodeRecord(), article("Two", source: "afp").encodeRecord(),
        ])
        try store.take(
            failure(1, time: 1), failure(2, time: 2, dead: true), failure(1, kind: "index", time: 3, dead: true))
        func seqs(_ filter: FailureFilter) throws -> [String] {
            try store.reader.failures(filter, limit: 10).failures.map { "\($0.kind) \($0.position.seq)" }
        }
        #expect(try seqs(.init(kind: "summarize")) == ["summarize 2", "summarize 1"])
        #expect(try seqs(.init(source: "reuters")) == ["index 1", "summarize 1"])
        #expect(try seqs(.init(isDead: true)) == ["index 1", "summarize 2"])
        #expect(try seqs(.init(kind: "summarize", source: "afp", isDead: true)) == ["summarize 2"])
        #expect(try seqs(.init(kind: "deduplicate")) == [])
    }

    @Test func `a page that is full at the last failure has no next one`() throws {
        try store.take(failure(1, time: 1), failure(2, time: 2))
        #expect(try store.reader.failures(limit: 2).next == nil)
        #expect(try store.reader.failures(limit: 1).next != nil)
    }

    @Test func `what is withheld has no title among the failures`() throws {
        try store.follow([article("Secret", uri: "urn:1", status: .withheld).encodeRecord()])
        try store.take(failure(1, time: 1))
        let row = try #require(try store.reader.failures(limit: 1).failures.first)
        #expect(row.title == nil && row.source == "reuters")
    }

    @Test(arguments: ["", "1-2-3-4", "1-2-3-4-5-6", "1-2-3-4-x", "-1-2-3-4-5", "9223372036854775808-1-1-1-1"])
    func `what is no place is none`(text: String) { #expect(FailurePlace(text) == nil) }
}
