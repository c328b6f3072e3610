import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// The operator's pauses: what waits, what goes on, and that a restart changes nothing.
@Suite struct PauseTests {
    private let bench: Bench
    private let second: DropDirectoryConfiguration

    init() throws {
        bench = try Bench()
        try bench.scratch.makeDirectory("second")
        var second = DropDirectoryConfiguration(path: bench.scratch.path("second"))
        second.source = "second"
        self.second = second
        bench.moreDirectories = [second]
        try bench.start()
        try bench.settle()
    }

    private func dropInBoth(_ number: Int) throws {
        try bench.dropByRename(Bench.article(number), "\(number).txt")
        try bench.scratch.dropByRename(Array(Bench.article(number + 100).utf8), to: "second/\(number).txt")
    }

    @Test func `a paused directory is looked at and counted, and the others go on`() throws {
        let desk = try #require(bench.desk)
        try desk.setPause(bench.directory.path, true)
        try dropInBoth(1)
        try bench.pass(.seconds(3))
        #expect(try bench.titles() == ["Headline number 101"])
        let paused = bench.snapshot.directories[0]
        #expect(paused.waiting == 1 && paused.pausedSince != nil && paused.trouble == nil)
        #expect(paused.oldestWaitingMilliseconds != nil)
        #expect(bench.snapshot.directories[1].pausedSince == nil)
        #expect(bench.snapshot.pausedFiles == 1)
        // The loop sleeps: what waits for the operator is nothing to do.
        #expect(try !desk.work())
        #expect(desk.untilDue() > .zero)

        try desk.setPause(bench.directory.path, false)
        try bench.settle()
        #expect(try bench.titles() == ["Headline number 101", "Headline number 1"])
        #expect(bench.snapshot.pausedFiles == 0)
    }

    @Test func `a pause of all holds for directories that are added, and ends every pause when it ends`() throws {
        let desk = try #require(bench.desk)
        try desk.setPause(second.path, true)
        try desk.setPause(nil, true)
        var third = DropDirectoryConfiguration(path: bench.scratch.path("third"))
        third.source = "third"
        try bench.scratch.makeDirectory("third")
        _ = try desk.take(
            .init(
                directories: [bench.directory, second, third], maximumLogBytes: 1 << 30, retention: .seconds(86_400)))
        try dropInBoth(1)
        try bench.scratch.dropByRename(Array(Bench.article(7).utf8), to: "third/7.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.log().isEmpty)
        #expect(bench.snapshot.pausedSince != nil)
        #expect(bench.snapshot.pausedFiles == 3)
        #expect(bench.snapshot.directories.map { $0.pausedSince != nil } == [false, true, false])
        // One directory alone stays with the whole.
        try desk.setPause(second.path, false)
        try bench.settle()
        #expect(try bench.log().isEmpty)
        try desk.setPause(nil, false)
        try bench.settle()
        #expect(try bench.titles().count == 3)
        #expect(bench.snapshot.pausedSince == nil)
    }

    @Test(arguments: [false, true])
    func `a pause outlives a kill`(isOfAll: Bool) throws {
        try bench.desk?.setPause(isOfAll ? nil : bench.directory.path, true)
        let since = bench.snapshot.pausedSince ?? bench.snapshot.directories[0].pausedSince
        bench.kill()
        try dropInBoth(1)
        try bench.start()
        // Begun again it goes on since then.
        try bench.desk?.setPause(isOfAll ? nil : bench.directory.path, true)
        try bench.pass(.seconds(3))
        #expect(try bench.titles() == (isOfAll ? [] : ["Headline number 101"]))
        #expect(since != nil)
        #expect((bench.snapshot.pausedSince ?? bench.snapshot.directories[0].pausedSince) == since)
        try bench.desk?.setPause(nil, false)
        bench.kill()
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(try bench.titles().count == 2)
    }

    @Test func `a directory that is paused, removed and added again is paused`() throws {
        let desk = try #require(bench.desk)
        try desk.setPause(second.path, true)
        for directories in [[bench.directory], [bench.directory, second]] {
            _ = try desk.take(
                .init(directories: directories, maximumLogBytes: 1 << 30, retention: .seconds(86_400)))
        }
        #expect(bench.snapshot.directories[1].pausedSince != nil)
    }

    @Test func `what is no drop directory is not paused`() throws {
        #expect(throws: Intake.PauseRefused.self) { try bench.desk?.setPause("/nowhere", true) }
        #expect(bench.snapshot.directories.allSatisfy { $0.pausedSince == nil })
    }

    @Test func `a pause that cannot be stored is none`() throws {
        let desk = try #require(bench.desk)
        let other = try Connection(path: bench.scratch.path("state/log.sqlite"))
        try other.execute("BEGIN IMMEDIATE")
        _ = try desk.store.connection.scalar("PRAGMA busy_timeout=0")
        let refused = #expect(throws: Intake.PauseRefused.self) { try desk.setPause(second.path, true) }
        guard case .notStored(let reason) = refused else { throw try #require(refused) }
        #expect(reason.contains("locked"))
        #expect(bench.snapshot.directories[1].pausedSince == nil)
        try other.execute("ROLLBACK")
        try desk.setPause(second.path, true)
        #expect(bench.snapshot.directories[1].pausedSince != nil)
    }

    @Test func `rates are those of the last minute`() throws {
        for number in 0..<30 { try bench.dropByRename(Bench.article(number), "\(number).txt") }
        try bench.settle()
        let busy = bench.snapshot.directories[0]
        #expect(busy.filesPerSecond == 0.5)
        #expect(busy.bytesPerSecond > 0)
        bench.now += .seconds(61)
        #expect(bench.snapshot.directories[0].filesPerSecond == 0)
    }
}
