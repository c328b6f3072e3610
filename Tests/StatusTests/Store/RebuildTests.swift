import Articles
import Foundation
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Status

@Suite(.timeLimit(.minutes(10))) struct RebuildTests {
    private static let count: UInt64 = 1200
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.path("status.sqlite")
    }

    /// Articles, each with the file that brought it, some in quarantine and some out of it again.
    private func follow(_ store: ResultStore) throws {
        for first in stride(from: UInt64(0), to: RebuildTests.count, by: 100) {
            let records = (first..<first + 100).flatMap { number -> [[UInt8]] in
                let name = "\(number % 300).txt"
                let outcome: FileOutcome = number % 100 == 7 ? .quarantined : .published
                return [
                    article("Number \(number)", path: name, uri: "urn:\(number % 900)", version: "\(number)")
                        .encodeRecord(), file(name, outcome, seq: 2 * number + 1).encodeRecord(),
                ]
            }
            try store.follow(records, from: 2 * first + 1, time: 1_740_540_000_000 + Int64(first))
        }
        try store.follow([kill("urn:5")], from: 2 * RebuildTests.count + 1, time: 1_740_540_900_000)
    }

    private func report(_ store: ResultStore) throws {
        for first in stride(from: UInt64(0), to: RebuildTests.count, by: 100) {
            _ = try store.transaction {
                for number in first..<first + 100 {
                    for row in [
                        result(2 * number + 1, data: ["verdict": .string(number % 5 == 0 ? "near" : "unique")]),
                        result(
                            2 * number + 1, kind: "summarize", number % 50 == 0 ? .failed : .ok,
                            data: ["n": .integer(1)]),
                    ] { _ = try store.store(ReportedResult(row.encodeRecord(), kind: row.kind)) }
                }
            }
        }
    }

    /// What somebody sees of a store.
    private struct Sight: Equatable {
        var totals: StoreReader.Totals
        var quarantined: Int64
        var articles: [String]

        init(_ store: ResultStore) throws {
            totals = try store.reader.totals()
            quarantined = try store.reader.quarantineCount()
            var filter = ArticleFilter()
            filter.standings = []
            articles = try store.reader.articles(filter, limit: 10_000).rows.map { row in
                let results = row.results.map { "\($0.kind) \($0.status) \($0.data)" }.sorted()
                return "\(row.position.seq) \(row.standing) \(row.title ?? "-") \(results)"
            }.sorted()
        }
    }

    /// Writes over pages of tables, as a disk may; returns how many rows these had.
    private func damage(_ pages: [(table: String, count: Int)]) throws -> [String: Int] {
        let connection = try Connection(path: path)
        #expect(try connection.emptyLog())
        var lost: [String: Int] = [:]
        var numbers: [Int] = []
        for (table, count) in pages {
            try connection.statement(
                "SELECT pageno, ncell FROM dbstat WHERE name=? AND pagetype='leaf' ORDER BY pageno LIMIT 1000 OFFSET 1"
            ).bind(1, table).forEachRow { row in
                guard lost["pages of \(table)", default: 0] < count else { return }
                lost["pages of \(table)", default: 0] += 1
                lost[table, default: 0] += row.int(1)
                numbers.append(row.int(0))
            }
            try #require(lost["pages of \(table)"] == count, "the samples are too small for \(table)")
        }
        let size = Int(try connection.scalar("PRAGMA page_size") ?? 0)
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        for number in numbers {
            try file.seek(toOffset: UInt64((number - 1) * size))
            try file.write(contentsOf: Data(repeating: 0xaa, count: size))
        }
        try file.close()
        return lost
    }

    @Test func `of a damaged store all comes back but the damaged pages, and these from logs and workers`() throws {
        let before = try {
            let store = try ResultStore(path: path)
            try follow(store)
            try report(store)
            return (sight: try Sight(store), stream: store.log.stream)
        }()
        let lost = try damage([("article", 3), ("result", 2), ("file", 1), ("log", 1), ("article_path", 1)])
        #expect(throws: StoreDamage.self) { try ResultStore(path: path) }

        let outcome = try StoreRebuild.run(path: path)
        #expect(outcome.articles == Int(RebuildTests.count) - (lost["article"] ?? 0))
        #expect(outcome.files == Int(RebuildTests.count) - (lost["file"] ?? 0))
        #expect(outcome.results >= Int(RebuildTests.count) * 2 - (lost["result"] ?? 0))
        #expect(outcome.damagedTables.sorted() == ["article", "file", "log", "result"])
        #expect(scratch.size(outcome.keptAs.split(separator: "/").last.map(String.init) ?? "") ?? 0 > 0)

        let store = try ResultStore(path: path)
        // Whoever follows the results must not take the new places for the old ones.
        #expect(store.log.stream != before.stream)
        #expect(try store.cursor(of: sampleStream) == nil)
        #expect(try StoreReader(connection: store.connection).totals().articles == Int64(outcome.articles))
        try follow(store)
        try report(store)
        let after = try Sight(store)
        #expect(after.totals == before.sight.totals)
        #expect(after.quarantined == before.sight.quarantined)
        #expect(after.articles == before.sight.articles)
        #expect(try ResultStore.problems(of: store.connection, check: "integrity_check") == [])
    }

    @Test func `of a file that is no database any more a new store is made, and the old one is kept`() throws {
        _ = try ResultStore(path: path)
        let bytes = [UInt8](repeating: 7, count: 100_000)
        for name in scratch.list(".") where name.hasPrefix("status.sqlite-") { try scratch.remove(name) }
        try scratch.write(bytes, to: "status.sqlite")
        let damage = try #require(throws: StoreDamage.self) { try ResultStore(path: path) }
        #expect("\(damage)".contains("status --rebuild"))
        let outcome = try StoreRebuild.run(path: path)
        #expect(outcome.articles == 0)
        #expect(scratch.read(outcome.keptAs.split(separator: "/").last.map(String.init) ?? "") == bytes)
        #expect(try ResultStore(path: path).reader.totals() == StoreReader.Totals())
    }

    @Test func `a store that is whole is left alone`() throws {
        do { try follow(ResultStore(path: path)) }
        #expect(throws: StoreRebuild.Refused.self) { try StoreRebuild.run(path: path) }
        #expect(throws: StoreRebuild.Refused.self) { try StoreRebuild.run(path: path + "-other") }
        #expect(try ResultStore(path: path).reader.totals().articles == Int64(RebuildTests.count))
    }

    @Test func `erased articles stay erased, with what stood beside their words`() throws {
        let secret = "The heron counts her feathers."
        do {
            let store = try ResultStore(path: path)
            let one = article(secret, path: "a.txt", uri: "urn:1", version: "1")
            try store.follow([one.encodeRecord(), article("Other", uri: "urn:2").encodeRecord()])
            let gone = GoneRecord(
                .versions(source: "reuters", uri: "urn:1"), source: "reuters", cause: .operator, reason: "Court order",
                erased: Timestamp(milliseconds: 1), seqs: [1])
            try store.follow([gone.encodeRecord()], from: 3)
            try follow(store)
        }
        _ = try damage([("file", 1)])
        _ = try StoreRebuild.run(path: path)
        let store = try ResultStore(path: path)
        let row = try #require(try store.reader.articles(source: "reuters", uri: "urn:1").first { $0.path == "a.txt" })
        #expect(row.standing.isErased && row.title == nil && row.position.seq == 1)
        #expect(try store.reader.record(of: row).map { !String(decoding: $0, as: UTF8.self).contains(secret) } == true)
    }

    @Test func `a store that is damaged while it runs takes no results and is told as ill`() throws {
        let service = try RunningStatus(scratch: scratch)
        try service.publish((0..<300).map { article("Number \($0)", path: "\($0).txt") })
        var row = result(1)
        row.stream = service.log.stream.description
        _ = try service.report([row])
        #expect(try service.get("/healthz").status == 200)
        service.board.noteDamage(StoreDamage(path: path, reason: "database disk image is malformed"))
        row.seq = 2
        let error = #expect(throws: WireError.self) { try service.report([row]) }
        #expect(error?.code == 503 && error?.name == "DAMAGED")
        let health = try service.get("/healthz")
        #expect(health.status == 503 && health.text.contains("status --rebuild"))
        #expect(try service.get("/api/v1/status").text.contains("malformed"))
    }

    @Test func `a page that cannot be read is noticed by whoever reads it`() throws {
        do {
            let store = try ResultStore(path: path)
            try follow(store)
            try report(store)
            try store.noteOpen(false)
        }
        _ = try damage([("article", 10)])
        let service = try RunningStatus(scratch: scratch)
        let pool = try StorePool(path: path, count: 1, board: service.board)
        #expect(throws: (any Error).self) {
            try pool.read { reader in
                for row in Int64(1)...Int64(RebuildTests.count) { _ = try reader.articles(rows: [row]) }
            }
        }
        #expect(service.board.damage != nil)
        #expect(try service.get("/healthz").status == 503)
    }
}
