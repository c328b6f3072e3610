import Articles
import Formats
import FoundationEssentials
import Hashing
import Linux
import SQLite
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Files with a few parts: good ones are published, bad ones are listed and kept, and another try publishes the rest.
@Suite struct PartsTests {
    private func started(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench(change)
        try bench.start()
        try bench.settle()
        return bench
    }

    private func headlines(_ range: Range<Int>) -> [String] { range.map { "Headline number \($0)" } }

    private func failures(_ row: Bench.Row) throws -> [FileRecord.Failure] {
        guard let failed = row.json["failed"] else { return [] }
        return try JSONDecoder().decode([FileRecord.Failure].self, from: JSONEncoder().encode(failed))
    }

    /// Good articles with a bad one behind the second.
    private let mixed = Bench.tar(0..<2) { tar in
        tar.add(Array("bad.txt".utf8), [1, 0, 2])
        tar.add("2.txt", Bench.article(2))
    }

    @Test func `a container is published whole, each member an article with its place in the file`() throws {
        let bench = try started()
        try bench.dropByRename(Bench.tar(0..<3), "all.tar")
        try bench.settle()
        #expect(try bench.titles() == headlines(0..<3))
        #expect(try bench.verdicts() == ["published ok"])
        let ingest = try bench.articles().map { $0.json["ingest"] }
        #expect(ingest.map { $0?["part"] } == [.integer(1), .integer(2), .integer(3)])
        #expect(ingest.map { $0?["member"]?.stringValue } == ["0.txt", "1.txt", "2.txt"])
        let record = try #require(try bench.outcomes().first)
        #expect(record.json["articles"] == .integer(3) && record.text("format") == "tar")
        #expect(record.json["first_seq"] == .integer(1) && record.json["last_seq"] == .integer(3))
        #expect(bench.archived() == ["all.tar"])
    }

    @Test func `a bad part is listed, and kept in the quarantine as a file of its own`() throws {
        let bench = try started()
        try bench.dropByRename(mixed, "all.tar")
        try bench.settle()
        #expect(try bench.titles() == headlines(0..<3))
        #expect(try bench.verdicts() == ["partial binary"])
        let record = try #require(try bench.outcomes().first)
        #expect(record.json["failed_parts"] == .integer(1) && record.json["in_quarantine"] == .integer(1))
        let failure = try #require(try failures(record).first)
        #expect(failure.part == 3 && failure.member == "bad.txt" && failure.code == "binary")
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar#3", "all.tar#3.reason.json"])
        #expect(bench.scratch.read("drop/.quarantine/all.tar#3") == [1, 0, 2])
        let reason = try #require(try bench.quarantine.list().first?.reason)
        #expect(reason.file == "all.tar" && reason.part == 3 && reason.member == "bad.txt" && reason.code == "binary")
        #expect(reason.path == "all.tar#3" && reason.name == "all.tar#3")
        #expect(bench.archived() == ["all.tar"])
        #expect(try bench.openRows() == 0)
    }

    @Test func `a container without one good part goes to the quarantine whole, and its parts do not`() throws {
        let bench = try started()
        try bench.dropByRename(Bench.tar(0..<0) { $0.add(Array("bad.txt".utf8), [1, 0, 2]) }, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined binary"])
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar", "all.tar.reason.json"])
    }

    @Test func `two files of one name with other bad parts of the same number keep both`() throws {
        let bench = try started()
        for byte in UInt8(1)...2 {
            try bench.dropByRename(
                Bench.tar(Int(byte)..<Int(byte) + 1) { $0.add(Array("bad.txt".utf8), [byte, 0]) }, "all.tar")
            try bench.settle()
        }
        let names = bench.scratch.list("drop/.quarantine").filter { !$0.hasSuffix(".json") }
        #expect(names.count == 2 && names.allSatisfy { $0.hasPrefix("all.tar#2") })
        #expect(try bench.quarantine.list().count == 2)
    }

    @Test(arguments: [DropDirectoryConfiguration.After.delete, .archive, .leave])
    func `what failed and has no bytes of its own is not removed with its file`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try started { $0.after = after }
        try bench.dropByRename(
            Bench.tar(0..<2) { $0.add(Array("link".utf8), type: UInt8(ascii: "2"), linkName: "0.txt") }, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["partial not_a_file"])
        switch after {
        case .delete: #expect(bench.scratch.list("drop/.quarantine") == ["all.tar", "all.tar.reason.json"])
        case .archive: #expect(bench.archived() == ["all.tar"])
        case .leave: #expect(bench.lying() == ["all.tar"])
        }
        #expect(try bench.openRows() == (after == .leave ? 1 : 0))
    }

    @Test func `a file whose bad parts are all kept is deleted where files are deleted`() throws {
        let bench = try started { $0.after = .delete }
        try bench.dropByRename(mixed, "all.tar")
        try bench.settle()
        #expect(bench.lying().isEmpty)
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar#3", "all.tar#3.reason.json"])
    }

    @Test(arguments: [(0, "too_many_failures", 1), (1, "too_many_failures", 3), (2, "binary", 5)])
    func `more bad parts than max_failed_parts end the reading`(limit: Int, code: String, articles: Int) throws {
        let bench = try started { $0.maximumFailedParts = limit }
        var tar = SampleTar()
        for number in 0..<5 {
            tar.add("\(number).txt", Bench.article(number))
            if number == 0 || number == 2 { tar.add(Array("bad.txt".utf8), [1, 0, UInt8(number)]) }
        }
        try bench.dropByRename(tar.ended, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["partial \(code)"])
        #expect(try bench.titles() == headlines(0..<articles))
        // With a higher limit the rest is published, and nothing twice.
        bench.directory.maximumFailedParts = 10
        try bench.start()
        try bench.settle()
        try bench.dropByRename(tar.ended, "again.tar")
        try bench.settle()
        #expect(try bench.titles() == headlines(0..<5))
        #expect(try bench.verdicts().last == "partial binary")
    }

    @Test func `the end that is missing is waited for, and then the good parts before it are published`() throws {
        let bench = try started()
        try bench.dropByRename(Array(Bench.tar(0..<3).prefix(512 * 5 + 100)), "all.tar")
        try bench.settle()
        #expect(try bench.log().isEmpty)
        try bench.pass(.seconds(40))
        #expect(try bench.titles() == headlines(0..<2))
        #expect(try bench.verdicts() == ["partial damaged_container"])
        #expect(bench.archived() == ["all.tar"])
    }

    @Test func `another try publishes only what had failed, and then the content is a duplicate`() throws {
        let bench = try started { $0.maximumArticleBytes = 1000 }
        let long = "A long headline\n\n" + String(repeating: "word ", count: 1000)
        let tar = Bench.tar(0..<2) { $0.add("long.txt", long) }
        try bench.dropByRename(tar, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["partial too_large"])
        bench.directory.maximumArticleBytes = .mebibytes(1)
        try bench.start()
        try bench.settle()
        for name in ["again.tar", "third.tar"] {
            try bench.dropByRename(tar, name)
            try bench.settle()
        }
        #expect(try bench.titles() == headlines(0..<2) + ["A long headline"])
        #expect(try bench.verdicts() == ["partial too_large", "published ok", "duplicate duplicate_content"])
        #expect(try bench.outcomes()[1].json["articles"] == .integer(1))
        #expect(try bench.outcomes()[2].text("duplicate_of") == "all.tar")
    }

    @Test func `another try in vain publishes nothing, and keeps nothing twice`() throws {
        let bench = try started()
        for name in ["all.tar", "all.tar"] {
            try bench.dropByRename(mixed, name)
            try bench.settle()
        }
        #expect(try bench.titles() == headlines(0..<3))
        #expect(try bench.verdicts() == ["partial binary", "partial binary"])
        #expect(try bench.outcomes().last?.json["articles"] == .integer(0))
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar#3", "all.tar#3.reason.json"])
    }

    @Test func `a part that was published as a file of its own is not published with its file again`() throws {
        let scratch = try ScratchDirectory()
        let connection = try Connection(path: scratch.path("log.sqlite"))
        let ledger = try Ledger(connection: connection)
        func row(_ name: String, _ sha256: [UInt8], _ outcome: FileOutcome) throws -> Int64 {
            let entry = Ledger.Entry(
                id: 0, directory: 1, path: RelativePath(name), identity: .init(inode: 1, size: 1, modified: 1),
                state: .disposed, outcome: outcome, code: "ok", message: "", time: 1)
            return try ledger.insert(entry, sha256: sha256, parts: 3, firstSeq: 1)
        }
        func piece(_ number: Int, _ bytes: [UInt8]?) -> FailedPiece {
            let error = ParseError(code: .binary, format: "-", message: "no text")
            return FailedPiece(ParsedPart(number: number, content: .failed(error), bytes: bytes), error)
        }
        let file = try row("all.tar", SHA256.hash([9]), .partial)
        try ledger.noteFailed([piece(1, [1]), piece(2, nil), piece(3, [3])], of: file)
        #expect(try ledger.unpublishedParts(of: file, 1) == [1, 2, 3])
        _ = try row("all.tar#3", SHA256.hash([3]), .published)
        #expect(try ledger.unpublishedParts(of: file, 1) == [1, 2])
    }

    @Test func `a record of failed parts is what the schema says`() throws {
        let bench = try started()
        try bench.dropByRename(mixed, "all.tar")
        try bench.settle()
        let record = try #require(try bench.outcomes().first)
        #expect(try RecordSchema.ofRepository().faults(Array(JSONEncoder().encode(record.json))) == [])
    }
}
