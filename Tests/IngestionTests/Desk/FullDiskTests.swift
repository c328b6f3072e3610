import Articles
import Glibc
import Linux
import SQLite
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Real file systems that are full, read-only or gone, on a thread with mounts of its own.
@Suite(.enabled(if: PrivateMounts.arePossible, "mounts of one's own take root"), .timeLimit(.minutes(10)))
struct FullDiskTests {
    private static let size = 24 << 20

    private static func article(_ number: Int) -> String {
        Bench.article(number) + String(repeating: "\n\(number) words. ", count: 500)
    }

    /// A bench with a small file system mounted at a directory of its scratch directory.
    private static func bench(
        small: String, _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }
    ) throws -> Bench {
        let bench = try Bench(change)
        try bench.scratch.makeDirectory(small)
        try PrivateMounts.mountSmall(bench.scratch.path(small), bytes: size)
        return bench
    }

    private static func expectAll(_ count: Int, _ bench: Bench, archive: ScratchDirectory? = nil) throws {
        #expect(try bench.titles().sorted() == (0..<count).map { "Headline number \($0)" }.sorted())
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: count))
        #expect(bench.lying().isEmpty)
        #expect(bench.snapshot.trouble == nil && bench.snapshot.directories[0].trouble == nil)
        #expect(try bench.openRows() == 0)
    }

    @Test func `a log on a disk filled to the last byte pauses, says so, and goes on by itself when there is room`()
        throws
    {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "state")
            try bench.start()
            for number in 0..<20 { try bench.dropByRename(FullDiskTests.article(number), "\(number).txt") }
            try bench.settle()
            let ballast = try #require(bench.scratch.size("state/ballast"))
            #expect(ballast == FullDiskTests.size / 64)
            try PrivateMounts.fill(bench.scratch.path("state"))
            for number in 20..<60 { try bench.dropByRename(FullDiskTests.article(number), "\(number).txt") }
            try bench.pass(.seconds(30))
            #expect(bench.snapshot.trouble?.contains("free") == true, "\(bench.snapshot.trouble ?? "")")
            #expect(bench.lying().count == 40)
            #expect(bench.scratch.size("state/ballast") == ballast, "it pauses before the ballast is needed")
            try bench.scratch.remove("state/everything")
            try bench.pass(.seconds(15))
            try FullDiskTests.expectAll(60, bench)
        }
    }

    @Test func `what is in flight when the disk becomes full is finished with the ballast, and nothing more is taken`()
        throws
    {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "state")
            try bench.start()
            try bench.settle()
            for number in 0..<10 { try bench.dropByRename(FullDiskTests.article(number), "\(number).txt") }
            var isFilled = false
            bench.atPoint = { [scratch = bench.scratch] point in
                guard point == .beforeCommit, !isFilled else { return }
                isFilled = true
                try PrivateMounts.fill(scratch.path("state"))
            }
            try bench.settle()
            #expect(isFilled && !bench.scratch.exists("state/ballast"))
            #expect(try bench.verdicts().count == 10)
            #expect(bench.lying().isEmpty)
            for number in 10..<20 { try bench.dropByRename(FullDiskTests.article(number), "\(number).txt") }
            try bench.pass(.seconds(20))
            #expect(try bench.verdicts().count == 10)
            #expect(bench.lying().count == 10 && bench.snapshot.trouble?.contains("free") == true)
            // A new start may find no room even to open the log; whoever supervises it starts it again.
            bench.kill()
            do { try bench.start() } catch let error as SQLiteError { #expect(error.isDiskFull) }
            #expect(bench.lying().count == 10)
            try bench.scratch.remove("state/everything")
            if bench.desk == nil { try bench.start() }
            try bench.pass(.seconds(15))
            try FullDiskTests.expectAll(20, bench)
            #expect(bench.scratch.exists("state/ballast"), "it is taken back")
        }
    }

    @Test func `an archive on a full disk holds its directory up alone, loses nothing and publishes nothing twice`()
        throws
    {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "archive") { _ in }
            bench.directory.archiveDirectory = bench.scratch.path("archive")
            try bench.scratch.makeDirectory("other")
            bench.moreDirectories = [DropDirectoryConfiguration(path: bench.scratch.path("other"))]
            try bench.start()
            try bench.settle()
            try PrivateMounts.fill(bench.scratch.path("archive"))
            for number in 0..<100 { try bench.dropByRename(FullDiskTests.article(number), "\(number).txt") }
            try bench.settle()
            try bench.dropByRename(FullDiskTests.article(100), "100.txt")
            try bench.scratch.dropByRename(Array(FullDiskTests.article(101).utf8), to: "other/a.txt")
            try bench.pass(.seconds(30))
            #expect(
                bench.snapshot.directories[0].trouble?.contains("the file system is full") == true,
                "\(bench.snapshot.directories[0].trouble ?? "")")
            #expect(bench.snapshot.trouble == nil && bench.snapshot.directories[1].trouble == nil)
            #expect(try bench.titles().contains("Headline number 101"))
            #expect(try !bench.titles().contains("Headline number 100"), "what cannot be archived is not taken")
            #expect(bench.lying().count == 101)
            #expect(bench.scratch.list("archive/test/.dropwire").isEmpty)
            // An end meanwhile changes nothing.
            bench.kill()
            try bench.start()
            try bench.pass(.seconds(5))
            try bench.scratch.remove("archive/everything")
            try bench.pass(.seconds(30))
            try FullDiskTests.expectAll(102, bench)
            let days = bench.scratch.list("archive/test").filter { !$0.hasPrefix(".") }
            #expect(days.flatMap { bench.scratch.list("archive/test/\($0)") }.count == 101)
        }
    }

    @Test func `a quarantine on a full disk costs no attempt and no reason`() throws {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "drop")
            try bench.start()
            try bench.settle()
            for number in 0..<5 { try bench.dropByRename([0x61, 0] + Array("\(number)".utf8), "\(number).txt") }
            try PrivateMounts.fill(bench.scratch.path("drop"))
            try bench.pass(.seconds(30))
            #expect(bench.snapshot.directories[0].trouble?.contains("the file system is full") == true)
            try bench.scratch.remove("drop/everything")
            try bench.pass(.seconds(15))
            #expect(try bench.verdicts() == Array(repeating: "quarantined binary", count: 5))
            let reasons = try bench.quarantine.list().map(\.reason)
            #expect(reasons.count == 5 && reasons.allSatisfy { $0.attempts == 1 && $0.position == "byte 1" })
            #expect(bench.snapshot.directories[0].trouble == nil && bench.lying() == [])
        }
    }

    @Test(arguments: [DropDirectoryConfiguration.After.archive, .delete])
    func `a drop directory that becomes read-only keeps its files, published once`(
        after: DropDirectoryConfiguration.After
    ) throws {
        try PrivateMounts.run {
            let bench = try Bench { $0.after = after }
            try bench.start()
            try bench.settle()
            for number in 0..<3 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
            try PrivateMounts.setReadOnly(bench.scratch.path("drop"), true)
            // A new mount is another directory to whoever looks at its path.
            bench.kill()
            try bench.start()
            try bench.pass(.seconds(20))
            #expect(bench.snapshot.directories[0].trouble?.contains("read-only") == true)
            #expect(bench.lying().count == 3)
            try PrivateMounts.setReadOnly(bench.scratch.path("drop"), false)
            try bench.pass(.seconds(15))
            try FullDiskTests.expectAll(3, bench)
        }
    }

    @Test func `a share that goes away with files on it, and comes back, has each file once`() throws {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "share")
            try bench.scratch.makeDirectory("share/drop")
            bench.directory = DropDirectoryConfiguration(path: bench.scratch.path("share/drop"))
            bench.directory.source = "test"
            try bench.scratch.makeDirectory("elsewhere")
            try bench.start()
            try bench.settle()
            try bench.scratch.dropByRename(Array(Bench.article(0).utf8), to: "share/drop/0.txt")
            try bench.settle()
            try bench.scratch.write(Bench.article(1), to: "share/drop/1.txt")
            let share = try Directory(path: bench.scratch.path("share"))
            try PrivateMounts.move(bench.scratch.path("share"), to: bench.scratch.path("elsewhere"))
            try bench.pass(.seconds(20))
            #expect(bench.snapshot.directories[0].trouble?.contains("it is not there") == true)
            try PrivateMounts.move(bench.scratch.path("elsewhere"), to: bench.scratch.path("share"))
            try bench.pass(.seconds(20))
            #expect(bench.snapshot.directories[0].trouble == nil)
            #expect(try bench.verdicts() == ["published ok", "published ok"])
            withExtendedLifetime(share) {}
        }
    }

    @Test func `a copy fails whole where the archive has room for a part of it`() throws {
        try PrivateMounts.run {
            let bench = try FullDiskTests.bench(small: "archive")
            bench.directory.archiveDirectory = bench.scratch.path("archive")
            bench.directory.maximumArticleBytes = .gibibytes(1)
            try bench.start()
            try bench.settle()
            let long = Bench.article(0) + String(repeating: "A long line of it.\n", count: 30 << 20 / 19)
            try bench.dropByRename(long, "long.txt")
            try bench.pass(.seconds(10))
            #expect(bench.snapshot.directories[0].trouble?.contains("the file system is full") == true)
            #expect(bench.lying() == ["long.txt"])
            #expect(bench.scratch.list("archive/test/.dropwire").isEmpty, "what was written of it is gone")
            try PrivateMounts.resize(bench.scratch.path("archive"), bytes: 4 * FullDiskTests.size)
            try bench.pass(.seconds(15))
            try FullDiskTests.expectAll(1, bench)
        }
    }
}
