import Articles
import Hashing
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// What checksums and metadata beside files say, with the intake at work. `byEvents` false is a file system without events.
@Suite struct SidecarTests {
    private static let text = Bench.article(1)
    private static let sha256 = Hexadecimal.encode(SHA256.hash(Array(text.utf8)))
    private static let wrong = String(repeating: "0", count: 64)

    // MARK: Checksums

    @Test(arguments: [true, false]) func `a file that has its checksum waits for nothing more`(byEvents: Bool) throws {
        let bench = try Bench.started(byEvents)
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.pass(.seconds(1))
        // Renamed in, the sidecar itself is complete at once where events are seen.
        try bench.dropByRename("\(Self.sha256)  a.txt\n", "a.txt.sha256")
        try bench.pass(byEvents ? .seconds(1) : .seconds(11))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.archived() == ["a.txt", "a.txt.sha256"])
    }

    @Test(arguments: [("sha256", "\(sha256) *a.txt\r\n"), ("md5", "MD5 (a.txt) = \(md5)\n")])
    func `a checksum that came first is waited for and compared`(ending: String, sum: String) throws {
        let bench = try Bench.started()
        try bench.writeInPlace(sum, "a.txt.\(ending)")
        try bench.settle()
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        #expect(try bench.verdicts() == [], "the sidecar is not complete yet")
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["published ok"])
    }

    private static let md5: String = {
        guard var md5 = MD5() else { return "" }
        md5.update(Array(text.utf8))
        return Hexadecimal.encode(md5.finish())
    }()

    @Test(arguments: [true, false]) func `content that does not get its checksum is quarantined with both digests`(
        byEvents: Bool
    ) throws {
        let bench = try Bench.started(byEvents)
        try bench.dropByRename("\(Self.wrong)  a.txt\n", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(byEvents ? .seconds(9) : .seconds(19))
        #expect(try bench.verdicts() == [], "it may still become what it should be")
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined checksum_mismatch"])
        let record = try #require(try bench.outcomes().first)
        #expect(record.text("message")?.contains(Self.sha256) == true)
        #expect(record.text("message")?.contains(Self.wrong) == true)
        #expect(bench.lying() == [])
        #expect(bench.quarantined() == ["a.txt", "a.txt.reason.json"])
        #expect(bench.quarantined(".companions") == ["a.txt.sha256"])
    }

    @Test func `a copy that goes on after a mismatch is taken when it is whole`() throws {
        let bench = try Bench.started(false)
        try bench.writeInPlace("\(Self.sha256)  a.txt\n", "a.txt.sha256")
        try bench.writeInPlace(String(Self.text.prefix(20)), "a.txt")
        try bench.pass(.seconds(15))
        try bench.scratch.append(Array(Self.text.utf8.dropFirst(20)), to: "drop/a.txt")
        try bench.pass(.seconds(25))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a sidecar that is replaced after it was found wrong has its time again`() throws {
        let bench = try Bench.started()
        func replace(_ name: String, _ text: String) throws {
            try bench.scratch.write(text, to: "outside")
            try bench.scratch.rename("outside", to: "drop/\(name)")
        }
        try bench.dropByRename("\(Self.wrong)\n", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.dropByRename("{", "b.txt.meta.json")
        try bench.dropByRename(Bench.article(2), "b.txt")
        for number in 1...4 {
            try bench.pass(.seconds(9))
            #expect(try bench.verdicts() == [], "after \(number) replacements")
            try replace("a.txt.sha256", "\(Self.wrong.dropLast())\(number)\n")
            try replace("b.txt.meta.json", "{\"title\": \"\(number)")
        }
        try bench.pass(.seconds(2))
        try replace("a.txt.sha256", "\(Self.sha256)\n")
        try replace("b.txt.meta.json", "{\"title\": \"Whole\"}")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().sorted() == ["Headline number 1", "Whole"])
    }

    @Test(arguments: [1, 2], [nil, 1])
    func `metadata names the only article of a container, and not one of several`(members: Int, pieceParts: Int?) throws
    {
        let bench = try Bench()
        // With one part a piece it is read as a stream.
        bench.pieceParts = pieceParts
        try bench.start()
        try bench.settle()
        try bench.dropByRename(#"{"uri": "urn:1", "section": "Sports"}"#, "a.tar.meta.json")
        try bench.dropByRename(Bench.tar(1..<members + 1), "a.tar")
        try bench.pass(.seconds(1))
        let articles = try bench.articles()
        #expect(articles.map { $0.text("section") } == Array(repeating: "Sports", count: members))
        #expect(articles.map { $0.text("uri") } == Array(repeating: members == 1 ? "urn:1" : nil, count: members))
    }

    @Test func `a checksum that is put right after a mismatch counts at once`() throws {
        let bench = try Bench.started()
        try bench.dropByRename("\(Self.wrong)  a.txt\n", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(3))
        try bench.scratch.write("\(Self.sha256)\n", to: "outside.sha256")
        try bench.scratch.rename("outside.sha256", to: "drop/a.txt.sha256")
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a file that needs a checksum waits for one`() throws {
        let bench = try Bench.started { $0.checksums = .require }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(60))
        #expect(try bench.verdicts() == [])
        try bench.dropByRename("\(Self.sha256)", "a.txt.sha256")
        try bench.pass(.seconds(2))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `where checksums are ignored they are files like others`() throws {
        let bench = try Bench.started { $0.checksums = .ignore }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.settle()
        #expect(try bench.titles() == [Self.sha256])
    }

    @Test func `a checksum file that cannot be read is told with its place`() throws {
        let bench = try Bench.started()
        try bench.dropByRename("not a checksum\n", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined bad_checksum_file"])
        #expect(try bench.outcomes().first?.text("message")?.contains("line 1: 'a.txt.sha256' is no checksum") == true)
        let reason = try #require(try bench.quarantine.list().first?.reason)
        #expect(reason.position == "line 1" && reason.hint?.contains("sha256sum") == true)
    }

    // MARK: Metadata

    @Test(arguments: [true, false]) func `metadata is merged into the article and wins`(byEvents: Bool) throws {
        let bench = try Bench.started(byEvents)
        let sidecar = #"{"title": "Better", "urgency": 2, "published": "2025-01-01 10:00:00", "desk": "north"}"#
        try bench.dropByRename(sidecar, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(12))
        let article = try #require(try bench.articles().first)
        #expect(article.text("title") == "Better" && article.json["urgency"] == .integer(2))
        #expect(article.text("published") == "2025-01-01T10:00:00Z" && article.text("tz_assumed") == "UTC")
        #expect(article.json["ext"]?["desk"] == .string("north"))
        #expect(article.text("abstract") == "In short 1.")
        #expect(bench.archived() == ["a.txt", "a.txt.meta.json"])
    }

    @Test func `a sidecar that is still written is waited for`() throws {
        let bench = try Bench.started()
        let whole = Array(#"{"title": "Better"}"#.utf8)
        try bench.scratch.write(Array(whole[..<9]), to: "drop/a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == [], "what is there of it looks cut")
        try bench.scratch.append(Array(whole[9...]), to: "drop/a.txt.meta.json")
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Better"])
    }

    @Test func `a sidecar that stays cut, and one with a wrong member, quarantine their file`() throws {
        let bench = try Bench.started()
        try bench.dropByRename("{\"title\":\n", "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.dropByRename(#"{"urgency": "high"}"#, "b.txt.meta.json")
        try bench.dropByRename(Bench.article(2), "b.txt")
        try bench.pass(.seconds(15))
        #expect(try bench.verdicts() == ["quarantined bad_metadata", "quarantined bad_metadata"])
        let messages = try bench.outcomes().compactMap { $0.text("message") }.sorted()
        #expect(messages[0].contains("'b.txt.meta.json': urgency must be a whole number from 1 to 9, is \"high\""))
        #expect(messages[1].contains("line 2: 'a.txt.meta.json' is no JSON: the text ends too early"))
    }

    @Test func `the same content with other metadata is no duplicate, with the same it is one`() throws {
        let bench = try Bench.started()
        for (name, section) in [("a.txt", "Sports"), ("b.txt", "Culture"), ("c.txt", "Sports")] {
            try bench.dropByRename("{\"section\": \"\(section)\"}", "\(name).meta.json")
            try bench.dropByRename(Self.text, name)
            try bench.settle()
        }
        try bench.dropByRename(Self.text, "d.txt")
        try bench.settle()
        let expected = ["published ok", "published ok", "duplicate duplicate_content", "published ok"]
        #expect(try bench.verdicts() == expected)
        #expect(try bench.outcomes()[2].text("duplicate_of") == "a.txt")
    }

    @Test func `where metadata is off a sidecar is a file like others`() throws {
        let bench = try Bench.started { $0.hasMetadata = false }
        try bench.dropByRename(#"{"title": "x"}"#, "a.txt.meta.json")
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
    }
}
