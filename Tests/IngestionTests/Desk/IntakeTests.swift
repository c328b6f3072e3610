import Articles
import TestSupport
import Testing

@testable import Ingestion

/// From a dropped file to its records and its place afterwards.
@Suite struct IntakeTests {
    @Test func `a file that is renamed in is published, recorded and archived at once`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying().isEmpty)
        #expect(bench.archived() == ["a.txt"])
        #expect(bench.publishedCount == 2)
        #expect(try bench.openRows() == 0)
        let article = try #require(try bench.articles().first)
        let record = try #require(try bench.outcomes().first)
        #expect(article.topic == "art/test/und/")
        #expect(record.topic == "file/test/published/")
        #expect(record.json["first_seq"] == .integer(1) && record.json["last_seq"] == .integer(1))
        #expect(record.text("article_id") == article.text("id"))
        #expect(record.text("sha256") == article.json["ingest"]?["sha256"]?.stringValue)
    }

    @Test func `a file that is written in place waits for the quiet after its close`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.writeInPlace(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.titles().isEmpty)
        bench.now += .milliseconds(199)
        try bench.settle()
        #expect(try bench.titles().isEmpty)
        bench.now += .milliseconds(1)
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1"])
    }

    @Test func `a file that still grows is left alone, even at a poll`() throws {
        let bench = try Bench { $0.usesEvents = false }
        try bench.writeInPlace("Head", "a.txt")
        try bench.settle()
        for _ in 0..<5 {
            try bench.pass(.seconds(9))
            try bench.scratch.append(Array("line\n".utf8), to: "drop/a.txt")
        }
        try bench.pass(.seconds(9))
        #expect(try bench.titles().isEmpty)
        try bench.pass(.seconds(3))
        #expect(try bench.titles().count == 1)
    }

    @Test func `files below the drop directory keep their place in the archive`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("drop/desk/sports")
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "desk/sports/a.txt")
        try bench.settle()
        #expect(bench.archived("desk/sports") == ["a.txt"])
        #expect(try bench.outcomes().first?.text("path") == "desk/sports/a.txt")
    }

    @Test func `a directory that is moved in with its files is taken`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.scratch.makeDirectory("outside/batch")
        for number in 1...3 { try bench.scratch.write(Bench.article(number), to: "outside/batch/\(number).txt") }
        try bench.scratch.rename("outside/batch", to: "drop/batch")
        try bench.pass(.seconds(3))
        #expect(try bench.titles().sorted() == ["Headline number 1", "Headline number 2", "Headline number 3"])
    }

    @Test func `events keep coming from a directory that was renamed, and from one that took its name`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("drop/one")
        try bench.start()
        try bench.settle()
        try bench.scratch.rename("drop/one", to: "drop/two")
        try bench.scratch.makeDirectory("drop/one")
        try bench.pass(.seconds(2))
        try bench.dropByRename(Bench.article(1), "one/a.txt")
        try bench.dropByRename(Bench.article(2), "two/b.txt")
        try bench.settle()
        #expect(try bench.titles().sorted() == ["Headline number 1", "Headline number 2"])
    }

    @Test func `a directory whose name is not UTF-8 is watched, too`() throws {
        let bench = try Bench()
        let name: [UInt8] = Array("drop/d".utf8) + [0xff]
        try bench.scratch.makeDirectory("outside")
        try bench.start()
        try bench.settle()
        try bench.scratch.makeDirectory(bytes: name)
        try bench.pass(.seconds(1))
        try bench.scratch.write(Array(Bench.article(1).utf8), to: name + Array("/a.txt".utf8))
        try bench.settle()
        bench.now += .milliseconds(200)
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1"], "without events it would take the settle time")
    }

    @Test func `older files go first`() throws {
        let bench = try Bench()
        for number in 1...5 {
            try bench.writeInPlace(Bench.article(number), "\(number).txt")
            try bench.scratch.setModified("drop/\(number).txt", seconds: 1_700_000_000 - number)
        }
        try bench.settle()
        try bench.pass(.seconds(3))
        #expect(try bench.titles() == (1...5).reversed().map { "Headline number \($0)" })
    }

    @Test func `the same content under another name is a duplicate, with the name of the first`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "b.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok", "duplicate duplicate_content"])
        #expect(try bench.outcomes().last?.text("duplicate_of") == "a.txt")
        #expect(try bench.titles().count == 1)
        #expect(bench.archived() == ["a.txt", "b.txt"])
    }

    @Test func `two equal files in one batch are one article`() throws {
        let bench = try Bench()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.dropByRename(Bench.article(1), "b.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok", "duplicate duplicate_content"])
    }

    @Test func `a duplicate is published again where the directory says so`() throws {
        let bench = try Bench { $0.duplicates = .republish }
        try bench.start()
        for name in ["a.txt", "b.txt"] {
            try bench.dropByRename(Bench.article(1), name)
            try bench.settle()
        }
        #expect(try bench.verdicts() == ["published ok", "published ok"])
    }

    @Test func `a name that is taken in the archive gets a suffix, and nothing is lost`() throws {
        let bench = try Bench()
        try bench.start()
        for number in 1...3 {
            try bench.dropByRename(Bench.article(number), "a.txt")
            try bench.settle()
        }
        #expect(try bench.titles().count == 3)
        #expect(bench.archived().count == 3)
        #expect(bench.archivedContents() == (1...3).map(Bench.article))
    }

    @Test func `delete removes the file and keeps nothing`() throws {
        let bench = try Bench { $0.after = .delete }
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying().isEmpty && bench.archived().isEmpty)
        #expect(bench.scratch.list("drop/.dropwire").isEmpty)
    }

    @Test func `leave publishes once, over restarts, and again when the file changes`() throws {
        let bench = try Bench { $0.after = .leave }
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        try bench.pass(.seconds(5))
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(bench.lying() == ["a.txt"])
        try bench.dropByRename(Bench.article(2), "a.txt")
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1", "Headline number 2"])
        #expect(try bench.openRows() == 1, "only the row of what lies there is kept in the path's index")
    }

    @Test func `the row of a left file that was taken away is closed, also while the watcher was down`() throws {
        let bench = try Bench { $0.after = .leave }
        try bench.start()
        for number in 1...3 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.settle()
        #expect(try bench.openRows() == 3)
        try bench.scratch.remove("drop/1.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.openRows() == 2)
        bench.kill()
        try bench.scratch.remove("drop/2.txt")
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(try bench.openRows() == 1)
    }

    @Test func `many files come through in batches, each once`() throws {
        let bench = try Bench()
        let count = 1300
        for number in 0..<count { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.settle()
        try bench.pass(.seconds(3))
        #expect(Set(try bench.titles()).count == count)
        #expect(try bench.titles().count == count)
        #expect(bench.archived().count == count)
        #expect(bench.snapshot.outcomes["published"] == count)
        #expect(bench.snapshot.articles == count)
    }

    @Test func `a busy directory does not starve another one`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("second")
        var second = DropDirectoryConfiguration(path: bench.scratch.path("second"))
        second.source = "second"
        bench.moreDirectories = [second]
        for number in 0..<1100 { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.scratch.write(Bench.article(5000), to: "second/a.txt")
        let desk = try bench.start()
        bench.now += .seconds(1)
        _ = try desk.work()
        bench.now += .seconds(3)
        // One batch: it is read in one turn and committed in the next.
        for _ in 0..<2 { _ = try desk.work() }
        #expect(try bench.titles().contains("Headline number 5000"), "the second directory has its share of a batch")
    }

    @Test func `the snapshot counts what waits and what settles`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        #expect(bench.snapshot.isFirstScanDone)
        try bench.writeInPlace(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(bench.snapshot.directories.first?.settling == 1)
        try bench.pass(.seconds(1))
        #expect(bench.snapshot.directories.first?.settling == 0)
        #expect(bench.snapshot.outcomes["published"] == 1)
    }

    @Test func `a second watcher on a drop directory refuses to start`() throws {
        let bench = try Bench()
        try bench.start()
        let other = try Bench { [path = bench.directory.path] in $0.path = path }
        #expect(throws: DropDirectory.InUse.self) { try other.start() }
    }
}
