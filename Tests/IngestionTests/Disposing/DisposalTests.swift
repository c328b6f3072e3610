import Articles
import Glibc
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// Where files go afterwards: names that are taken, other file systems, and ends in the middle of it.
@Suite struct DisposalTests {
    private static let day = Timestamp(milliseconds: Clocks.wallMilliseconds()).day

    /// A bench whose archive is on another file system.
    private func benchWithArchiveElsewhere(
        _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }
    ) throws -> (Bench, archive: ScratchDirectory) {
        let archive = try OtherFileSystem.directory()
        let bench = try Bench {
            $0.archiveDirectory = archive.path
            change(&$0)
        }
        return (bench, archive)
    }

    @Test(.enabled(if: OtherFileSystem.isThere))
    func `an archive on another file system gets a whole copy with its times and mode, and the file goes`() throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        try bench.start()
        try bench.settle()
        try bench.scratch.makeDirectory("drop/desk/late")
        try bench.scratch.write(Bench.article(1), to: "drop/desk/late/.a")
        try bench.scratch.setMode("drop/desk/late/.a", 0o604)
        try bench.scratch.setModified("drop/desk/late/.a", seconds: 1_700_000_000, nanoseconds: 123_456_789)
        try bench.scratch.rename("drop/desk/late/.a", to: "drop/desk/late/a.txt")
        try bench.pass(.seconds(3))
        let name = "test/\(DisposalTests.day)/desk/late/a.txt"
        #expect(archive.read(name).map { String(decoding: $0, as: UTF8.self) } == Bench.article(1))
        let attributes = try #require(archive.attributes(name))
        #expect(attributes.modified == 1_700_000_000_123_456_789 && attributes.mode == 0o604)
        #expect(bench.lying("desk/late").isEmpty)
        #expect(try bench.openRows() == 0)
        #expect(archive.list("test/.dropwire").isEmpty && bench.scratch.list("drop/.dropwire").isEmpty)
        #expect(!bench.scratch.exists("drop/.done"))
    }

    @Test(.enabled(if: OtherFileSystem.isThere), arguments: [false, true])
    func `an end between copy and removal leaves one copy and no file`(hasPrivateName: Bool) throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.beforeDispose, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        // The copy has its name, the file still lies there, under its own or its private name.
        let modified = try #require(bench.scratch.attributes("drop/a.txt")).modified
        try archive.makeDirectory("test/\(DisposalTests.day)")
        try archive.write(Bench.article(1), to: "test/\(DisposalTests.day)/a.txt")
        try archive.setModified(
            "test/\(DisposalTests.day)/a.txt", seconds: Int(modified / 1_000_000_000),
            nanoseconds: Int(modified % 1_000_000_000))
        if hasPrivateName {
            try bench.scratch.makeDirectory("drop/.dropwire")
            try bench.scratch.rename("drop/a.txt", to: "drop/.dropwire/1.a.txt")
        }
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(archive.list("test/\(DisposalTests.day)") == ["a.txt"])
        #expect(bench.lying().isEmpty && bench.scratch.list("drop/.dropwire").isEmpty)
        #expect(try bench.verdicts() == ["published ok"])
        #expect(try bench.openRows() == 0)
    }

    @Test(.enabled(if: OtherFileSystem.isThere))
    func `an end in the middle of a copy leaves nothing of it, and the copy is made again`() throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.beforeDispose, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try archive.makeDirectory("test/.dropwire")
        try archive.write("Headl", to: "test/.dropwire/1")
        try archive.write("of a row that nobody knows", to: "test/.dropwire/7")
        try bench.start()
        #expect(archive.list("test/.dropwire").isEmpty, "cleaned at start, before anything is looked at")
        try bench.pass(.seconds(3))
        #expect(archive.list("test/\(DisposalTests.day)") == ["a.txt"])
        #expect(archive.read("test/\(DisposalTests.day)/a.txt").map { $0.count } == Bench.article(1).utf8.count)
    }

    @Test(.enabled(if: OtherFileSystem.isThere), arguments: [false, true])
    func `what belongs to a file follows it to another file system`(isKilledBetween: Bool) throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        try bench.start()
        try bench.settle()
        try bench.dropByRename("{\"section\": \"Sports\"}", "a.txt.meta.json")
        try bench.dropByRename(Bench.article(1), "a.txt")
        if isKilledBetween {
            bench.killAt = (.beforeDispose, 1)
            #expect(throws: Bench.Killed.self) { try bench.settle() }
            bench.killAt = nil
            bench.kill()
            // As if the file alone had been copied and removed when the process ended.
            try archive.makeDirectory("test/\(DisposalTests.day)")
            try archive.write(Bench.article(1), to: "test/\(DisposalTests.day)/a.txt")
            try bench.scratch.remove("drop/a.txt")
            try bench.start()
        }
        try bench.pass(.seconds(3))
        #expect(bench.lying() == [] && bench.scratch.list("drop/.dropwire") == [])
        #expect(archive.list("test/\(DisposalTests.day)") == ["a.txt", "a.txt.meta.json"])
        #expect(archive.read("test/\(DisposalTests.day)/a.txt.meta.json") == Array("{\"section\": \"Sports\"}".utf8))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test(.enabled(if: OtherFileSystem.isThere))
    func `a file whose content was replaced without a sign is not archived as what was read`() throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        // Same inode, size and time: only the digest tells.
        bench.atPoint = { [scratch = bench.scratch] point in
            guard point == .beforeDispose else { return }
            let modified = try #require(scratch.attributes("drop/a.txt")).modified
            try scratch.write(Bench.article(2), to: "drop/a.txt")
            try scratch.setModified(
                "drop/a.txt", seconds: Int(modified / 1_000_000_000), nanoseconds: Int(modified % 1_000_000_000))
        }
        try bench.settle()
        bench.atPoint = nil
        #expect(archive.list("test/\(DisposalTests.day)").isEmpty)
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 1", "Headline number 2"])
        #expect(
            archive.read("test/\(DisposalTests.day)/a.txt").map { String(decoding: $0, as: UTF8.self) }
                == Bench.article(2))
    }

    @Test(.enabled(if: OtherFileSystem.isThere))
    func `names that clash, are too long or no text are kept apart, on another file system too`() throws {
        let (bench, archive) = try benchWithArchiveElsewhere()
        let long = String(repeating: "ä", count: 125) + ".txt"
        try bench.start()
        for number in 1...3 {
            try bench.dropByRename(Bench.article(number), "a.txt")
            try bench.settle()
        }
        for number in 4...5 {
            try bench.scratch.write(Bench.article(number), to: "drop/.x")
            try bench.scratch.rename("drop/.x", to: "drop/\(long)")
            try bench.settle()
        }
        try bench.scratch.write(Array(Bench.article(6).utf8), to: Array("drop/b".utf8) + [0xff])
        try bench.pass(.seconds(3))
        let names = archive.names(in: "test/\(DisposalTests.day)")
        #expect(names.count == 6)
        #expect(names.contains(Array("a.txt~2".utf8)) && names.contains([0x62, 0xff]))
        #expect(names.allSatisfy { $0.count <= 255 })
        let contents = names.compactMap { archive.read(Array("test/\(DisposalTests.day)/".utf8) + $0) }
        #expect(
            contents.map { String(decoding: $0, as: UTF8.self) }.sorted() == (1...6).map { Bench.article($0) }.sorted())
    }

    @Test func `a name that even with the row's number is taken gets a further one`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.scratch.makeDirectory("drop/.done/\(DisposalTests.day)")
        for name in ["a.txt", "a.txt~1", "a.txt~1.2"] {
            try bench.scratch.write(name, to: "drop/.done/\(DisposalTests.day)/\(name)")
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(bench.archived() == ["a.txt", "a.txt~1", "a.txt~1.2", "a.txt~1.3"])
        #expect(try bench.openRows() == 0)
    }

    @Test func `directories that share an archive have a folder each`() throws {
        let archive = try ScratchDirectory()
        let bench = try Bench { $0.archiveDirectory = archive.path }
        try bench.scratch.makeDirectory("other")
        var other = DropDirectoryConfiguration(path: bench.scratch.path("other"))
        other.archiveDirectory = archive.path
        bench.moreDirectories = [other]
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.scratch.dropByRename(Array(Bench.article(2).utf8), to: "other/a.txt")
        try bench.settle()
        #expect(archive.list() == ["other", "test"])
        #expect(
            archive.read("test/\(DisposalTests.day)/a.txt").map { String(decoding: $0, as: UTF8.self) }
                == Bench.article(1))
        #expect(archive.list("other/\(DisposalTests.day)") == ["a.txt"])
    }

    @Test func `an archive that another watcher uses holds the directory up and says so`() throws {
        let archive = try ScratchDirectory()
        let first = try Bench { $0.archiveDirectory = archive.path }
        let second = try Bench { $0.archiveDirectory = archive.path }
        for bench in [first, second] {
            try bench.start()
            try bench.settle()
            try bench.dropByRename(Bench.article(1), "a.txt")
            try bench.settle()
        }
        #expect(second.snapshot.directories.first?.trouble?.contains("another dropwire process") == true)
        #expect(second.lying() == ["a.txt"])
        first.kill()
        try second.pass(.seconds(15))
        #expect(second.snapshot.directories.first?.trouble == nil)
        #expect(second.lying().isEmpty)
        #expect(archive.list("test/\(DisposalTests.day)").count == 2)
    }

    @Test(arguments: [DropDirectoryConfiguration.After.archive, .delete, .leave])
    func `a file that had its private name at an unclean end is finished with`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try Bench { $0.after = .delete }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.beforeDispose, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try bench.scratch.makeDirectory("drop/.dropwire")
        try bench.scratch.rename("drop/a.txt", to: "drop/.dropwire/1.a.txt")
        // Perhaps the operator thinks differently of it now.
        bench.directory.after = after
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(bench.scratch.list("drop/.dropwire").isEmpty)
        #expect(bench.lying() == (after == .leave ? ["a.txt"] : []))
        #expect(bench.archived() == (after == .archive ? ["a.txt"] : []))
        #expect(try bench.titles().count == 1)
    }

    @Test func `an unread file that had its private name, and one that no row knows, are put back and read`() throws {
        let bench = try Bench { $0.after = .delete }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        bench.killAt = (.beforeDispose, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try bench.scratch.remove("drop/a.txt")
        try bench.scratch.makeDirectory("drop/.dropwire")
        try bench.scratch.write(Bench.article(2), to: "drop/.dropwire/1.a.txt")
        try bench.scratch.write(Bench.article(3), to: "drop/.dropwire/99.b.txt")
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(try bench.titles().sorted() == (1...3).map { "Headline number \($0)" })
        #expect(bench.lying().isEmpty && bench.scratch.list("drop/.dropwire").isEmpty)
    }
}
