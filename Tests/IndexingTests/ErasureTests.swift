import Articles
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Indexing

@Suite struct ErasureTests {
    private static let marker = "The heron of the Kymi counts her seventeen grey feathers aloud."

    private func erase(_ subject: ErasureSubject, _ cause: ErasureCause = .operator, in bench: Bench) throws {
        let gone = GoneRecord(subject, cause: cause, reason: "R", erased: Timestamp(milliseconds: 0))
        let stored = try stored(bench)
        #expect(!stored.isEmpty)
        #expect(try stored.allSatisfy { try !traces(bench, $0).isEmpty })
        try bench.connection.transaction {
            try bench.index.erase(gone, at: bench.position(1000))
            try bench.index.writeText()
        }
        #expect(try bench.connection.emptyLog())
        #expect(try stored.allSatisfy { try traces(bench, $0).isEmpty })
    }

    /// The records with the marker as they stand on the disk, compressed.
    private func stored(_ bench: Bench) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        let packer = RecordPacker()
        try bench.connection.statement("SELECT bytes FROM record").forEachRow { row in
            let stored = row.bytes(0)
            if try packer.record(stored).firstRange(of: Array(Self.marker.utf8)) != nil { found.append(stored) }
        }
        return found
    }

    /// The files that have some bytes.
    private func traces(_ bench: Bench, _ bytes: [UInt8] = Array(marker.utf8)) throws -> [String] {
        try bench.folder.files(below: ".", containing: bytes)
    }

    @Test func `an article goes with all of its versions, from search, archive and disk, for ever`() throws {
        let bench = try Bench()
        let versions = (1...2).map { Bench.article("Heron \($0)", Self.marker, uri: "u", version: "\($0)") }
        try bench.add(versions[0], versions[1], Bench.article("Other", "Nothing of it.", uri: "o"))
        try erase(.versions(source: "bbc", uri: "u"), in: bench)
        #expect(try bench.titles("heron") == [] && bench.titles("nothing") == ["Other"])
        for version in versions { #expect(try bench.searcher().get(id: version.id) == nil) }
        #expect(try bench.searcher().versions(source: "bbc", uri: "u").isEmpty)
        try bench.add(Bench.article("Heron 3", Self.marker, uri: "u", version: "3"))
        #expect(try bench.titles("heron") == [])
        #expect(try traces(bench) == [])
    }

    @Test func `a newest version that is erased by its id hides the older ones, until a newer one comes`() throws {
        let bench = try Bench()
        let old = Bench.article("Heron 1", "One.", uri: "u", version: "1")
        let new = Bench.article("Heron 2", Self.marker, uri: "u", version: "2")
        try bench.add(old, new)
        try erase(.article(new.id), in: bench)
        #expect(try bench.titles("heron") == [])
        #expect(try bench.searcher().get(id: new.id) == nil)
        #expect(try traces(bench) == [])
        #expect(try bench.add(new)[0].action == .removed, "the same content is erased for ever")
        #expect(try bench.add(Bench.article("Heron 1b", "One.", uri: "u", version: "1.5"))[0].action == .kept)
        try bench.add(Bench.article("Heron 3", "Three.", uri: "u", version: "3"))
        #expect(try bench.titles("heron") == ["Heron 3"])
    }

    @Test func `an older version goes, and the newest stays`() throws {
        let bench = try Bench()
        let old = Bench.article("Heron 1", Self.marker, uri: "u", version: "1")
        try bench.add(old, Bench.article("Heron 2", "Two.", uri: "u", version: "2"))
        try erase(.article(old.id), in: bench)
        #expect(try bench.titles("heron") == ["Heron 2"])
        #expect(try traces(bench) == [])
    }

    @Test func `what time erased may come again`() throws {
        let bench = try Bench()
        let article = Bench.article("Heron", Self.marker)
        try bench.add(article)
        try erase(.article(article.id), .retention, in: bench)
        #expect(try bench.titles("heron") == [])
        #expect(try traces(bench) == [])
        try bench.add(article)
        #expect(try bench.titles("heron") == ["Heron"])
    }
}
