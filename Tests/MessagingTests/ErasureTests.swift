import Articles
import Foundation
import Linux
import SQLite
import TestSupport
import Testing

@testable import Messaging

@Suite struct ErasureTests {
    private static func gone(_ id: String, seqs: [UInt64] = []) throws -> GoneRecord {
        GoneRecord(
            .article(try #require(ArticleID(id))), cause: .operator, reason: "R", erased: Timestamp(milliseconds: 0),
            seqs: seqs)
    }

    private static func id(of record: String) throws -> String {
        String(record.dropFirst(#"{"v":1,"type":"article","id":""#.count).prefix(32))
    }

    @Test(arguments: [4 << 20, 1]) func `nobody gets what was erased, from memory or from disk`(ring: Int) throws {
        let house = try LogHouse { $0.ringBytes = ring }
        let records = ["One", "Two", "Three"].map(articleRecord)
        try house.append(records)
        let client = CommandClient(context: house.context, endpoints: [house.endpoint])
        func texts() throws -> [String] {
            let json = LogRequests.fetch(after: nil, waitMilliseconds: 0)
            return try FetchReply(client.request("FETCH", json: json)).records.map {
                String(decoding: $0.bytes, as: UTF8.self)
            }
        }
        // What is appended is taken by the server's thread in its own time; what is replaced counts at once.
        #expect(try eventually { try texts() == records })
        let id = try Self.id(of: records[1])
        let matcher = ErasureMatcher([.article(try #require(ArticleID(id)))])
        let hits = try LogScan.hits(of: matcher, in: house.connection)
        #expect(hits.map(\.seq) == [2] && hits.map(\.topic) == ["art/bbc/en/"] && hits[0].id?.description == id)
        #expect(try LogScan.hits(of: matcher, in: house.connection, from: 3).isEmpty)
        try house.connection.transaction { try house.log.erase(hits[0], leaving: try Self.gone(id, seqs: [2])) }
        house.server.replace(house.log.takeReplaced())
        let erased = String(decoding: try Self.gone(id).encodeRecord(), as: UTF8.self)
        #expect(try texts() == [records[0], erased, records[2]])
        try house.append(["{\"v\":1,\"type\":\"x\"}"])
        #expect(try eventually { try texts().count == 4 })
    }

    @Test func `what is replaced before the server has taken it is not handed on as it was`() {
        var mailbox = CommitMailbox(capacity: 1 << 20)
        let positions = (1...3).map { Position(stream: .random(), epoch: 1, seq: $0, timeMilliseconds: 9) }
        mailbox.add(positions.map { LogRecord(position: $0, topic: "t/", bytes: [1]) })
        mailbox.replace(ReplacedRecord(seq: 2, bytes: [2, 2]))
        let taken = mailbox.take()
        #expect(taken.records.map(\.bytes) == [[1], [2, 2], [1]] && taken.replaced.count == 1)
        #expect(mailbox.take().replaced.isEmpty)
    }

    @Test func `a worker forgets failures and words in its outbox, and its log has no older state`() throws {
        let folder = try ScratchDirectory()
        let connection = try Connection(path: folder.path("state"))
        try connection.configure(durability: .full)
        let store = try WorkerStore(connection: connection)
        let stream = StreamID.random()
        let marker = "Seventeen grey feathers"
        let record = Array(articleRecord(marker).utf8)
        let id = try #require(ErasureMatcher.id(of: record))
        func place(_ seq: UInt64) -> Position { Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 1) }
        func result(_ seq: UInt64, _ id: ArticleID?) -> [UInt8] {
            ResultRecord(
                stream: stream.description, epoch: 1, seq: seq, kind: "k", generation: 0, attempt: 1, status: .ok,
                timeMilliseconds: 1, articleID: id,
                data: .object(["summary": .string(marker), "verdict": .string("near")])
            ).encodeRow()
        }
        try connection.transaction {
            try store.note(place(1), bytes: record, attempts: 1, due: 1, isDead: true, reason: "R")
            try store.note(
                place(2), bytes: Array(articleRecord("Other").utf8), attempts: 1, due: 1, isDead: true, reason: "R")
            for row in [result(1, id), result(7, nil), result(3, id)] { try store.append(row) }
        }
        try connection.transaction {
            try store.erase([(try Self.gone(id.description, seqs: [1, 7]), place(9))])
        }
        #expect(try connection.emptyLog())
        #expect(try connection.scalar("SELECT group_concat(seq) FROM failure") == 2)
        let rows = try store.outboxBatch().map { try JSONDecoder().decode(ResultRecord.self, from: Data($0.bytes)) }
        #expect(rows.map(\.seq) == [1, 7, 3])
        #expect(rows.allSatisfy { $0.data == .object(["verdict": .string("near")]) })
        #expect(try folder.files(below: ".", containing: Array(marker.utf8)) == [])
    }
}
