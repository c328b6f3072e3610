import Articles
import Glibc
import Linux
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// What is no article, or no file: a clear outcome and nothing stuck. After each case a good file still gets through.
@Suite struct BadInputTests {
    private func started(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench(change)
        try bench.start()
        try bench.settle()
        return bench
    }

    private func expectAlive(_ bench: Bench) throws {
        try bench.dropByRename("A good headline\n", "good-\(UInt32.random(in: 0 ... .max)).txt")
        try bench.settle()
        #expect(try bench.titles().last == "A good headline")
        #expect(bench.snapshot.trouble == nil)
        #expect(bench.snapshot.directories.allSatisfy { $0.trouble == nil })
    }

    @Test(arguments: [
        ("empty", [UInt8]()), ("empty", Array(" \n\t \r\n".utf8)), ("binary", Array("a\0b".utf8)),
        ("invalid_utf8", Array("Headline\n\nbody ".utf8) + [0xc3]),
        ("no_headline", Array("2025-02-26 03:27:00\n\nAbstract: In short.\n".utf8)),
    ])
    func `what is no article goes to quarantine with its reason`(code: String, bytes: [UInt8]) throws {
        let bench = try started()
        try bench.dropByRename(bytes, "bad.txt")
        // Some look truncated while they are young.
        try bench.pass(.seconds(40))
        #expect(try bench.verdicts() == ["quarantined \(code)"])
        #expect(bench.lying().isEmpty)
        #expect(bench.scratch.list("drop/.quarantine") == ["bad.txt", "bad.txt.reason.json"])
        #expect(bench.scratch.read("drop/.quarantine/bad.txt") == bytes, "the file itself is kept as it was")
        let reason = try #require(try bench.quarantine.list().first?.reason)
        #expect(reason.code == code && reason.path == "bad.txt" && reason.attempts == 1 && reason.source == "test")
        #expect(try bench.openRows() == 0)
        try expectAlive(bench)
    }

    @Test func `a file over max_file_bytes is quarantined without being read`() throws {
        let bench = try started { $0.maximumFileBytes = .gibibytes(1) }
        // A sparse file: reading it would take seconds and a gibibyte.
        try bench.scratch.write([], to: "drop/.huge")
        #expect(truncate(bench.scratch.path("drop/.huge"), (1 << 30) + 1) == 0)
        try bench.scratch.rename("drop/.huge", to: "drop/huge.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large"])
        #expect(try bench.outcomes().first?.text("sha256") == nil)
        try expectAlive(bench)
    }

    @Test func `max_file_bytes itself is taken, one more is not`() throws {
        let bench = try started { $0.maximumFileBytes = 20 }
        try bench.dropByRename(String(repeating: "x", count: 20), "a.txt")
        try bench.dropByRename(String(repeating: "x", count: 21), "b.txt")
        try bench.settle()
        #expect(try bench.verdicts().sorted() == ["published ok", "quarantined too_large"])
    }

    @Test func `an article over max_article_bytes is quarantined without being held in memory`() throws {
        let bench = try started { $0.maximumArticleBytes = .mebibytes(64) }
        try bench.scratch.write([], to: "drop/.huge")
        #expect(truncate(bench.scratch.path("drop/.huge"), 1 << 30) == 0)
        try bench.scratch.rename("drop/.huge", to: "drop/huge.txt")
        let before = ProcessInformation.residentBytes()
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large"])
        #expect(ProcessInformation.residentBytes() - before < 200 << 20)
        try expectAlive(bench)
    }

    @Test func `a FIFO, a socket, a symbolic link and a device are never opened and are counted once`() throws {
        let bench = try started()
        #expect(mkfifo(bench.scratch.path("drop/fifo.txt"), 0o644) == 0)
        #expect(symlink("/etc/hostname", bench.scratch.path("drop/link.txt")) == 0)
        let socketNumber = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socketNumber) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(bench.scratch.path("drop/socket.txt").utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socketNumber, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        try bench.pass(.seconds(15))
        #expect(try bench.log().isEmpty)
        #expect(bench.snapshot.irregular == 3)
        #expect(bench.lying() == ["fifo.txt", "link.txt", "socket.txt"])
        try expectAlive(bench)
    }

    @Test func `a file that became a FIFO is not looked at any more`() throws {
        let bench = try started()
        try bench.writeInPlace(Bench.article(1), "a.txt")
        try bench.settle()
        try bench.scratch.remove("drop/a.txt")
        #expect(mkfifo(bench.scratch.path("drop/a.txt"), 0o644) == 0)
        try bench.pass(.seconds(5))
        #expect(bench.snapshot.directories.first.map { $0.waiting + $0.settling } == 0)
        try expectAlive(bench)
    }

    @Test func `a directory named a.txt is a directory`() throws {
        let bench = try started()
        try bench.scratch.makeDirectory("drop/a.txt")
        try bench.pass(.seconds(1))
        try bench.dropByRename(Bench.article(1), "a.txt/b.txt")
        try bench.settle()
        #expect(try bench.outcomes().first?.text("path") == "a.txt/b.txt")
        #expect(bench.archived("a.txt") == ["b.txt"])
    }

    @Test func `names of any bytes are carried as they are`() throws {
        let bench = try started()
        let names: [[UInt8]] = [
            Array("new\nline \"quoted\" \\ back.txt".utf8), Array("caf".utf8) + [0xe9] + Array(".txt".utf8),
            Array("tab\t\u{1b}[31m.txt".utf8), Array(" leading and trailing ".utf8), Array("-rf".utf8),
            Array(repeating: UInt8(ascii: "n"), count: 255),
        ]
        for (number, name) in names.enumerated() {
            try bench.scratch.write(Array(Bench.article(number).utf8), to: Array("drop/".utf8) + name)
        }
        try bench.settle()
        bench.now += .milliseconds(200)
        try bench.settle()
        #expect(try bench.verdicts() == Array(repeating: "published ok", count: names.count))
        #expect(bench.lying().isEmpty)
        let archived = Set(bench.scratch.list("drop/.done").flatMap { bench.scratch.names(in: "drop/.done/\($0)") })
        #expect(archived == Set(names))
        let odd = try #require(try bench.outcomes().first { $0.text("path_bytes") != nil })
        #expect(odd.text("path_bytes") == "636166e92e747874")
        #expect(odd.text("path") == "caf\u{fffd}.txt")
        #expect(try bench.outcomes().filter { $0.text("path_bytes") != nil }.count == 1)
    }

    @Test func `names of any bytes and of 255 bytes go into quarantine and come back`() throws {
        let bench = try started()
        let names: [[UInt8]] = [
            Array("new\nline \"q\".txt".utf8), Array("caf".utf8) + [0xe9],
            Array(repeating: UInt8(ascii: "n"), count: 255),
            Array(repeating: UInt8(ascii: "m"), count: 244),
        ]
        for (number, name) in names.enumerated() {
            try bench.scratch.write([0, UInt8(number + 1)], to: Array("drop/".utf8) + name)
        }
        try bench.settle()
        bench.now += .milliseconds(200)
        try bench.settle()
        #expect(try bench.verdicts() == Array(repeating: "quarantined binary", count: names.count))
        let list = try bench.quarantine.list()
        #expect(list.count == names.count)
        let retried = try bench.quarantine.retry(nil)
        #expect(retried.retried.count == names.count && retried.failed.isEmpty && retried.missing.isEmpty)
        #expect(Set(bench.scratch.names(in: "drop").filter { $0.first != UInt8(ascii: ".") }) == Set(names))
        try bench.settle()
        #expect(try bench.verdicts().count == 2 * names.count)
        #expect(try bench.quarantine.list().map(\.reason.attempts) == Array(repeating: 2, count: names.count))
    }

    @Test func `two names of 255 bytes that clash in the archive are both kept`() throws {
        let bench = try started()
        let name = String(repeating: "é", count: 127) + "x"
        for number in 1...2 {
            try bench.scratch.write(Bench.article(number), to: "drop/.incoming")
            try bench.scratch.rename("drop/.incoming", to: "drop/\(name)")
            try bench.settle()
        }
        #expect(bench.archivedContents() == (1...2).map(Bench.article))
        #expect(bench.archived().allSatisfy { !$0.contains("\u{fffd}") }, "a name is cut between characters")
    }

    @Test func `a vanished file is nothing`() throws {
        let bench = try started()
        try bench.writeInPlace(Bench.article(1), "a.txt")
        try bench.settle()
        try bench.scratch.remove("drop/a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.log().isEmpty)
        #expect(bench.snapshot.directories.first.map { $0.waiting + $0.settling + $0.blocked } == 0)
        try expectAlive(bench)
    }

    @Test func `a file that vanishes between the look and the read is nothing`() throws {
        let bench = try started()
        bench.atPoint = { [scratch = bench.scratch] point in
            if point == .afterClaim { try? scratch.remove("drop/a.txt") }
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        bench.atPoint = nil
        try bench.pass(.seconds(3))
        #expect(try bench.log().isEmpty)
        try expectAlive(bench)
    }

    @Test func `a file that is replaced between the look and the read is read as what it is now`() throws {
        let bench = try started()
        bench.atPoint = { [unowned bench] point in
            guard point == .afterClaim else { return }
            bench.atPoint = nil
            try bench.dropByRename(Bench.article(2), "a.txt")
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 2"])
        #expect(bench.archivedContents() == [Bench.article(2)])
    }

    @Test(arguments: [DropDirectoryConfiguration.After.archive, .delete])
    func `a file that is replaced after the read is not archived or deleted unread`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try started { $0.after = after }
        bench.atPoint = { [unowned bench] point in
            guard point == .afterCommit else { return }
            bench.atPoint = nil
            try bench.dropByRename(Bench.article(2), "a.txt")
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 1", "Headline number 2"])
        #expect(bench.lying().isEmpty)
    }

    @Test func `files that are replaced while a large batch is disposed of are all read`() throws {
        let bench = try started()
        bench.atPoint = { [unowned bench] point in
            guard point == .afterPublish else { return }
            bench.atPoint = nil
            for number in 0..<50 { try bench.dropByRename(Bench.article(1000 + number), "\(number).txt") }
        }
        for number in 0..<200 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.pass(.seconds(5))
        #expect(Set(try bench.titles()).count == 250)
        #expect(try bench.titles().count == 250)
        #expect(bench.lying().isEmpty)
        #expect(try bench.openRows() == 0)
        #expect(bench.archivedContents().count == 200)
    }

    @Test func `a file that is appended to after the read is read again when it is complete`() throws {
        let bench = try started()
        bench.atPoint = { [unowned bench] point in
            guard point == .afterCommit else { return }
            bench.atPoint = nil
            try bench.scratch.append(Array("\nOne more paragraph.\n".utf8), to: "drop/a.txt")
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.articles().count == 2)
        #expect(try bench.articles().last?.text("body")?.hasSuffix("One more paragraph.") == true)
        #expect(bench.archivedContents() == [Bench.article(1) + "\nOne more paragraph.\n"])
    }

    @Test func `a file that was shrunk after it settled is read as it is`() throws {
        let bench = try started()
        bench.atPoint = { [unowned bench] point in
            guard point == .afterClaim else { return }
            bench.atPoint = nil
            #expect(truncate(bench.scratch.path("drop/a.txt"), 8) == 0)
        }
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.titles().isEmpty, "truncate(2) opens and closes nothing that could be waited for")
        try bench.pass(.seconds(600))
        #expect(try bench.titles() == ["Headline"])
    }

    @Test func `an unreadable file waits, is counted, and is taken when it can be read`() throws {
        let bench = try started()
        try bench.dropByRename(Bench.article(1), ".hidden")
        #expect(chmod(bench.scratch.path("drop/.hidden"), 0) == 0)
        try bench.scratch.rename("drop/.hidden", to: "drop/a.txt")
        // Root reads anything: the work is done with another user's rights, which this thread alone gets.
        try asNobody(bench) {
            try bench.settle()
            #expect(try bench.log().isEmpty)
            #expect(bench.snapshot.directories.first?.blocked == 1)
            #expect(bench.snapshot.directories.first?.trouble == nil)
            try bench.scratch.write("A good headline\n", to: "drop/.good")
            try bench.scratch.rename("drop/.good", to: "drop/good.txt")
            try bench.settle()
            #expect(try bench.titles() == ["A good headline"], "the others go on")
        }
        #expect(chmod(bench.scratch.path("drop/a.txt"), 0o644) == 0)
        try bench.pass(.seconds(40))
        #expect(try bench.titles() == ["A good headline", "Headline number 1"])
        #expect(bench.snapshot.directories.first?.blocked == 0)
    }

    /// Runs with file rights of nobody on this thread, where the process is root's.
    private func asNobody(_ bench: Bench, _ body: () throws -> Void) throws {
        guard geteuid() == 0 else { return try body() }
        for name in ["", "drop", "drop/.done", "state", "state/log.sqlite", "state/in-hand"] {
            chown(bench.scratch.path(name), 65534, 65534)
            chmod(bench.scratch.path(name), name.contains(".sqlite") ? 0o666 : 0o777)
        }
        for name in bench.scratch.list("state") { chmod(bench.scratch.path("state/\(name)"), 0o777) }
        setFileUser(65534)
        defer { setFileUser(0) }
        try body()
    }
}

/// setfsuid(2), which Glibc's Swift module does not show; it holds for the calling thread alone.
@_silgen_name("setfsuid") private func setFileUser(_ user: UInt32)
