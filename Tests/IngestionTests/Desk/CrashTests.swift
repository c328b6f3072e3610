import Articles
import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@testable import Ingestion

/// The process ends at every named point; after the next start every file has exactly one outcome and nothing is lost.
@Suite struct CrashTests {
    @Test(arguments: IntakeDesk.Point.ofFiles, [DropDirectoryConfiguration.After.archive, .delete, .leave])
    func `a kill at any point loses nothing and publishes nothing twice`(
        point: IntakeDesk.Point, after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try Bench { $0.after = after }
        let count = 20
        try bench.start()
        try bench.settle()
        for number in 0..<count { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.dropByRename([0, 1], "bad.txt")
        bench.killAt = (point, 1)
        let killed = try #require(throws: Bench.Killed.self) { try bench.settle() }
        #expect(killed.point == point, "the point was hit")
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        try bench.pass(.seconds(5))
        #expect(try bench.titles().sorted() == (0..<count).map { "Headline number \($0)" }.sorted())
        #expect(
            try bench.verdicts().sorted() == Array(repeating: "published ok", count: count) + ["quarantined binary"])
        #expect(bench.scratch.list("drop/.quarantine") == ["bad.txt", "bad.txt.reason.json"])
        switch after {
        case .archive: #expect(bench.archivedContents().count == count)
        case .delete: #expect(bench.archivedContents().isEmpty)
        case .leave: #expect(bench.lying().count == count)
        }
        if after != .leave { #expect(bench.lying().isEmpty) }
        #expect(bench.scratch.list("drop/.dropwire").isEmpty)
        #expect(try bench.openRows() == (after == .leave ? count : 0))
    }

    @Test(arguments: UInt64(1)...4) func `kills again and again end with every file once`(seed: UInt64) throws {
        let bench = try Bench()
        var random = Seeded(seed: seed)
        var kills = 0
        var count = 0
        for round in 0..<40 {
            for _ in 0..<5 {
                try bench.writeInPlace(Bench.article(count), "\(count).txt")
                count += 1
            }
            let point = IntakeDesk.Point.ofFiles[Int(random.next() % UInt64(IntakeDesk.Point.ofFiles.count))]
            let isOnceAFile = [.afterClaim, .afterRead, .beforeDispose, .afterDispose].contains(point)
            bench.killAt = (point, isOnceAFile ? Int(random.next() % 6) + 1 : 1)
            do {
                if round % 2 == 0 { try bench.start() }
                try bench.settle()
                bench.now += .seconds(3)
                try bench.settle()
            } catch is Bench.Killed {
                kills += 1
                bench.kill()
            }
        }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(kills > 20, "seed \(seed): \(kills) kills")
        #expect(try bench.titles().sorted() == (0..<count).map { "Headline number \($0)" }.sorted(), "seed \(seed)")
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: count), "seed \(seed)")
        #expect(bench.lying().isEmpty)
        #expect(bench.archivedContents().count == count)
    }

    @Test func `a file that replaced the read one during the disposal is put back and read`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        // The records are committed, the process ends, and meanwhile a new file takes the name and is moved away
        // half-way, as by a rename that was not compared any more.
        bench.killAt = (.afterCommit, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try bench.dropByRename(Bench.article(2), "a.txt")
        let day = Timestamp(milliseconds: Clocks.wallMilliseconds()).day
        try bench.scratch.makeDirectory("drop/.done/\(day)")
        try bench.scratch.rename("drop/a.txt", to: "drop/.done/\(day)/a.txt")
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 1", "Headline number 2"])
        #expect(bench.archivedContents() == [Bench.article(2)])
    }

    @Test(arguments: [true, false])
    func `a file with the longest name that there is gets through, also after a kill`(isGood: Bool) throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        let name = String(repeating: "n", count: 251) + ".txt"
        bench.killAt = (.afterCommit, 1)
        // Written in place: a hidden name beside it would be longer still.
        try bench.writeInPlace(isGood ? Bench.article(1) : "", name)
        try bench.settle()
        bench.now += .seconds(1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(bench.lying().isEmpty)
        #expect(try bench.verdicts() == [isGood ? "published ok" : "quarantined empty"])
        #expect(try bench.openRows() == 0)
    }

    /// Drops a file, ends the process with it in hand, and starts the next one.
    private static func startAfterEnd(of bench: Bench, inHand name: String, _ content: String) throws {
        try bench.dropByRename(content, name)
        bench.killAt = (.afterRead, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        try bench.start()
    }

    @Test func `the file in hand at an unclean end is parsed apart, and only the child's death quarantines it`() throws
    {
        let bench = try Bench()
        let asked = Mutex<[String]>([])
        let ending = Mutex(ChildProcess.Ending.killed(signal: 4))
        bench.parseApart = { path in
            asked.withLock { $0.append(path) }
            return ending.withLock { $0 }
        }
        try bench.start()
        try bench.settle()
        try CrashTests.startAfterEnd(of: bench, inHand: "a.txt", Bench.article(1))
        try bench.pass(.seconds(3))
        #expect(asked.withLock { $0.count } == 1)
        #expect(try bench.verdicts() == ["quarantined parser_crashed"])
        // It is not suspected for ever: a retry after a repair of the parser goes through.
        _ = try bench.quarantine.retry(nil)
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined parser_crashed", "published ok"])

        // A child that lives clears the file, whatever it says of the content.
        ending.withLock { $0 = .exited(1) }
        try CrashTests.startAfterEnd(of: bench, inHand: "b.txt", Bench.article(2))
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts().last == "published ok")
        #expect(asked.withLock { $0.count } == 2)
    }

    // By itself: the limit is the process's.
    @Test func `however few descriptors are left, a file in hand at the last end is not the end of the intake`() async {
        await #expect(processExitsWith: .success) {
            for spare in 0...7 {
                let bench = try Bench()
                bench.parseApart = { _ in .exited(0) }
                try bench.start()
                try bench.settle()
                try CrashTests.startAfterEnd(of: bench, inHand: "a.txt", Bench.article(1))
                // What is open stays so, and as many more as are spared can be opened.
                let free = (0...spare).map { _ in dup(0) }
                for descriptor in free { close(descriptor) }
                var old = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
                var tight = rlimit(rlim_cur: rlim_t(free[spare]), rlim_max: old.rlim_max)
                try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &tight) == 0)
                try bench.pass(.seconds(3))
                try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old) == 0)
                try bench.pass(.seconds(60))
                #expect(try bench.verdicts() == ["published ok"])
            }
        }
    }

    @Test func `what several readers had in hand is parsed apart, each file by itself`() throws {
        let bench = try Bench()
        let asked = Mutex<[String]>([])
        bench.parseApart = { path in
            let content = (try? read(path)) ?? "?"
            asked.withLock { $0.append(content) }
            return content == Bench.article(2) ? .killed(signal: 11) : .exited(0)
        }
        try bench.start()
        try bench.settle()
        let directory = try #require(bench.desk?.directories.first?.id)
        // As the readers leave it when one of them dies with four files in hand.
        do {
            let note = try InHandNote(path: bench.scratch.path("state/in-hand"))
            for number in 1...InHandNote.lines {
                note.take(directory, RelativePath(bytes: Array("\(number).txt".utf8)), reader: number - 1)
            }
        }
        for number in 1...InHandNote.lines + 1 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(asked.withLock { $0.sorted() } == (1...InHandNote.lines).map { Bench.article($0) }.sorted())
        #expect(
            try bench.verdicts().sorted() == [
                "published ok", "published ok", "published ok", "published ok", "quarantined parser_crashed",
            ])
        #expect(bench.lying().isEmpty)
    }

    @Test func `a suspect whose name is not UTF-8 is parsed apart, too, under a path that a program can take`() throws {
        let bench = try Bench()
        let content = Mutex("")
        bench.parseApart = { path in
            content.withLock { $0 = (try? read(path)) ?? "?" }
            return .killed(signal: 11)
        }
        try bench.start()
        try bench.settle()
        try bench.scratch.write(Array(Bench.article(1).utf8), to: Array("drop/x".utf8) + [0xff])
        try bench.settle()
        bench.now += .seconds(1)
        bench.killAt = (.afterRead, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined parser_crashed"])
        #expect(content.withLock { $0 } == Bench.article(1))
    }
}

private func read(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
}
