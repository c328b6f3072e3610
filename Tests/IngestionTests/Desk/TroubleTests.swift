import Articles
import Glibc
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// Trouble that is no fault of a file: it pauses with a reason, resumes by itself, and costs nothing.
@Suite struct TroubleTests {
    @Test func `a drop directory that goes away is paused and comes back by itself`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.scratch.rename("drop", to: "away")
        try bench.pass(.seconds(2))
        #expect(bench.snapshot.directories.first?.trouble?.contains("No such file") == true)
        try bench.scratch.rename("away", to: "drop")
        try bench.pass(.seconds(10))
        #expect(bench.snapshot.directories.first?.trouble == nil)
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.titles().count == 1)
    }

    @Test func `a directory that is not there at the start does not hold up the others`() throws {
        let bench = try Bench()
        bench.moreDirectories = [DropDirectoryConfiguration(path: bench.scratch.path("later"))]
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.titles().count == 1)
        #expect(bench.snapshot.isFirstScanDone, "a paused directory does not hold up the first scan")
        try bench.scratch.makeDirectory("later")
        try bench.scratch.write(Bench.article(2), to: "later/b.txt")
        try bench.pass(.seconds(12))
        #expect(try bench.titles().count == 2)
    }

    @Test func `what was left undone in a directory that is away at the start is done when it is back`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.afterCommit, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try bench.scratch.remove("drop/a.txt")
        // An empty directory would say nothing.
        try bench.scratch.makeDirectory("drop/below")
        try bench.scratch.rename("drop", to: "away")
        try bench.start()
        try bench.pass(.seconds(1))
        try bench.scratch.rename("away", to: "drop")
        try bench.pass(.seconds(10))
        #expect(try bench.openRows() == 0)
    }

    @Test(arguments: [false, true])
    func `a file whose disposal is left to do is not given up for an empty mount point`(isRestarted: Bool) throws {
        let bench = try Bench { $0.duplicates = .republish }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.afterCommit, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        if !isRestarted { try bench.start() }
        try bench.scratch.rename("drop", to: "share")
        try bench.scratch.makeDirectory("drop")
        if isRestarted { try bench.start() }
        try bench.pass(.seconds(10))
        #expect(try bench.openRows() == 1)
        try bench.scratch.rename("drop", to: "mount-point")
        try bench.scratch.rename("share", to: "drop")
        try bench.pass(.seconds(10))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.archived() == ["a.txt"])
        #expect(try bench.openRows() == 0)
    }

    @Test func `a log at its limit takes no files and says so, and goes on when there is room`() throws {
        let bench = try Bench()
        bench.maximumLogBytes = 1
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(10))
        #expect(try bench.log().isEmpty)
        #expect(bench.lying() == ["a.txt"])
        #expect(bench.snapshot.trouble?.contains("max_log_bytes") == true)
        #expect(bench.snapshot.directories.first?.waiting == 1)
        bench.maximumLogBytes = 1 << 30
        try bench.start()
        try bench.pass(.seconds(6))
        #expect(try bench.titles().count == 1)
        #expect(bench.snapshot.trouble == nil)
    }

    @Test func `a disk that is full costs no article and no attempt`() throws {
        let bench = try Bench()
        let desk = try bench.start()
        try bench.settle()
        // SQLite's own word for a full disk: the database may not grow by one page.
        try desk.store.limitPages(1)
        for number in 0..<40 {
            try bench.dropByRename(String(repeating: "word ", count: 5000) + "\(number)", "\(number).txt")
        }
        try bench.pass(.seconds(3))
        #expect(bench.snapshot.trouble?.contains("full") == true)
        #expect(bench.lying().count == 40)
        #expect(bench.snapshot.articles == 0 && bench.snapshot.outcomes.isEmpty && bench.publishedCount == 0)
        try desk.store.limitPages(1 << 30)
        try bench.pass(.seconds(10))
        #expect(bench.snapshot.trouble == nil)
        #expect(try bench.articles().count == 40)
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: 40))
        #expect(bench.lying().isEmpty)
    }

    @Test func `an archive that cannot be written holds the directory up, and is done later`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        // A file where the folder should be.
        try bench.scratch.write("in the way", to: "drop/.done")
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.snapshot.directories.first?.trouble?.contains(".done") == true)
        // What could not be disposed of either is not taken.
        try bench.dropByRename(Bench.article(2), "b.txt")
        try bench.pass(.seconds(60))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == ["a.txt", "b.txt"])
        try bench.scratch.remove("drop/.done")
        try bench.pass(.seconds(15))
        #expect(try bench.verdicts() == ["published ok", "published ok"])
        #expect(bench.archived() == ["a.txt", "b.txt"])
        #expect(bench.snapshot.directories.first?.trouble == nil)
    }

    @Test func `an archive folder that is removed while it is in use is made again`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        for day in bench.scratch.list("drop/.done") {
            try bench.scratch.remove("drop/.done/\(day)/a.txt")
            try bench.scratch.remove("drop/.done/\(day)")
        }
        try bench.dropByRename(Bench.article(2), "b.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok", "published ok"])
        #expect(bench.archived() == ["b.txt"])
    }

    @Test func `a corrupt database ends the intake with a sentence`() throws {
        let bench = try Bench()
        try bench.scratch.write(String(repeating: "this is no database ", count: 1000), to: "state/log.sqlite")
        let error = try #require(throws: SQLiteError.self) { try bench.start() }
        #expect(error.isCorrupt)
    }
}
