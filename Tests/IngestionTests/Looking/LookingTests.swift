import Glibc
import Linux
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Looking at real directories: what is listed when, what is remembered, and what is not forgotten.
@Suite struct LookingTests {
    /// Writes files whose times of change are their numbers, so that they are in no order by name.
    private func fill(_ bench: Bench, _ numbers: some Sequence<Int>, in folder: String = "drop") throws {
        for number in numbers {
            try bench.scratch.write(Bench.article(number), to: "\(folder)/\(number * 7919 % 10_007).txt")
            try bench.scratch.setModified("\(folder)/\(number * 7919 % 10_007).txt", seconds: 1_700_000_000 + number)
        }
    }

    private func listings(_ bench: Bench) -> Int { bench.desk?.directories[0].scanner.listings ?? 0 }

    // MARK: More than the window holds

    @Test(arguments: DropDirectoryConfiguration.Order.allCases)
    func `a directory with more files than the window holds is taken whole, in its order`(
        order: DropDirectoryConfiguration.Order
    ) throws {
        let bench = try Bench {
            $0.settleTime = .zero
            $0.order = order
        }
        bench.windowBytes = 300 * FileTable.cost(of: RelativePath("1234.txt"))
        try fill(bench, 0..<1500)
        let desk = try bench.start()
        var most = 0
        bench.atPoint = { _ in most = max(most, desk.directories[0].table.bytes) }
        try bench.settle()
        let numbers =
            switch order {
            case .oldest: Array(0..<1500)
            case .newest: Array((0..<1500).reversed())
            case .name: (0..<1500).sorted { "\($0 * 7919 % 10_007).txt" < "\($1 * 7919 % 10_007).txt" }
            }
        #expect(try bench.titles() == numbers.map { "Headline number \($0)" })
        #expect(most > 0 && most <= bench.windowBytes)
        #expect(bench.lying().isEmpty)
        #expect(bench.snapshot.directories[0].waiting == 0)
    }

    @Test func `what does not fit is counted as waiting, and a new file is counted with it`() throws {
        let bench = try Bench { $0.settleTime = .zero }
        bench.windowBytes = 50 * FileTable.cost(of: RelativePath("1234.txt"))
        bench.maximumLogBytes = 1
        try fill(bench, 0..<400)
        try bench.settle()
        #expect(bench.snapshot.directories[0].waiting == 400)
        try bench.dropByRename(Bench.article(1000), "new.txt")
        try bench.settle()
        #expect(bench.snapshot.directories[0].waiting == 401)
        #expect(bench.snapshot.directories[0].oldestWaitingMilliseconds == 1_700_000_000_000)
    }

    @Test func `a file that somebody writes to keeps its wait while a flood passes the window`() throws {
        let bench = try Bench { $0.settleTime = .zero }
        bench.windowBytes = 60 * FileTable.cost(of: RelativePath("1234.txt"))
        try bench.start()
        try bench.settle()
        let open = try #require(fopen(bench.scratch.path("drop/open.txt"), "w"))
        fputs("Headline\n\nThe first half.", open)
        fflush(open)
        try bench.settle()
        try fill(bench, 0..<500)
        try bench.pass(.seconds(30))
        #expect(try bench.titles().count == 500)
        #expect(bench.lying() == ["open.txt"], "it is taken only when it was closed, or after open_file_wait")
        fputs(" The second half.\n", open)
        fclose(open)
        try bench.pass(.seconds(2))
        #expect(try bench.titles().count == 501)
    }

    @Test func `a directory with much leaves room for one with little`() throws {
        let bench = try Bench { $0.settleTime = .zero }
        bench.windowBytes = 100 * FileTable.cost(of: RelativePath("1234.txt"))
        bench.maximumLogBytes = 1
        try bench.scratch.makeDirectory("second")
        var second = DropDirectoryConfiguration(path: bench.scratch.path("second"))
        second.settleTime = .zero
        bench.moreDirectories = [second]
        try fill(bench, 0..<500)
        try fill(bench, 500..<520, in: "second")
        try bench.settle()
        #expect(bench.desk?.directories[1].table.count(.waiting) == 20)
        #expect(bench.snapshot.directories.map(\.waiting) == [500, 20])
    }

    // MARK: What is listed

    @Test func `a directory in which nothing happens is not listed again`() throws {
        let bench = try Bench { $0.after = .leave }
        try fill(bench, 0..<20)
        try bench.scratch.makeDirectory("drop/below")
        try fill(bench, 20..<30, in: "drop/below")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().count == 30)
        let before = listings(bench)
        try bench.pass(.seconds(40))
        #expect(listings(bench) == before)
        try bench.dropByRename(Bench.article(50), "below/new.txt")
        try bench.pass(.seconds(1))
        #expect(listings(bench) == before + 1, "one folder has changed")
        #expect(try bench.titles().count == 31)
    }

    @Test(arguments: [true, false])
    func `a left file that is written to in place is read again`(usesEvents: Bool) throws {
        let bench = try Bench {
            $0.after = .leave
            $0.usesEvents = usesEvents
            $0.settleTimePolling = .seconds(2)
        }
        try fill(bench, 0..<5)
        try bench.pass(.seconds(30))
        #expect(try bench.titles().count == 5)
        // No name changes, so that only a look at the file shows it.
        try bench.scratch.append(Array("More.\n".utf8), to: "drop/0.txt")
        try bench.pass(.seconds(usesEvents ? 2 : 70))
        #expect(try bench.titles().count == 6)
        #expect(try bench.openRows() == 5)
    }

    @Test func `a file that was too small is looked at again where no event tells that it grew`() throws {
        let bench = try Bench {
            $0.usesEvents = false
            $0.minimumBytes = 10
        }
        try bench.writeInPlace("short", "a.txt")
        try bench.pass(.seconds(20))
        #expect(try bench.verdicts().isEmpty)
        try bench.scratch.append(Array(" and then longer\n".utf8), to: "drop/a.txt")
        try bench.pass(.seconds(20))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `two changes within one tick of the file system's clock are both seen by polling`() throws {
        let bench = try Bench {
            $0.usesEvents = false
            $0.settleTimePolling = .seconds(1)
        }
        for number in 0..<50 {
            try bench.writeInPlace(Bench.article(number), "\(number).txt")
            // The listing comes between two changes that may have the same time.
            try bench.settle()
        }
        try bench.pass(.seconds(6))
        #expect(try bench.titles().count == 50)
    }

    @Test func `events that were too many are made up for by listings`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        let limit = try #require(Self.queueLimit())
        // Three events a file: created, written to, closed.
        let count = limit / 3 + 200
        try #require(count < 100_000)
        for number in 0..<count { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.pass(.seconds(15))
        #expect(bench.snapshot.articles == count)
        #expect(bench.lying().isEmpty)
    }

    private static func queueLimit() -> Int? {
        guard let file = fopen("/proc/sys/fs/inotify/max_queued_events", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 32, file) != nil else { return nil }
        return Int(String(decoding: line.prefix { $0 >= 48 }.map { UInt8($0) }, as: UTF8.self))
    }

    // MARK: Left files

    @Test func `left files are known again after a start without being read or looked up one by one`() throws {
        let bench = try Bench { $0.after = .leave }
        try fill(bench, 0..<300)
        try bench.scratch.makeDirectory("drop/below")
        try fill(bench, 300..<310, in: "drop/below")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().count == 310)
        bench.kill()
        // One is replaced, one is taken away, one comes while nobody watches.
        try bench.scratch.write(Bench.article(1000), to: "drop/0.txt")
        try bench.scratch.remove("drop/7919.txt")
        try bench.scratch.write(Bench.article(1001), to: "drop/new.txt")
        try bench.start()
        var claims = 0
        bench.atPoint = { if $0 == .afterClaim { claims += 1 } }
        try bench.pass(.seconds(5))
        #expect(claims == 2)
        #expect(try bench.titles().count == 312)
        #expect(try bench.openRows() == 310)
        #expect(bench.snapshot.directories[0].left == 310)
    }

    @Test func `a folder that is removed closes the rows of what was left in it`() throws {
        let bench = try Bench { $0.after = .leave }
        try bench.scratch.makeDirectory("drop/below")
        try bench.scratch.makeDirectory("drop/below/deeper")
        try fill(bench, 0..<5, in: "drop/below")
        try fill(bench, 5..<10, in: "drop/below/deeper")
        try fill(bench, 10..<12)
        try bench.pass(.seconds(5))
        #expect(try bench.openRows() == 12)
        try bench.scratch.rename("drop/below", to: "elsewhere")
        try bench.pass(.seconds(5))
        #expect(try bench.openRows() == 2)
        #expect(bench.desk?.directories[0].scanner.tree.count == 1)
    }

    // MARK: Directories that go and come back

    @Test(arguments: [false, true])
    func `a share that goes away and leaves its empty mount point forgets nothing`(isRestarted: Bool) throws {
        let bench = try Bench { $0.after = .leave }
        try bench.scratch.makeDirectory("drop/below")
        try fill(bench, 0..<20)
        try fill(bench, 20..<40, in: "drop/below")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().count == 40)
        // Another directory is there under the path, as when a share is unmounted.
        try bench.scratch.rename("drop", to: "share")
        try bench.scratch.makeDirectory("drop")
        if isRestarted { try bench.start() }
        try bench.pass(.seconds(20))
        #expect(try bench.openRows() == 40)
        // What is dropped there meanwhile is a file like others.
        try bench.dropByRename(Bench.article(100), "meanwhile.txt")
        try bench.pass(.seconds(20))
        #expect(try bench.titles().count == 41)
        #expect(try bench.openRows() == 41)
        try bench.scratch.rename("drop", to: "mount-point")
        try bench.scratch.rename("share", to: "drop")
        try bench.pass(.seconds(20))
        #expect(try bench.titles().count == 41, "nothing is published again")
        #expect(bench.snapshot.directories[0].left == 40)
        // It is the same directory again: what is taken away from it counts, and there what was never in it.
        try bench.scratch.remove("drop/0.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.openRows() == 39)
    }

    @Test func `a share below a drop directory that goes away forgets nothing of what was left in it`() throws {
        let bench = try Bench { $0.after = .leave }
        try bench.scratch.makeDirectory("drop/mount")
        try bench.scratch.makeDirectory("drop/mount/below")
        try fill(bench, 0..<3)
        try fill(bench, 3..<20, in: "drop/mount")
        try fill(bench, 20..<30, in: "drop/mount/below")
        try bench.pass(.seconds(5))
        try bench.scratch.rename("drop/mount", to: "share")
        try bench.scratch.makeDirectory("drop/mount")
        try bench.pass(.seconds(20))
        #expect(try bench.openRows() == 30)
        try bench.scratch.rename("drop/mount", to: "mount-point")
        try bench.scratch.rename("share", to: "drop/mount")
        try bench.pass(.seconds(20))
        #expect(try bench.titles().count == 30)
    }

    @Test func `a folder whose path is too long is counted with its reason, and the others go on`() throws {
        let bench = try Bench { $0.maximumDepth = 100 }
        let part = String(repeating: "d", count: 250)
        var directory = try Directory(path: bench.scratch.path("drop"))
        for _ in 0..<17 { directory = try directory.makeDirectory(RelativePath(part)) }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(2))
        #expect(try bench.titles().count == 1)
        let shown = bench.snapshot.directories[0]
        #expect(shown.unreadable == 1 && shown.unreadableReason?.contains("too long") == true)
        #expect(shown.trouble == nil)
        try bench.scratch.rename("drop/\(part)", to: "away")
        try bench.pass(.seconds(5))
        #expect(bench.snapshot.directories[0].unreadable == 0)
        // So that the scratch directory can be removed by paths.
        try bench.scratch.rename("away/\(part)/\(part)/\(part)", to: "deep")
    }

    // MARK: Many

    @Test func `folders that are too many to be known are listed all the same`() throws {
        let bench = try Bench { $0.after = .leave }
        bench.maximumFolders = 3
        for number in 0..<10 {
            try bench.scratch.makeDirectory("drop/\(number)")
            try bench.scratch.makeDirectory("drop/\(number)/below")
            try fill(bench, [number], in: "drop/\(number)")
            try fill(bench, [100 + number], in: "drop/\(number)/below")
        }
        try bench.pass(.seconds(25))
        #expect(try bench.titles().count == 20)
        #expect(bench.snapshot.directories[0].left == 20)
        try bench.start()
        try bench.scratch.write(Bench.article(500), to: "drop/7/below/new.txt")
        try bench.pass(.seconds(25))
        #expect(try bench.titles().count == 21)
        #expect(try bench.openRows() == 21)
        for number in 0..<10 { try bench.scratch.rename("drop/\(number)", to: "gone-\(number)") }
        try bench.writeInPlace(Bench.article(600), "a.txt")
        try bench.pass(.seconds(25))
        #expect(try bench.openRows() == 1)
    }

    @Test func `many drop directories have one descriptor for their events`() throws {
        let bench = try Bench()
        for number in 0..<200 {
            try bench.scratch.makeDirectory("drop-\(number)")
            bench.moreDirectories.append(DropDirectoryConfiguration(path: bench.scratch.path("drop-\(number)")))
        }
        let desk = try bench.start()
        try bench.settle()
        #expect(desk.descriptors.count == 1)
        for number in 0..<200 {
            try bench.scratch.dropByRename(Array(Bench.article(number).utf8), to: "drop-\(number)/a.txt")
        }
        try bench.settle()
        #expect(try bench.titles().count == 200, "each was told of its file")
    }

    @Test func `names that are no regular files are counted, however many there are`() throws {
        let bench = try Bench()
        for number in 0..<1200 { #expect(symlink("/etc/hostname", bench.scratch.path("drop/\(number).txt")) == 0) }
        try bench.pass(.seconds(2))
        #expect(bench.snapshot.irregular == 1200)
        #expect(bench.desk.map { $0.directories[0].noticed.count <= 1000 } == true)
        try bench.scratch.remove("drop/0.txt")
        try bench.pass(.seconds(2))
        #expect(bench.snapshot.irregular == 1199)
    }

    @Test func `a folder that is excluded is let go, and what was left in it is known when it is taken again`() throws {
        let bench = try Bench { $0.after = .leave }
        try bench.scratch.makeDirectory("drop/below")
        try fill(bench, 0..<3)
        try fill(bench, 3..<6, in: "drop/below")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().count == 6)
        var configuration = bench.directory
        for (exclude, name) in [(["below"], "ignored.txt"), ([], "taken.txt")] {
            configuration.exclude = exclude
            #expect(bench.desk?.directories[0].change(to: configuration, now: bench.now) == true)
            try bench.pass(.seconds(5))
            try bench.scratch.dropByRename(Array(Bench.article(exclude.count + 10).utf8), to: "drop/below/\(name)")
            try bench.pass(.seconds(5))
            #expect(try bench.titles().count == (exclude.isEmpty ? 8 : 6))
        }
    }
}
