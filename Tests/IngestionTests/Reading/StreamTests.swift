import Articles
import Glibc
import Linux
import Synchronization
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Files with more parts than are held at a time: read and committed piece by piece, each part once, whatever happens.
@Suite struct StreamTests {
    /// More than two pieces.
    private static let count = 47
    private static let piece = 20
    /// What the quarantine has of a bad part behind all others.
    private static let keptOfBadPart = ["all.tar#\(count + 1)", "all.tar#\(count + 1).reason.json"]
    private let titles = (0..<count).map { "Headline number \($0)" }

    private func tar(adding more: (inout SampleTar) -> Void = { _ in }) -> [UInt8] {
        Bench.tar(0..<StreamTests.count, adding: more)
    }

    private func started(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench(change)
        bench.pieceParts = StreamTests.piece
        try bench.start()
        try bench.settle()
        return bench
    }

    /// Does something once, at the n-th visit of a point.
    private func once(
        _ bench: Bench, at point: IntakePoint, visit: Int = 1, _ body: @escaping () throws -> Void
    ) {
        var visits = 0
        bench.atPoint = { visited in
            guard visited == point else { return }
            visits += 1
            if visits == visit { try body() }
        }
    }

    @Test func `a long file is published piece by piece, in order, and closed by one record`() throws {
        let bench = try started()
        var commits = 0
        bench.atPoint = { if $0 == .afterCommit { commits += 1 } }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        #expect(commits == 3)
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok"])
        let record = try #require(try bench.outcomes().first)
        #expect(record.json["articles"] == .integer(Int64(StreamTests.count)))
        #expect(
            record.json["first_seq"] == .integer(1) && record.json["last_seq"] == .integer(Int64(StreamTests.count)))
        #expect(record.text("article_id") == (try bench.articles().first?.text("id")))
        #expect(record.text("sha256") == (try bench.articles().first?.json["ingest"]?["sha256"]?.stringValue))
        #expect(bench.archived() == ["all.tar"])
        #expect(try bench.openRows() == 0)
        #expect(bench.snapshot.articles == StreamTests.count && bench.snapshot.outcomes["published"] == 1)
    }

    @Test func `other files have their turn between two pieces`() throws {
        let bench = try started()
        once(bench, at: .afterCommit) { try bench.scratch.dropByRename(Array("A snap\n".utf8), to: "drop/snap.txt") }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        let place = try #require(try bench.titles().firstIndex(of: "A snap"))
        #expect([20, 40].contains(place), "between two pieces")
        #expect(try bench.verdicts() == ["published ok", "published ok"])
    }

    @Test(arguments: IntakePoint.ofFiles, [DropDirectoryConfiguration.After.archive, .delete, .leave])
    func `a kill at any point of a long file loses nothing and publishes nothing twice`(
        point: IntakePoint, after: DropDirectoryConfiguration.After
    ) throws {
        for visit in 1...3 {
            let bench = try started { $0.after = after }
            // A bad part in every piece.
            let bytes = tar { tar in
                tar.add(Array("bad.txt".utf8), [1, 0, 2])
            }
            bench.killAt = (point, visit)
            try bench.dropByRename([0, 1], "bad.txt")
            try bench.dropByRename(bytes, "all.tar")
            var isHit = false
            do { try bench.settle() } catch let killed as Bench.Killed { isHit = killed.point == point }
            #expect(isHit || visit > 1, "\(point) was not hit")
            bench.killAt = nil
            try bench.start()
            try bench.pass(.seconds(5))
            #expect(try bench.titles() == titles, "\(point) \(visit)")
            #expect(try bench.verdicts().sorted() == ["partial binary", "quarantined binary"])
            let kept = StreamTests.keptOfBadPart + ["bad.txt", "bad.txt.reason.json"]
            #expect(bench.scratch.list("drop/.quarantine") == kept)
            #expect(bench.lying() == (after == .leave ? ["all.tar"] : []))
            #expect(bench.archived() == (after == .archive ? ["all.tar"] : []))
            #expect(try bench.openRows() == (after == .leave ? 1 : 0))
        }
    }

    @Test func `a long file that is killed again and again goes on behind what is committed`() throws {
        let bench = try started()
        try bench.dropByRename(tar(), "all.tar")
        for point in [IntakePoint.beforeCommit, .afterCommit, .afterRead, .afterCommit, .beforeCommit] {
            bench.killAt = (point, 1)
            try bench.start()
            #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
        }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok"])
        #expect(try bench.outcomes().first?.json["articles"] == .integer(Int64(StreamTests.count)))
    }

    @Test func `a long file that changes under way is stopped, and what lies there then is a new file`() throws {
        let bench = try started()
        let other = Bench.tar(5000..<5003)
        once(bench, at: .afterCommit) { try bench.scratch.write(other, to: "drop/all.tar") }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        try bench.pass(.seconds(15))
        #expect(try bench.verdicts() == ["partial changed", "published ok"])
        let record = try #require(try bench.outcomes().first)
        #expect(record.json["articles"] == .integer(20) || record.json["articles"] == .integer(40))
        #expect(try bench.titles().suffix(3) == (5000..<5003).map { "Headline number \($0)" })
        #expect(bench.archived() == ["all.tar"])
        #expect(try bench.openRows() == 0)
    }

    @Test func `a long file that changes before anything of it is committed is read as it is then`() throws {
        let bench = try started()
        once(bench, at: .afterRead) { try bench.scratch.write(Bench.tar(5000..<5003), to: "drop/all.tar") }
        try bench.dropByRename(tar(), "all.tar")
        // The first read finds how much is in it; the change comes before the first piece is.
        try bench.settle()
        try bench.pass(.seconds(15))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(try bench.titles() == (5000..<5003).map { "Headline number \($0)" })
    }

    @Test func `other rights or another link under way are no change of the content`() throws {
        let bench = try started()
        once(bench, at: .afterCommit) {
            #expect(chmod(bench.scratch.path("drop/all.tar"), 0o640) == 0)
        }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a file that took the name under way is read after the one that was begun`() throws {
        let bench = try started()
        once(bench, at: .afterCommit) {
            try bench.scratch.dropByRename(Bench.tar(5000..<5001), to: "drop/all.tar")
        }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        try bench.pass(.seconds(15))
        #expect(try bench.titles() == titles + ["Headline number 5000"])
        #expect(try bench.verdicts() == ["published ok", "published ok"])
    }

    @Test(arguments: [true, false])
    func `what was begun and is not there any more after a start is closed with what was committed`(
        isReplaced: Bool
    ) throws {
        let bench = try started()
        try bench.dropByRename(tar(), "all.tar")
        bench.killAt = (.afterCommit, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        try bench.scratch.remove("drop/all.tar")
        if isReplaced { try bench.scratch.dropByRename(Bench.tar(5000..<5001), to: "drop/all.tar") }
        try bench.start()
        try bench.pass(.seconds(15))
        if !isReplaced {
            #expect(try bench.verdicts() == [], "an empty directory may be a mount point without its mount")
            try bench.scratch.makeDirectory("drop/below")
            try bench.pass(.seconds(2))
        }
        #expect(try bench.verdicts() == ["partial changed"] + (isReplaced ? ["published ok"] : []))
        #expect(try bench.outcomes().first?.json["articles"] == .integer(20))
        #expect(try bench.openRows() == 0)
    }

    @Test func `content that changed behind an unchanged name, size and time is not taken for the rest of a file`()
        throws
    {
        let bench = try started()
        var bytes = tar()
        try bench.dropByRename(bytes, "all.tar")
        bench.killAt = (.afterCommit, 1)
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        bench.kill()
        // In place, with the time set back: the ledger alone would not see it.
        var before = stat()
        #expect(stat(bench.scratch.path("drop/all.tar"), &before) == 0)
        bytes[512 + 20] ^= 1
        let descriptor = open(bench.scratch.path("drop/all.tar"), O_WRONLY)
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        var times = [before.st_atim, before.st_mtim]
        #expect(futimens(descriptor, &times) == 0)
        close(descriptor)
        try bench.start()
        try bench.pass(.seconds(15))
        #expect(try bench.verdicts() == ["partial changed", "published ok"])
        #expect(try bench.titles().count == StreamTests.piece + StreamTests.count)
    }

    @Test func `the same long content twice at a time is published once`() throws {
        let bench = try started()
        try bench.dropByRename(tar(), "a.tar")
        try bench.dropByRename(tar(), "b.tar")
        try bench.settle()
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok", "duplicate duplicate_content"])
        #expect(try bench.outcomes().last?.text("duplicate_of") == "a.tar")
        #expect(bench.archived() == ["a.tar", "b.tar"])
    }

    @Test func `another try of a long file publishes only what had failed`() throws {
        let bench = try started { $0.maximumArticleBytes = 1000 }
        let long = "A long headline\n\n" + String(repeating: "word ", count: 1000)
        let bytes = Bench.tar(0..<StreamTests.count) { $0.add("long.txt", long) }
        try bench.dropByRename(bytes, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["partial too_large"])
        bench.directory.maximumArticleBytes = .mebibytes(1)
        try bench.start()
        try bench.settle()
        for name in ["again.tar", "third.tar"] {
            try bench.dropByRename(bytes, name)
            try bench.settle()
        }
        #expect(try bench.titles() == titles + ["A long headline"])
        #expect(try bench.verdicts() == ["partial too_large", "published ok", "duplicate duplicate_content"])
    }

    @Test func `the end of a long file that is missing is waited for, and then believed`() throws {
        let bench = try started()
        try bench.dropByRename(Array(tar().dropLast(1024 + 700)), "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == [])
        #expect(try bench.titles() == Array(titles.dropLast()), "what is whole is not held back")
        try bench.pass(.seconds(40))
        #expect(try bench.titles() == Array(titles.dropLast()))
        #expect(try bench.verdicts() == ["partial damaged_container"])
    }

    @Test func `a full disk under way costs no part and publishes none twice`() throws {
        let bench = try started()
        let desk = try #require(bench.desk)
        once(bench, at: .afterCommit) { try desk.store.limitPages(1) }
        try bench.dropByRename(tar(), "all.tar")
        try bench.settle()
        #expect(bench.snapshot.trouble?.contains("full") == true)
        #expect(try bench.titles().count < StreamTests.count)
        bench.atPoint = nil
        try desk.store.limitPages(1 << 30)
        try bench.pass(.seconds(10))
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.snapshot.articles == StreamTests.count)
    }

    @Test func `a quarantine that cannot be written holds a long file up, and costs nothing`() throws {
        let bench = try started()
        try bench.scratch.write("in the way", to: "drop/.quarantine")
        try bench.dropByRename(tar { $0.add(Array("bad.txt".utf8), [1, 0, 2]) }, "all.tar")
        try bench.pass(.seconds(2))
        #expect(try bench.verdicts() == [])
        try bench.scratch.remove("drop/.quarantine")
        try bench.pass(.seconds(60))
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["partial binary"])
        #expect(bench.scratch.list("drop/.quarantine") == StreamTests.keptOfBadPart)
    }

    @Test func `a long file whose parser dies keeps what is published, and goes to the quarantine`() throws {
        let bench = try started()
        let asked = Mutex(0)
        bench.parseApart = { _ in
            asked.withLock { $0 += 1 }
            return .killed(signal: 11)
        }
        try bench.dropByRename(tar(), "all.tar")
        try bench.start()
        bench.killAt = (.afterRead, 3)
        #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(asked.withLock { $0 } == 1)
        #expect(try bench.verdicts() == ["partial parser_crashed"])
        #expect(try bench.titles().count == StreamTests.piece)
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar", "all.tar.reason.json"])
        // A retry with a parser that lives publishes the rest.
        bench.parseApart = nil
        _ = try bench.quarantine.retry(nil)
        try bench.settle()
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts().last == "published ok")
    }

    @Test func `a directory that is let go lets a long file go, and takes it up again`() throws {
        let bench = try started()
        let desk = try #require(bench.desk)
        try bench.dropByRename(tar(), "all.tar")
        var turns = 0
        while try bench.titles().isEmpty, turns < 20 {
            _ = try desk.work()
            turns += 1
        }
        #expect(try desk.take(.init(directories: [], maximumLogBytes: 1 << 30, retention: .seconds(86_400))))
        try bench.settle()
        #expect(try bench.titles().count < StreamTests.count)
        #expect(
            try desk.take(.init(directories: [bench.directory], maximumLogBytes: 1 << 30, retention: .seconds(86_400))))
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == titles)
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a long file of a directory with a higher priority is read first`() throws {
        let bench = try Bench { $0.priority = 1 }
        bench.pieceParts = StreamTests.piece
        try bench.scratch.makeDirectory("second")
        var second = DropDirectoryConfiguration(path: bench.scratch.path("second"))
        second.source = "second"
        bench.moreDirectories = [second]
        try bench.start()
        try bench.settle()
        try bench.scratch.dropByRename(Bench.tar(5000..<5200), to: "second/low.tar")
        try bench.dropByRename(tar(), "high.tar")
        try bench.settle()
        #expect(try bench.outcomes().map { $0.text("path") } == ["high.tar", "low.tar"])
        #expect(try bench.titles().count == StreamTests.count + 200)
    }

    @Test func `a long file does not make the write-ahead log of the store as long`() throws {
        let bench = try Bench()
        let words = String(repeating: "Nobody was at the river that morning. ", count: 30_000)
        let lines = (0..<56).map { "{\"title\": \"Number \($0)\", \"body\": \"\(words)\"}\n" }
        try bench.dropByRename(lines.joined(), "long.ndjson")
        // It is hashed and parsed on another thread, which takes its own time.
        try waitUntil("it is on the log", within: .seconds(120)) {
            try bench.pass(.milliseconds(200))
            return bench.snapshot.articles == 56
        }
        #expect(try #require(bench.scratch.size("state/log.sqlite-wal")) < 48 << 20)
    }
}
