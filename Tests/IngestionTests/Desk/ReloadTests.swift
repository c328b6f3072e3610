import Glibc
import Linux
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// A new configuration while files come: what is let go, what is new, and what is known of files that stay.
@Suite struct ReloadTests {
    private let bench: Bench
    private var second: DropDirectoryConfiguration

    init() throws {
        bench = try Bench()
        try bench.scratch.makeDirectory("second")
        second = DropDirectoryConfiguration(path: bench.scratch.path("second"))
        second.source = "second"
    }

    /// Reloads with these directories.
    @discardableResult
    private func reload(_ directories: [DropDirectoryConfiguration], maximumLogBytes: Int = 1 << 30) throws -> Bool {
        try #require(bench.desk).take(
            .init(directories: directories, maximumLogBytes: maximumLogBytes, retention: .seconds(86_400)))
    }

    @Test func `a directory that is added is watched`() throws {
        try bench.start()
        try bench.scratch.write(Bench.article(1), to: "second/1.txt")
        try bench.settle()
        #expect(try bench.titles() == [])
        #expect(try reload([bench.directory, second]))
        try bench.pass(.seconds(3))
        try bench.scratch.dropByRename(Array(Bench.article(2).utf8), to: "second/2.txt")
        try bench.settle()
        #expect(try Set(bench.titles()) == ["Headline number 1", "Headline number 2"])
        #expect(try bench.outcomes().allSatisfy { $0.text("source") == "second" })
        #expect(bench.snapshot.directories.map(\.path) == [bench.directory.path, second.path])
    }

    @Test func `a directory that is removed is let go with its lock, and added again it is no re-drop`() throws {
        bench.directory.after = .leave
        bench.moreDirectories = [second]
        try bench.start()
        for number in 1...3 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.settle()
        #expect(bench.snapshot.directories[0].left == 3)

        #expect(try reload([second]))
        let directory = try Directory(path: bench.directory.path)
        #expect(try directory.lock())
        try bench.dropByRename(Bench.article(4), "4.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.outcomes().count == 3)
        #expect(bench.snapshot.directories.map(\.path) == [second.path])
        try bench.scratch.remove("drop/2.txt")
        withExtendedLifetime(directory) {}
    }

    @Test(arguments: [false, true])
    func `what was left in a directory is known when it is added again`(hasRestart: Bool) throws {
        bench.directory.after = .leave
        bench.moreDirectories = [second]
        try bench.start()
        for number in 1...3 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.settle()
        try reload([second])
        try bench.scratch.remove("drop/2.txt")
        try bench.dropByRename(Bench.article(4), "4.txt")
        if hasRestart {
            let all = bench.directory
            bench.directory = second
            bench.moreDirectories = []
            try bench.start()
            try bench.settle()
            bench.directory = all
        }
        #expect(try reload([second, bench.directory]))
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: 4))
        #expect(bench.snapshot.directories[1].left == 3)
        #expect(try bench.openRows() == 3)
    }

    @Test func `what is disposed of apart is done before its directory is let go`() throws {
        bench.moreDirectories = [second]
        try bench.start()
        try bench.settle()
        for number in 0..<200 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        // One batch: it is read in one turn, committed in the next, and its files are on their way.
        for _ in 0..<2 { #expect(try bench.desk?.work() == true) }
        try reload([second])
        #expect(bench.lying().isEmpty)
        #expect(bench.archived().count == 200)
        try bench.desk?.finish()
        #expect(try bench.openRows() == 0)
    }

    @Test func `a file that is being written to stays so through a change of keys`() throws {
        try bench.start()
        try bench.settle()
        let file = try #require(fopen(bench.scratch.path("drop/slow.txt"), "w"))
        fputs("Headline", file)
        fflush(file)
        try bench.settle()
        bench.directory.settleTime = .milliseconds(500)
        bench.directory.pollInterval = .milliseconds(100)
        bench.directory.priority = 5
        try reload([bench.directory])
        // Far longer than the time rule asks for; the write was seen, and no close.
        try bench.pass(.seconds(60))
        #expect(try bench.outcomes().isEmpty)
        #expect(bench.snapshot.directories[0].settling == 1)
        fputs(" number 7\n\nIts body.\n", file)
        fclose(file)
        try bench.pass(.seconds(1))
        #expect(try bench.titles() == ["Headline number 7"])
    }

    @Test func `shorter waits count for what settles already`() throws {
        bench.directory.settleTimePolling = .seconds(3600)
        bench.directory.usesEvents = false
        try bench.start()
        try bench.settle()
        try bench.writeInPlace(Bench.article(1), "1.txt")
        try bench.pass(.seconds(60))
        #expect(try bench.outcomes().isEmpty)
        bench.directory.settleTimePolling = .seconds(30)
        try reload([bench.directory])
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1"])
    }

    @Test func `another selection counts at once, also for what waits`() throws {
        try bench.start()
        try bench.settle()
        for name in ["a.txt", "b.xml", "c.txt"] { try bench.dropByRename(Bench.article(name.count), name) }
        bench.directory.exclude = ["*.xml"]
        bench.directory.minimumBytes = 1
        // Seen by their events, and complete; nothing was taken yet.
        bench.desk?.lookout.events.take(now: bench.now)
        #expect(bench.snapshot.directories[0].waiting == 3)
        try reload([bench.directory])
        try bench.settle()
        #expect(bench.lying() == ["b.xml"])
        #expect(bench.snapshot.directories[0].settling == 0)
        bench.directory.exclude = []
        try reload([bench.directory])
        try bench.pass(.seconds(3))
        #expect(bench.lying() == [])
    }

    @Test(
        arguments: [
            { (keys: inout DropDirectoryConfiguration) in keys.exclude = ["b*"] }, { $0.isRecursive = false },
            { $0.minimumBytes = 1000 }, { $0.maximumDepth = 1 }, { $0.junk = ["*.txt"] },
        ] as [@Sendable (inout DropDirectoryConfiguration) -> Void])
    func `what waits is not taken by the old selection, however long the look at all takes`(
        change: @Sendable (inout DropDirectoryConfiguration) -> Void
    ) throws {
        try bench.scratch.makeDirectory("drop/below")
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "below/b.txt")
        let desk = try #require(bench.desk)
        desk.lookout.events.take(now: bench.now)
        let directory = desk.directories[0]
        #expect(directory.hasNext(now: bench.now))
        change(&bench.directory)
        #expect(directory.change(to: bench.directory, now: bench.now))
        // No pass was made yet.
        #expect(directory.takeNext(now: bench.now) == nil)
        try bench.settle()
        #expect(try bench.log().isEmpty)
        #expect(bench.lying("below") == ["b.txt"])
    }

    @Test func `another after holds for what is taken from then on`() throws {
        try bench.start()
        for (number, after) in [DropDirectoryConfiguration.After.archive, .leave, .delete].enumerated() {
            bench.directory.after = after
            try reload([bench.directory])
            try bench.dropByRename(Bench.article(number), "\(number).txt")
            try bench.settle()
        }
        #expect(bench.archived() == ["0.txt"])
        #expect(bench.lying() == ["1.txt"])
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: 3))
    }

    @Test func `a directory that is not there, or is another watcher's, is added and paused with the reason`() throws {
        let other = try Directory(path: second.path)
        #expect(try other.lock())
        let missing = DropDirectoryConfiguration(path: bench.scratch.path("missing"))
        try bench.start()
        #expect(try reload([bench.directory, second, missing]))
        try bench.settle()
        let troubles = bench.snapshot.directories.map { $0.trouble ?? "" }
        #expect(troubles[0] == "")
        #expect(troubles[1].contains("is watched by another dropwire process"))
        #expect(troubles[2].contains("No such file"))
        try bench.scratch.makeDirectory("missing")
        try bench.pass(.seconds(6))
        #expect(bench.snapshot.directories[2].trouble == nil)
        withExtendedLifetime(other) {}
    }

    @Test func `a store in trouble takes the configuration when it is well again`() throws {
        let desk = try bench.start()
        try bench.settle()
        try desk.store.limitPages(1)
        // Room for the row of a directory is there, for those of hundreds it is not.
        let many = (0..<500).map { DropDirectoryConfiguration(path: bench.scratch.path("many/\($0)")) }
        #expect(try reload([bench.directory] + many) == false)
        #expect(bench.snapshot.directories.count == 1)
        #expect(bench.snapshot.trouble != nil)
        try desk.store.limitPages(1 << 20)
        try bench.pass(.seconds(6))
        #expect(bench.snapshot.directories.count == 501)
        #expect(bench.snapshot.trouble == nil)
    }

    @Test func `a larger log takes files again at once`() throws {
        bench.maximumLogBytes = 1
        try bench.start()
        try bench.dropByRename(Bench.article(1), "1.txt")
        try bench.settle()
        #expect(bench.snapshot.trouble?.contains("max_log_bytes is 1") == true)
        try reload([bench.directory])
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(bench.snapshot.trouble == nil)
    }
}
