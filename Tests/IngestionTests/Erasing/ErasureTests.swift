import Articles
import FoundationEssentials
import Hashing
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// Erasing in the watcher's own places: log, embargoes, ledger, archive, book.
@Suite struct ErasureTests {
    static let marker = "The heron of the Kymi counts her seventeen grey feathers aloud."

    static func article(_ uri: String?, _ version: String? = nil, until seconds: Int64? = nil) -> String {
        EmbargoTests.ninjs(uri, version, until: seconds, words: "\(marker) \(version ?? "")")
    }

    /// The files that have the marker: below the state directory and the archive.
    private func traces(_ bench: Bench) throws -> [String] {
        try ["state", "drop/.done", "drop/.quarantine"].flatMap {
            try bench.scratch.files(below: $0, containing: Array(Self.marker.utf8))
        }
    }

    private func erase(_ subject: ErasureSubject, in bench: Bench) throws -> ErasureOutcome {
        try #require(bench.desk).erase(
            ErasureOrder(subject, reason: "Court order 7", author: .init(uid: 1000, user: "eva")), found: [],
            through: 0)
    }

    private func id(_ row: Bench.Row?) throws -> ArticleID {
        try #require(row?.text("id").flatMap { ArticleID($0) })
    }

    @Test func `one version goes by its id, the others stay, and whoever is past it is told`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a", "1"), "1.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "2", words: "Kept"), "2.json", in: bench)
        let before = try bench.articles()
        let first = try id(before.first)
        #expect(try !traces(bench).isEmpty)
        let day = try #require(bench.scratch.list("drop/.done").first)
        let outcome = try erase(.article(first), in: bench)
        let rows = try bench.articles()
        #expect(rows.map { $0.text("type") } == ["gone", "article", "gone"])
        #expect(rows.map(\.topic) == Array(repeating: "art/test/en/", count: 3), "topics stay as they were")
        #expect(rows.map(\.sequence).prefix(2) == before.map(\.sequence)[...], "and so do the places")
        let place = try #require(rows.first)
        let told = try #require(rows.last)
        for row in [place, told] {
            #expect(row.text("id") == first.description && row.text("uri") == nil && row.text("source") == "test")
            #expect(row.text("reason") == "Court order 7" && row.text("cause") == "operator")
            #expect(row.text("erased") == Timestamp(milliseconds: EmbargoTests.begin).description)
            #expect(try RecordSchema.ofRepository().faults(Array(row.json.encoded)) == [])
        }
        #expect(told.json["seqs"] == .array([.integer(place.sequence)]) && place.json["seqs"] == nil)
        #expect(
            outcome.seqs == [UInt64(place.sequence)] && outcome.told == UInt64(told.sequence)...UInt64(told.sequence))
        #expect(outcome.removed.map(\.path) == [bench.scratch.path("drop/.done/\(day)/1.json")])
        #expect(outcome.kept.isEmpty && outcome.isScrubbed)
        #expect(bench.archived() == ["2.json"])
        #expect(try traces(bench) == [])
    }

    @Test func `an article goes with all of its versions, what is held, and what comes later, also after a restart`()
        throws
    {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a", "1"), "1.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:a", "2").replacing("\"en\"", with: "\"de\""), "2.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:a", "3", until: 60), "3.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:b", "1", words: "Kept"), "4.json", in: bench)
        let outcome = try erase(.versions(source: "test", uri: "urn:a"), in: bench)
        #expect(outcome.held == 1 && outcome.seqs.count == 2 && outcome.removed.count == 3)
        try EmbargoTests.drop(Self.article("urn:a", "4"), "5.json", in: bench)
        try bench.start()
        try EmbargoTests.drop(Self.article("urn:a", "5", until: 60), "6.json", in: bench)
        try EmbargoTests.reach(120, in: bench)
        bench.now += .seconds(5)
        try bench.settle()
        let rows = try bench.articles()
        #expect(rows.map { $0.text("type") } == ["gone", "gone", "article", "gone", "gone"])
        #expect(rows.suffix(2).map(\.topic) == ["art/test/de/", "art/test/en/"])
        #expect(rows.filter { $0.text("type") == "gone" }.allSatisfy { $0.text("uri") == "urn:a" })
        #expect(
            try bench.verdicts() == [
                "published ok", "published ok", "held embargoed", "published ok", "ignored erased", "ignored erased",
                "ignored erased",
            ])
        #expect(bench.archived() == ["4.json"], "a file with what was erased is not kept")
        #expect(bench.snapshot.held == 0)
        #expect(try traces(bench) == [])
    }

    @Test func `the same content is neither published nor kept again, as the same file, in another one or in a feed`()
        throws
    {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article(nil), "1.json", in: bench)
        _ = try erase(.article(try id(try bench.articles().first)), in: bench)
        try EmbargoTests.drop(Self.article(nil), "2.json", in: bench)
        try EmbargoTests.drop(Self.article(nil) + "\n", "3.json", in: bench)
        let list = "[\(Self.article(nil)), \(EmbargoTests.ninjs(nil, words: "Other"))]"
        try EmbargoTests.drop(list, "4.json", in: bench)
        bench.now += .seconds(5)
        try bench.settle()
        #expect(
            try bench.verdicts() == [
                "published ok", "duplicate duplicate_content", "ignored erased", "published ok",
            ])
        #expect(try bench.titles() == ["Other"])
        #expect(bench.archived() == [])
        #expect(try traces(bench) == [])
    }

    @Test func `a file goes with whatever else stands in it, and its sidecar goes too`() throws {
        let bench = try EmbargoTests.started()
        try bench.scratch.dropByRename(
            Array(#"{"title": "\#(Self.marker)"}"#.utf8), to: "drop/1.txt.meta.json")
        try EmbargoTests.drop(Bench.article(1), "1.txt", in: bench)
        try EmbargoTests.drop("[\(Self.article("urn:a")), \(Self.article("urn:b"))]", "2.json", in: bench)
        #expect(bench.archived() == ["1.txt", "1.txt.meta.json", "2.json"])
        let rows = try bench.articles()
        #expect(rows.count == 3)
        let outcome = try erase(.versions(source: "test", uri: "urn:a"), in: bench)
        #expect(outcome.removed.map(\.parts) == [2])
        #expect(bench.archived() == ["1.txt", "1.txt.meta.json"])
        #expect(try erase(.article(try id(rows.first)), in: bench).removed.count == 2)
        #expect(bench.archived() == [])
    }

    @Test(arguments: [DropDirectoryConfiguration.After.delete, .leave])
    func `what is deleted is gone, and what is left in its place is told of`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try EmbargoTests.started { $0.after = after }
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        let outcome = try erase(.versions(source: "test", uri: "urn:a"), in: bench)
        #expect(outcome.removed.isEmpty)
        #expect(outcome.kept.map(\.path) == (after == .leave ? [bench.scratch.path("drop/1.json")] : []))
        bench.now += .seconds(5)
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.articles().map { $0.text("type") } == ["gone", "gone"], "it is not read again")
        #expect(try bench.scratch.files(below: "state", containing: Array(Self.marker.utf8)) == [])
    }

    @Test func `a copy that was dropped again goes from the archive too, and only what has those bytes`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:b", words: "Kept"), "1.json", in: bench)
        #expect(bench.archived().count == 3)
        #expect(try erase(.versions(source: "test", uri: "urn:a"), in: bench).removed.count == 2)
        #expect(bench.archivedContents() == [EmbargoTests.ninjs("urn:b", words: "Kept")])
    }

    @Test func `what nobody knows is an error, and what others know is told of`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:b", words: "Kept"), "1.json", in: bench)
        let unknown = ErasureSubject.versions(source: "test", uri: "urn:a")
        let error = try #require(throws: ErasureOfNothing.self) { try erase(unknown, in: bench) }
        #expect("\(error)".contains("'urn:a'"))
        #expect(!bench.scratch.exists("state/erasures.jsonl"), "nothing was written")
        let id = try #require(ArticleID(String(repeating: "ab", count: 16)))
        var order = ErasureOrder(.article(id), reason: "Privacy")
        order.known.sources = ["test"]
        let outcome = try #require(bench.desk).erase(order, found: [], through: 0)
        #expect(outcome.seqs.isEmpty && outcome.told != nil)
        let told = try #require(try bench.articles().last)
        #expect(told.topic == "art/test/en/" && told.text("type") == "gone" && told.text("id") == id.description)
    }

    // MARK: Ends and restores

    @Test func `an end between the database and the archive ends erased`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        bench.killAt = (.afterErasure, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { try erase(.versions(source: "test", uri: "urn:a"), in: bench) }
        #expect(bench.archived() == ["1.json"])
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        #expect(bench.archived() == [])
        #expect(try traces(bench) == [])
        #expect(try bench.articles().map { $0.text("type") } == ["gone", "gone"], "it is told of once")
    }

    @Test func `an end between the book and the database ends erased`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        bench.killAt = (.beforeCommit, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { try erase(.versions(source: "test", uri: "urn:a"), in: bench) }
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        #expect(try bench.articles().map { $0.text("type") } == ["gone", "gone"])
        #expect(bench.archived() == [])
        #expect(try traces(bench) == [])
    }

    @Test func `a database that is restored from a backup is erased anew, and once`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        bench.kill()
        let backup = ["log.sqlite", "log.sqlite-wal"].compactMap { name in
            bench.scratch.read("state/\(name)").map { (name, $0) }
        }
        try bench.start()
        try bench.settle()
        _ = try erase(.versions(source: "test", uri: "urn:a"), in: bench)
        bench.kill()
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] where bench.scratch.exists("state/\(name)") {
            try bench.scratch.remove("state/\(name)")
        }
        for (name, bytes) in backup { try bench.scratch.write(bytes, to: "state/\(name)") }
        for _ in 0..<2 {
            try bench.start()
            try bench.settle()
            #expect(try bench.articles().map { $0.text("type") } == ["gone", "gone"])
            #expect(try traces(bench) == [])
        }
        try EmbargoTests.drop(Self.article("urn:a", "9"), "9.json", in: bench)
        #expect(try bench.verdicts().last == "ignored erased")
        let lines = try #require(bench.scratch.read("state/erasures.jsonl")).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 1)
        let entry = try JSONDecoder().decode(JSONValue.self, from: Data(lines[0]))
        #expect(entry["reason"] == .string("Court order 7") && entry["author"]?["user"] == .string("eva"))
        #expect(entry["n"] == .integer(1) && entry["uri"] == .string("urn:a"))
    }

    @Test func `a line of the book that was cut is passed over, and the next has a line of its own`() throws {
        let scratch = try ScratchDirectory()
        var entry = ErasureEntry(time: Timestamp(milliseconds: 0), cause: .operator, reason: "One")
        entry.source = "s"
        entry.uri = "u"
        _ = try ErasureBook(directory: scratch.path, from: .init()).append(entry)
        let first = try #require(scratch.size("erasures.jsonl"))
        try scratch.append(Array(#"{"n":2,"ti"#.utf8), to: "erasures.jsonl")
        let book = try ErasureBook(directory: scratch.path, from: .init())
        #expect(book.missing.map(\.entry.number) == [1])
        #expect(book.missing.map(\.end) == [ErasureBook.Place(bytes: first, number: 1)])
        #expect(try book.append(entry).number == 2)
        #expect(book.applied == ErasureBook.Place(bytes: try #require(scratch.size("erasures.jsonl")), number: 2))
        let next = try ErasureBook(directory: scratch.path, from: .init(bytes: first, number: 1))
        #expect(next.missing.map(\.entry.number) == [2], "no more is read than what is behind the known place")
        #expect(try ErasureBook(directory: scratch.path, from: book.applied).missing.isEmpty)
        // The database knows more than there is: the book was lost, and numbers go on.
        try scratch.remove("erasures.jsonl")
        #expect(try ErasureBook(directory: scratch.path, from: book.applied).append(entry).number == 3)
    }

    @Test func `what could not be applied is so by the next start, whatever came behind it`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "1.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:b"), "2.json", in: bench)
        struct Full: Error {}
        bench.atPoint = { if $0 == .beforeCommit { throw Full() } }
        #expect(throws: Full.self) { try erase(.versions(source: "test", uri: "urn:a"), in: bench) }
        bench.atPoint = nil
        _ = try erase(.versions(source: "test", uri: "urn:b"), in: bench)
        #expect(try bench.articles().map { $0.text("type") } == ["article", "gone", "gone"])
        try bench.start()
        try bench.settle()
        #expect(try bench.articles().filter { $0.text("type") == "article" }.isEmpty)
        #expect(try traces(bench) == [])
        let count = try bench.articles().count
        try bench.start()
        #expect(try bench.articles().count == count, "and then no more")
    }
}

extension JSONValue {
    /// Its bytes.
    fileprivate var encoded: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
