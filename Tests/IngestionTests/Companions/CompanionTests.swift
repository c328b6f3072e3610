import Articles
import Hashing
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// Markers, checksums and metadata beside files, with the intake at work. `byEvents` false is a file system without events.
@Suite struct CompanionTests {
    private static let text = Bench.article(1)
    private static let sha256 = Hexadecimal.encode(SHA256.hash(Array(text.utf8)))
    private static let wrong = String(repeating: "0", count: 64)

    private func bench(
        _ byEvents: Bool = true, _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }
    ) throws -> Bench {
        let bench = try Bench {
            $0.usesEvents = byEvents
            change(&$0)
        }
        try bench.start()
        try bench.settle()
        return bench
    }

    // MARK: Markers

    @Test(arguments: [true, false]) func `with a marker configured nothing is complete without it`(byEvents: Bool)
        throws
    {
        let bench = try bench(byEvents) { $0.doneMarkers = ["*.done", "*.ok"] }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(700))
        #expect(try bench.verdicts() == [])
        try bench.writeInPlace("", "a.txt.ok")
        try bench.pass(byEvents ? .seconds(1) : .seconds(2))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == [])
        #expect(bench.archived() == ["a.txt", "a.txt.ok"])
        #expect(try bench.outcomes().first?.json["companions"] == .array([.string("a.txt.ok")]))
    }

    @Test(arguments: [true, false]) func `a file and its marker found at the start are taken at once`(byEvents: Bool)
        throws
    {
        let bench = try Bench {
            $0.usesEvents = byEvents
            $0.doneMarkers = ["*.done"]
        }
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.writeInPlace("", "a.txt.done")
        try bench.writeInPlace(Bench.article(2), "b.txt")
        // Just made, the marker waits for a moment of quiet.
        try bench.pass(.seconds(2))
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(bench.lying() == ["b.txt"])
    }

    @Test func `a marker that gets its time after it was made goes with its file`() throws {
        let bench = try bench { $0.doneMarkers = ["*.done"] }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        // As touch(1) does it: made, seen, and then given its time.
        let marker = try Directory(path: bench.directory.path).openForWriting(RelativePath("a.txt.done"))
        try bench.settle()
        #expect(try bench.verdicts() == [])
        try bench.scratch.setModified("drop/a.txt.done", seconds: 1_900_000_000)
        _ = consume marker
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == [] && bench.archived() == ["a.txt", "a.txt.done"])
    }

    @Test func `a file that was changed after its marker settles by the usual rules`() throws {
        let bench = try bench(false) { $0.doneMarkers = ["*.done"] }
        try bench.writeInPlace("", "a.txt.done")
        // The file system's clock must have moved on.
        try bench.scratch.awaitTick(after: "drop/a.txt.done")
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.pass(.seconds(9))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test(arguments: [true, false]) func `one marker stands for the files of its directory that are not younger`(
        byEvents: Bool
    ) throws {
        let bench = try bench(byEvents) { $0.doneMarkers = ["batch.done"] }
        try bench.scratch.makeDirectory("drop/b")
        for number in 1...3 { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.writeInPlace(Bench.article(4), "b/4.txt")
        try bench.pass(.seconds(20))
        #expect(try bench.verdicts() == [])
        try bench.scratch.awaitTick(after: "drop/3.txt")
        try bench.writeInPlace("", "batch.done")
        try bench.scratch.awaitTick(after: "drop/batch.done")
        try bench.writeInPlace(Bench.article(5), "5.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.titles().sorted() == (1...3).map { "Headline number \($0)" })
        #expect(bench.lying() == ["5.txt", "b"], "the marker went with the last file that it stood for")
        #expect(try bench.verdicts().count == 3)
        try bench.writeInPlace("", "batch.done")
        try bench.pass(.seconds(3))
        #expect(try bench.titles().count == 4)
        #expect(bench.lying() == ["b"] && bench.lying("b") == ["4.txt"])
    }

    @Test func `a marker for all takes a file whose content is older, once that has settled`() throws {
        let bench = try bench(false) { $0.doneMarkers = ["batch.done"] }
        try bench.writeInPlace("", "batch.done")
        try bench.scratch.awaitTick(after: "drop/batch.done")
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.scratch.setModified("drop/a.txt", seconds: 1_000_000_000)
        try bench.pass(.seconds(9))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
    }

    // MARK: Checksums

    @Test(arguments: [true, false]) func `a file that has its checksum waits for nothing more`(byEvents: Bool) throws {
        let bench = try bench(byEvents)
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
        let bench = try bench()
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
        let bench = try bench(byEvents)
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
        let bench = try bench(false)
        try bench.writeInPlace("\(Self.sha256)  a.txt\n", "a.txt.sha256")
        try bench.writeInPlace(String(Self.text.prefix(20)), "a.txt")
        try bench.pass(.seconds(15))
        try bench.scratch.append(Array(Self.text.utf8.dropFirst(20)), to: "drop/a.txt")
        try bench.pass(.seconds(25))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a sidecar that is replaced after it was found wrong has its time again`() throws {
        let bench = try bench()
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
        let bench = try bench()
        try bench.dropByRename("\(Self.wrong)  a.txt\n", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(3))
        try bench.scratch.write("\(Self.sha256)\n", to: "outside.sha256")
        try bench.scratch.rename("outside.sha256", to: "drop/a.txt.sha256")
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a file that needs a checksum waits for one`() throws {
        let bench = try bench { $0.checksums = .require }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(60))
        #expect(try bench.verdicts() == [])
        try bench.dropByRename("\(Self.sha256)", "a.txt.sha256")
        try bench.pass(.seconds(2))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `where checksums are ignored they are files like others`() throws {
        let bench = try bench { $0.checksums = .ignore }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.settle()
        #expect(try bench.titles() == [Self.sha256])
    }

    @Test func `a checksum file that cannot be read is told with its place`() throws {
        let bench = try bench()
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
        let bench = try bench(byEvents)
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
        let bench = try bench()
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
        let bench = try bench()
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
        let bench = try bench()
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
        let bench = try bench { $0.hasMetadata = false }
        try bench.dropByRename(#"{"title": "x"}"#, "a.txt.meta.json")
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
    }

    // MARK: Going with their file

    @Test(arguments: DropDirectoryConfiguration.After.allCases) func `companions go where their file goes`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try bench {
            $0.after = after
            $0.doneMarkers = ["*.done"]
        }
        let names = ["a.txt", "a.txt.done", "a.txt.meta.json", "a.txt.meta.json.sha256", "a.txt.sha256"]
        try bench.scratch.makeDirectory("drop/desk")
        try bench.pass(.seconds(1))
        try bench.dropByRename("\(Self.sha256)", "desk/a.txt.sha256")
        try bench.dropByRename("{}", "desk/a.txt.meta.json")
        try bench.dropByRename("x", "desk/a.txt.meta.json.sha256")
        try bench.dropByRename(Self.text, "desk/a.txt")
        try bench.dropByRename("", "desk/a.txt.done")
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying("desk") == (after == .leave ? names : []))
        #expect(bench.archived("desk") == (after == .archive ? names : []))
        #expect(bench.scratch.list("drop/.dropwire") == [])
        // Nothing comes back, also not after a start.
        try bench.start()
        try bench.pass(.seconds(700))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a companion that was replaced after it was read stays for the next file`() throws {
        let bench = try bench()
        try bench.dropByRename(#"{"section": "Old"}"#, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        bench.atPoint = { point in
            guard point == .afterCommit else { return }
            try bench.scratch.write(#"{"section": "New"}"#, to: "other.json")
            try bench.scratch.rename("other.json", to: "drop/a.txt.meta.json")
        }
        try bench.settle()
        bench.atPoint = nil
        #expect(bench.lying() == ["a.txt.meta.json"])
        try bench.dropByRename(Bench.article(2), "a.txt")
        try bench.pass(.seconds(1))
        #expect(try bench.articles().map { $0.text("section") } == ["Old", "New"])
    }

    @Test(arguments: [DropDirectoryConfiguration.After.archive, .delete])
    func `after a kill between a file's disposal and that of its companions they follow it`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try bench { $0.after = after }
        try bench.dropByRename(#"{"section": "Sports"}"#, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        bench.killAt = (.afterCommit, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
        bench.kill()
        // As if the file alone had been moved when the process ended.
        if after == .delete {
            try bench.scratch.remove("drop/a.txt")
        } else {
            let day = try #require(try bench.outcomes().first?.text("received")).prefix(10)
            try bench.scratch.makeDirectory("drop/.done/\(day)")
            try bench.scratch.rename("drop/a.txt", to: "drop/.done/\(day)/a.txt")
        }
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        #expect(bench.lying() == [])
        #expect(bench.archived() == (after == .archive ? ["a.txt", "a.txt.meta.json"] : []))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a retried file comes back with what belongs to it`() throws {
        let bench = try bench { $0.doneMarkers = ["ready-*"] }
        try bench.dropByRename("{\"urgency\": 0}", "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.dropByRename("", "ready-a.txt")
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["quarantined bad_metadata"])
        #expect(bench.quarantined() == ["a.txt", "a.txt.reason.json"])
        #expect(bench.quarantined(".companions") == ["a.txt.meta.json", "ready-a.txt"])
        try bench.scratch.write("{\"urgency\": 1}", to: "drop/.quarantine/.companions/a.txt.meta.json")
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined bad_metadata", "published ok"])
        #expect(bench.lying() == [] && bench.quarantined() == [] && bench.quarantined(".companions") == [])
    }

    @Test(arguments: [["batch.done"], ["*.done"]]) func `a retry needs no new marker`(markers: [String]) throws {
        let bench = try bench { $0.doneMarkers = markers }
        try bench.dropByRename("a\0b", "a.txt")
        try bench.scratch.awaitTick(after: "drop/a.txt")
        try bench.writeInPlace("", markers[0].replacing("*", with: "a.txt"))
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined binary"])
        try? bench.scratch.remove("drop/.quarantine/.companions/a.txt.done")
        try bench.scratch.write(Self.text, to: "drop/.quarantine/a.txt")
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined binary", "published ok"])
    }

    @Test func `a discarded file takes with it what belongs to it`() throws {
        let bench = try bench()
        try bench.dropByRename("{\"urgency\": 0}", "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        #expect(bench.quarantined(".companions") == ["a.txt.meta.json"])
        #expect(try bench.quarantine.list().map(\.reason.name) == ["a.txt"])
        #expect(try bench.quarantine.discard(["a.txt"]).discarded == ["a.txt"])
        #expect(bench.quarantined() == [] && bench.quarantined(".companions") == [])
    }

    // MARK: Without a file

    @Test(arguments: [true, false]) func `a companion whose file never comes is an outcome of its own`(
        byEvents: Bool
    ) throws {
        let bench = try bench(byEvents) { $0.openFileWait = .seconds(60) }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.pass(.seconds(58))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
        #expect(try bench.outcomes().first?.text("path") == "a.txt.sha256")
        #expect(bench.archived() == ["a.txt.sha256"])
        #expect(bench.lying() == [])
    }

    @Test func `a marker for all for which no file ever comes is one, too`() throws {
        let bench = try bench {
            $0.openFileWait = .seconds(60)
            $0.doneMarkers = ["batch.done"]
        }
        try bench.dropByRename("", "batch.done")
        try bench.pass(.seconds(65))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
    }

    @Test func `an orphan that is left in place is told once`() throws {
        let bench = try bench {
            $0.after = .leave
            $0.openFileWait = .seconds(60)
        }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.pass(.seconds(200))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
        #expect(bench.lying() == ["a.txt.sha256"])
        try bench.start()
        try bench.pass(.seconds(100))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
    }

    @Test func `companions of files that are not selected are left alone`() throws {
        let bench = try bench {
            $0.include = ["*.txt"]
            $0.openFileWait = .seconds(60)
        }
        try bench.dropByRename("x", "a.xml.sha256")
        try bench.dropByRename("\(Self.sha256)", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(100))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == ["a.xml.sha256"])
    }
}
