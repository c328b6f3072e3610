import Articles
import Messaging
import SQLite
import Testing

@testable import Status

/// What is asked of a store of ten million articles must not go through its tables: each statement finds its rows by an
/// index, and lists look at a bounded number of them.
@Suite struct QueryPlanTests {
    private let store: ResultStore

    init() throws { store = try ResultStore(path: ":memory:") }

    /// The tables that grow with the articles.
    private static let large = ["article", "file", "result", "log", "kill", "a", "r"]

    /// The steps of a statement's plan that go through a large table.
    private func scans(_ sql: String) throws -> [String] {
        var scans: [String] = []
        try store.connection.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { row in
            let words = row.string(3).split(separator: " ")
            guard words.first == "SCAN", words.count > 1, QueryPlanTests.large.contains(String(words[1])) else {
                return
            }
            // The partial index has the failures alone, and is read in its order up to a limit.
            if row.string(3).contains("result_failure") { return }
            // The first or the last row of all.
            if sql.hasSuffix("LIMIT 1"), !sql.contains("WHERE") { return }
            scans.append(row.string(3))
        }
        return scans
    }

    private func filters() -> [ArticleFilter] {
        let changes: [(inout ArticleFilter) -> Void] = [
            { _ in }, { $0.source = "bbc" }, { $0.language = "en" }, { $0.uri = "urn:1" }, { $0.path = "a" },
            { $0.from = Timestamp(milliseconds: 1) }, { $0.to = Timestamp(milliseconds: 1) },
            { $0.publishedFrom = Timestamp(milliseconds: 1) }, { $0.verdict = "near" }, { $0.standings = [] },
            { $0.work = .init(kind: "summarize", word: "failed") },
            { $0.work = .init(kind: "summarize", word: "dead") }, { $0.work = .init(kind: "index", word: "missing") },
        ]
        // Each by itself, and with each other one.
        return changes.flatMap { first in
            changes.map { second in
                var filter = ArticleFilter()
                first(&filter)
                second(&filter)
                return filter
            }
        }
    }

    @Test func `a list goes by an index, whatever its filter`() throws {
        try store.follow([article("One", path: "a.txt", uri: "urn:1").encodeRecord()])
        for filter in filters() {
            let query = try store.reader.query(filter)
            for place in [ListPlace.end, .before(5), .after(5)] {
                let sql = query.statement(at: place).sql
                #expect(try scans(sql) == [], "\(sql)")
            }
        }
        for filter in [FileFilter(), .init(outcome: .quarantined), .init(directory: "/srv"), .init(path: "a")] {
            let sql = try store.reader.query(filter).statement(at: .end).sql
            #expect(try scans(sql) == [], "\(sql)")
        }
    }

    @Test func `failures are counted and gone through without a look at their rows`() throws {
        try store.take(result(1), result(1, kind: "summarize", .failed))
        _ = try store.reader.failureCounts()
        _ = try store.reader.failures(limit: 5)
        let asked = store.connection.statementTexts.filter { $0.hasPrefix("SELECT") && $0.contains("status='failed'") }
        #expect(asked.count >= 2)
        for sql in asked {
            var steps: [String] = []
            try store.connection.prepare("EXPLAIN QUERY PLAN " + sql).forEachRow { steps.append($0.string(3)) }
            #expect(steps.contains { $0.contains("USING COVERING INDEX result_failure") }, "\(sql): \(steps)")
        }
    }

    @Test func `what pages read and what comes in goes by an index`() throws {
        let one = article("One", path: "a.txt", uri: "urn:1", version: "1")
        try store.follow([one.encodeRecord(), file("a.txt", seq: 1).encodeRecord(), kill("urn:1")])
        try store.follow([article("Two").encodeRecord(), file("b.txt", .quarantined).encodeRecord()], from: 4)
        try store.take(result(1), result(1, kind: "summarize", .failed), result(2))
        let reader = store.reader
        _ = try reader.totals()
        _ = try reader.cursors()
        _ = try reader.failures(.init(kind: "summarize", source: "reuters"), limit: 5)
        _ = try reader.failureCounts()
        _ = try reader.quarantine(limit: 5)
        _ = try reader.quarantineCount()
        _ = try reader.sources(at: 1)
        for row in try reader.articles(id: one.id) {
            _ = try reader.files(of: row)
            _ = try reader.record(of: row)
        }
        _ = try reader.articles(source: "reuters", uri: "urn:1")
        _ = try reader.articles(path: "a.txt")
        _ = try reader.kills(source: "reuters", uri: "urn:1")
        for file in try reader.files(path: "a.txt") {
            _ = try reader.articles(path: file.path, of: file)
            _ = try reader.kills(of: file)
        }
        _ = try store.forecast([store.ownStorage(limit: nil, retention: .seconds(1))], at: 1)
        _ = try store.removeSome(before: 1, minutesBefore: 1)
        _ = try store.removeSome(above: 1 << 40)
        _ = try store.log.trim(before: 1, notPast: 1)
        let texts = store.connection.statementTexts
        #expect(texts.count > 40)
        for sql in texts where !sql.hasPrefix("PRAGMA") { #expect(try scans(sql) == [], "\(sql)") }
    }
}
