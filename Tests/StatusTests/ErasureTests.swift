import Articles
import Foundation
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite struct ErasureTests {
    private static let marker = "The heron of the Kymi counts her seventeen grey feathers aloud."
    private static let words: [String: JSONValue] = [
        "summary": .array([.string(marker)]), "verdict": .string("near"), "new_sentences": .array([.string(marker)]),
    ]

    private func gone(
        _ subject: ErasureSubject, _ cause: ErasureCause = .operator, at seqs: [UInt64] = [1], id: ArticleID? = nil
    ) -> GoneRecord {
        GoneRecord(
            subject, id: id, source: "reuters", cause: cause, reason: "Court order 7",
            erased: Timestamp(milliseconds: 1_740_540_420_000), seqs: seqs)
    }

    private func logged(_ store: ResultStore) throws -> String {
        var text = ""
        try store.connection.statement("SELECT rec FROM log ORDER BY seq").forEachRow {
            text += String(decoding: $0.bytes(0), as: UTF8.self)
        }
        return text
    }

    @Test func `its words go from article, results and their log, also from those that were replaced, and from disk`()
        throws
    {
        let folder = try ScratchDirectory()
        let store = try ResultStore(path: folder.path("results.sqlite"))
        let one = article(Self.marker, uri: "urn:1", version: "1")
        let other = article(Self.marker + " 2", uri: "urn:2")
        try store.follow([one.encodeRecord(), other.encodeRecord()])
        try store.take(
            result(1, kind: "summarize", data: Self.words), result(2, kind: "summarize", data: ["n": .integer(1)]))
        try store.take(result(1, kind: "summarize", generation: 1, data: Self.words))
        #expect(try logged(store).contains(Self.marker))
        try store.follow([gone(.versions(source: "reuters", uri: "urn:1")).encodeRecord()], from: 3)
        #expect(try !logged(store).contains(Self.marker))
        #expect(store.log.takeReplaced().map(\.seq) == [1, 3])
        let reader = StoreReader(connection: store.connection)
        let row = try #require(try reader.articles(id: one.id).first)
        #expect(row.standing == .erasedVersion || row.standing == .erased)
        #expect(row.title == nil && row.results.first?.data["verdict"]?.stringValue == "near")
        #expect(row.results.first?.data["summary"] == nil)
        #expect(try reader.articles(id: other.id).first?.title != nil)
        // What comes of it later, and a later version, have no words either.
        try store.take(result(1, kind: "deduplicate", data: Self.words))
        #expect(try !logged(store).contains(Self.marker))
        try store.follow([gone(.article(other.id), at: [2]).encodeRecord()], from: 4)
        try store.scrubIfDue()
        #expect(try folder.files(below: ".", containing: Array(Self.marker.utf8)) == [])
    }

    @Test func `an article that was erased before it was seen is told of, and its results have no words`() throws {
        let store = try ResultStore(path: ":memory:")
        let one = article("Secret", uri: "urn:1")
        try store.take(result(1, kind: "summarize", data: Self.words))
        try store.follow([gone(.article(one.id), at: [], id: one.id).encodeRecord()])
        #expect(try !logged(store).contains(Self.marker))
        try store.take(result(1, kind: "deduplicate", data: Self.words))
        #expect(try !logged(store).contains(Self.marker))
        let row = try #require(try StoreReader(connection: store.connection).articles(id: one.id).first)
        #expect(row.standing.isErased && row.position.seq == 1)
    }

    @Test func `the newest version that is erased hides the older ones, until a newer one comes`() throws {
        let store = try ResultStore(path: ":memory:")
        let reader = StoreReader(connection: store.connection)
        let versions = (1...3).map { article("Version \($0)", uri: "urn:1", version: "\($0)") }
        try store.follow(versions.prefix(2).map { $0.encodeRecord() })
        try store.follow([gone(.article(versions[1].id), at: [2]).encodeRecord()], from: 3)
        #expect(try reader.articles(limit: 10).isEmpty)
        #expect(try reader.articles(id: versions[0].id).first?.standing == .withheld)
        try store.follow([article("Late", uri: "urn:1", version: "1.5").encodeRecord()], from: 4)
        #expect(try reader.articles(limit: 10).isEmpty)
        try store.follow([versions[2].encodeRecord()], from: 5)
        #expect(try reader.articles(limit: 10).map(\.title) == ["Version 3"])
        #expect(try reader.articles(id: versions[1].id).first?.standing == .erasedVersion)
    }

    @Test func `results that an older version stored are found on the log by their article`() throws {
        let store = try ResultStore(path: ":memory:")
        let one = article("Secret", uri: "urn:1")
        try store.follow([one.encodeRecord()])
        var row = result(1, kind: "summarize", data: Self.words)
        row.articleID = one.id
        try store.take(row)
        try store.connection.execute("UPDATE result SET places=NULL")
        try store.follow([gone(.article(one.id)).encodeRecord()], from: 2)
        #expect(try !logged(store).contains(Self.marker))
    }

    @Test func `the page says that it was erased, when and why`() throws {
        let service = try RunningStatus()
        let one = article("Secret headline", path: "k.json", uri: "urn:1")
        try service.publish([one])
        try service.publish([], gone: [gone(.versions(source: "reuters", uri: "urn:1"))])
        let page = try service.get("/articles/\(one.id)")
        #expect(page.status == 410 && page.text.contains("<h1>Erased</h1>"), "\(page.text)")
        #expect(page.text.contains("erased at 2025-02-26T03:27:00Z: Court order 7"), "\(page.text)")
        #expect(!page.text.contains("Secret"))
        let problem = try service.get("/api/v1/articles/\(one.id)")
        #expect(problem.status == 410)
        #expect(try problem.json()["standing"]?.stringValue == "erased")
    }
}
