import Linux
import SQLite
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// What lies in quarantine, and its way back.
@Suite struct QuarantineTests {
    @Test func `a retry publishes what is good now and is never a duplicate of itself`() throws {
        let bench = try Bench { $0.maximumFileBytes = 10 }
        try bench.start()
        try bench.dropByRename(Bench.article(1), "desk.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large"])
        bench.directory.maximumFileBytes = .mebibytes(1)
        try bench.start()
        try bench.settle()
        let result = try bench.quarantine.retry(["desk.txt"])
        #expect(result.retried == ["desk.txt"])
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large", "published ok"])
        #expect(bench.scratch.list("drop/.quarantine").isEmpty)
        #expect(bench.archived() == ["desk.txt"])
    }

    @Test func `a retry right after the quarantine is a new try, and counts`() throws {
        let bench = try Bench()
        let desk = try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        while try desk.work() {}
        // The loop has not come to rest yet: that the file is disposed of is not written down.
        _ = try bench.quarantine.retry(nil)
        while try desk.work() {}
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["quarantined binary", "quarantined binary"])
        #expect(try bench.quarantine.list().first?.reason.attempts == 2)
    }

    @Test func `two bad files of one name keep a reason each, and both come back`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        try bench.settle()
        try bench.dropByRename([0, 2], "a.txt")
        try bench.settle()
        let list = try bench.quarantine.list()
        try #require(list.count == 2)
        #expect(Set(list.map(\.reason.name)).count == 2, "each has a name of its own to be asked for")
        #expect(list.allSatisfy { $0.reason.path == "a.txt" })
        let names = list.map(\.reason.name)
        #expect(try bench.quarantine.retry([names[0]]).retried == [names[0]])
        try bench.settle()
        #expect(try bench.quarantine.retry([names[1]]).retried == [names[1]])
        try bench.settle()
        #expect(try bench.verdicts().count == 4)
        #expect(Set(try bench.outcomes().compactMap { $0.text("sha256") }).count == 2)
    }

    @Test func `a retry onto a name that is taken fails and keeps the file and its reason`() throws {
        let bench = try Bench { $0.usesEvents = false }
        try bench.dropByRename([0, 1], "a.txt")
        try bench.pass(.seconds(12))
        try bench.writeInPlace("other", "a.txt")
        let result = try bench.quarantine.retry(nil)
        #expect(result.retried.isEmpty && result.failed.count == 1)
        #expect(try bench.quarantine.list().count == 1)
        #expect(bench.scratch.list("drop/.quarantine") == ["a.txt", "a.txt.reason.json"])
    }

    @Test func `a name that is not there is missing`() throws {
        let bench = try Bench()
        try bench.start()
        #expect(try bench.quarantine.retry(["nothing.txt"]).missing == ["nothing.txt"])
    }

    @Test func `a file that was taken out of the quarantine by hand is not listed`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        try bench.settle()
        try bench.scratch.remove("drop/.quarantine/a.txt")
        #expect(try bench.quarantine.list().isEmpty)
    }

    @Test func `a bad file below the drop directory keeps its place`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("drop/desk")
        try bench.start()
        try bench.settle()
        try bench.dropByRename([0, 1], "desk/a.txt")
        try bench.settle()
        #expect(bench.scratch.list("drop/.quarantine/desk") == ["a.txt", "a.txt.reason.json"])
        #expect(try bench.quarantine.list().map(\.reason.name) == ["desk/a.txt"])
        #expect(try bench.quarantine.retry(["desk/a.txt"]).retried == ["desk/a.txt"])
        #expect(bench.lying("desk") == ["a.txt"])
    }
}

/// What an operator does with quarantined files, and ends in the middle of that.
@Suite struct QuarantineOperatorTests {
    private func bench(bad names: [String]) throws -> Bench {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        for name in names { try bench.dropByRename([0] + Array(name.utf8), name) }
        try bench.settle()
        return bench
    }

    @Test func `a discarded file goes with its reason, and its outcome is on the log`() throws {
        let bench = try bench(bad: ["a.txt", "b.txt"])
        #expect(try bench.quarantine.discard(["a.txt", "c.txt"]) == .init(discarded: ["a.txt"], missing: ["c.txt"]))
        let record = try #require(try bench.outcomes().last)
        #expect(record.topic == "file/test/discarded/")
        #expect(record.text("outcome") == "discarded" && record.text("code") == "discarded")
        #expect(record.text("path") == "a.txt")
        #expect(bench.scratch.list("drop/.quarantine") == ["b.txt", "b.txt.reason.json"])
        #expect(bench.scratch.list("drop/.dropwire").isEmpty)
        #expect(bench.publishedCount == 3, "the feed is told, too")
        try bench.pass(.seconds(2))
        #expect(try bench.openRows() == 0)
        #expect(bench.snapshot.outcomes["discarded"] == 1)
    }

    @Test(arguments: [IntakePoint.afterCommit, .beforeDispose])
    func `an end in the middle of a discard leaves one record and no file`(point: IntakePoint) throws {
        let bench = try bench(bad: ["a.txt", "b.txt"])
        bench.killAt = (point, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { _ = try bench.quarantine.discard(nil) }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(2))
        #expect(try bench.verdicts().filter { $0 == "discarded discarded" }.count == 2)
        #expect(bench.scratch.list("drop/.quarantine").isEmpty)
        #expect(try bench.openRows() == 0)
    }

    @Test func `a discard that finds the disk full leaves the file as it was`() throws {
        let names = (10..<99).map { "\($0).txt" }
        let bench = try bench(bad: names)
        let desk = try #require(bench.desk)
        // SQLite's own word for a full disk: the database may not grow by one page.
        try desk.store.limitPages(1)
        var discarded: [String] = []
        let error = #expect(throws: SQLiteError.self) {
            for name in names { discarded += try bench.quarantine.discard([name]).discarded }
        }
        #expect(error?.isDiskFull == true)
        try desk.store.limitPages(1 << 30)
        #expect(try bench.verdicts().filter { $0.hasPrefix("discarded") }.count == discarded.count)
        #expect(try bench.quarantine.list().map(\.reason.name) == names.filter { !discarded.contains($0) })
        #expect(try bench.quarantine.discard(nil).discarded.count == names.count - discarded.count)
    }

    @Test func `how often a file was tried is known after a restart, and only of that file`() throws {
        let bench = try bench(bad: ["a.txt"])
        for attempt in 2...4 {
            #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
            bench.kill()
            try bench.start()
            try bench.pass(.seconds(3))
            #expect(try bench.quarantine.list().map(\.reason.attempts) == [attempt])
        }
        _ = try bench.quarantine.discard(nil)
        try bench.dropByRename([0, 1], "a.txt")
        try bench.settle()
        #expect(try bench.quarantine.list().map(\.reason.attempts) == [1], "another file of that name is a new one")
    }

    @Test func `a reason that could not be written at once is complete when it is`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.scratch.write("in the way", to: "drop/.quarantine")
        try bench.dropByRename([0x61, 0, 1], "a.txt")
        try bench.settle()
        #expect(bench.snapshot.directories.first?.trouble?.contains(".quarantine") == true)
        bench.kill()
        try bench.scratch.remove("drop/.quarantine")
        try bench.start()
        try bench.pass(.seconds(5))
        let reason = try #require(try bench.quarantine.list().first?.reason)
        #expect(reason.code == "binary" && reason.format == "native" && reason.position == "byte 1")
        #expect(try bench.verdicts() == ["quarantined binary"])
    }

    @Test(arguments: [1, 3, 500]) func `a long list comes in parts, each file once, by any filter`(limit: Int) throws {
        let bench = try bench(
            bad: ["b.txt", "a.txt", "c/a.txt", "c/d/x.txt", "c.txt", "d.txt"].filter { !$0.contains("/") })
        try bench.scratch.makeDirectory("drop/c/d")
        try bench.pass(.seconds(2))
        for name in ["c/a.txt", "c/d/x.txt"] { try bench.dropByRename([0], name) }
        try bench.dropByRename("", "empty.txt")
        try bench.pass(.seconds(12))
        let all = try bench.quarantine.list(limit: limit).map(\.reason.name)
        #expect(all == ["a.txt", "b.txt", "c/a.txt", "c/d/x.txt", "c.txt", "d.txt", "empty.txt"])
        #expect(try bench.quarantine.list(.init(code: "empty"), limit: limit).map(\.reason.name) == ["empty.txt"])
        #expect(try bench.quarantine.list(.init(source: "other"), limit: limit).isEmpty)
        let now = Clocks.wallMilliseconds()
        #expect(try bench.quarantine.list(.init(until: now - 3_600_000), limit: limit).isEmpty)
        #expect(try bench.quarantine.list(.init(until: now + 1000), limit: limit).count == 7)
    }

    @Test func `a file whose reason is lost is listed all the same, and its ways out are open`() throws {
        let bench = try bench(bad: ["a.txt"])
        try bench.scratch.remove("drop/.quarantine/a.txt.reason.json")
        #expect(try bench.quarantine.list().map(\.reason.code) == ["reason_lost"])
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.settle()
        #expect(try bench.quarantine.list().map(\.reason.code) == ["binary"])
    }

    @Test func `no name leads out of the quarantine`() throws {
        let bench = try bench(bad: ["a.txt"])
        try bench.scratch.write("mine", to: "mine.txt")
        for name in ["../a.txt", "../../mine.txt", "..", "", "/etc/passwd", "./a.txt", "a.txt.reason.json", "a\u{0}"] {
            #expect(try bench.quarantines.files(named: name).isEmpty, "\(name)")
        }
    }

    struct Place: Sendable {
        let content: String
        let position: String?
        let excerpt: String
        let offset: Int
        let line: Int?
    }

    @Test(arguments: [
        Place(content: "1\n2\n3\n4\n5\n6\n7\n", position: "line 4", excerpt: "2\n3\n4\n5\n6", offset: 2, line: 2),
        Place(content: "1\n2\n3\n", position: "line 1", excerpt: "1\n2\n3\n", offset: 0, line: 1),
        Place(content: "1\n2\n", position: "line 9", excerpt: "1\n2\n", offset: 0, line: nil),
        Place(content: "short", position: nil, excerpt: "short", offset: 0, line: 1),
        Place(
            content: String(repeating: "0123456789abcdef", count: 40), position: "byte 200",
            excerpt: String(repeating: "0123456789abcdef", count: 16), offset: 128, line: nil),
        Place(content: "abc", position: "byte 99", excerpt: "abc", offset: 0, line: nil),
    ])
    func `the place that is meant is shown`(place: Place) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(place.content, to: "a")
        let excerpt = try QuarantineExcerpt(
            of: Directory(path: scratch.path).open(RelativePath("a")), position: place.position)
        #expect(String(decoding: excerpt.bytes, as: UTF8.self) == place.excerpt)
        #expect(excerpt.offset == place.offset && excerpt.firstLine == place.line)
        #expect(excerpt.size == place.content.utf8.count)
    }
}
