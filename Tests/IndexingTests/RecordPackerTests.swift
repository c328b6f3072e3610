import Articles
import Indexing
import SQLite
import TestSupport
import Testing

@Suite struct RecordPackerTests {
    private let packer = RecordPacker()

    private static let record = Bench.article(
        "Coffee rises", String(repeating: "Prices of the company were said to be higher in the week. ", count: 20)
    ).encodeRecord()

    @Test func `what is stored comes back, byte for byte`() throws {
        var random = SeededGenerator(seed: 5)
        var records = [Self.record, Array("{}".utf8), Array("{".utf8), [], [1], [1, 2, 3], [0x80]]
        for count in [1, 127, 128, 129, 16_383, 16_384, 300_000] {
            records.append((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            records.append([UInt8](repeating: UInt8(ascii: "{"), count: count))
        }
        for record in records {
            let stored = packer.stored(record)
            #expect(try packer.record(stored) == record)
            #expect(try RecordPacker().record(stored) == record, "nothing of the pieces before is needed")
        }
    }

    @Test func `a record is stored in less than half, and what does not get smaller as it is`() {
        #expect(packer.stored(Self.record).count * 2 < Self.record.count)
        let short = Array("{x}".utf8)
        #expect(packer.stored(short) == short)
    }

    @Test func `damage is an error, never another record`() throws {
        let stored = packer.stored(Self.record)
        for count in 1..<stored.count {
            #expect(throws: (any Error).self) { try packer.record(Array(stored[..<count])) }
        }
        #expect(throws: (any Error).self) { try packer.record(stored + [0]) }
        #expect(throws: RecordPacker.Unreadable.self) { try packer.record([2] + stored.dropFirst()) }
        #expect(throws: (any Error).self) { try packer.record([1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) }
        #expect(try packer.record(stored) == Self.record)
    }

    @Test func `records of an older index are read beside new ones`() throws {
        let bench = try Bench()
        let old = Bench.article("Old coffee", "beans", uri: "u1", version: "1")
        try bench.add(old)
        try bench.connection.statement("UPDATE record SET bytes=?").bind(1, old.encodeRecord()).run()
        try bench.age(toSchema: 2)
        try bench.index.prepare()
        try bench.add(Bench.article("New coffee", "beans"))
        #expect(try Set(bench.titles("coffee")) == ["Old coffee", "New coffee"])
        #expect(try bench.searcher().get(id: old.id) == old.encodeRecord())
        try bench.add(Bench.article("Newer coffee", "beans", uri: "u1", version: "2"))
        #expect(try Set(bench.titles("coffee")) == ["Newer coffee", "New coffee"])
        #expect(try bench.titles("old") == [])
    }
}
