import Articles
import Glibc
import Linux
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// The limits of archives, and what is counted of archives and quarantines.
@Suite struct HousekeeperTests {
    private static let now = Timestamp("2026-03-20T12:00:00Z")!.milliseconds

    /// A drop directory with an archive of 20 files of 100 bytes a day, the last ten of them younger.
    private func archive(days: [String], _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws -> (
        scratch: ScratchDirectory, keeper: ArchiveKeeper
    ) {
        let scratch = try ScratchDirectory()
        for day in days {
            try scratch.makeDirectory("drop/.done/\(day)/desk")
            for number in 10..<30 {
                let folder = number % 2 == 0 ? "" : "desk/"
                try scratch.write([UInt8](repeating: 1, count: 100), to: "drop/.done/\(day)/\(folder)\(number).txt")
                if number == 19 { try waitForClock(scratch, "drop/.done/\(day)/\(folder)\(number).txt") }
            }
        }
        var configuration = DropDirectoryConfiguration(path: scratch.path("drop"))
        change(&configuration)
        return (scratch, ArchiveKeeper(Housekeeper.House(configuration, kept: KeptCount())))
    }

    /// Waits until what is written is younger than a file: the clock of a file system is a coarse one.
    private func waitForClock(_ scratch: ScratchDirectory, _ name: String) throws {
        let time = try #require(scratch.attributes(name)).modified
        repeat {
            try scratch.write("now", to: "clock")
        } while try #require(scratch.attributes("clock")).modified <= time
    }

    private func files(_ scratch: ScratchDirectory, _ day: String) -> [String] {
        (scratch.list("drop/.done/\(day)") + scratch.list("drop/.done/\(day)/desk")).filter { $0.hasSuffix(".txt") }
            .sorted()
    }

    @Test func `days that are older than the retention go with their folders, and no other`() throws {
        var (scratch, keeper) = try archive(days: ["2026-03-09", "2026-03-10", "2026-03-20"]) {
            $0.archiveRetention = .seconds(10 * 86_400)
        }
        try scratch.makeDirectory("drop/.done/keep")
        try scratch.write("mine", to: "drop/.done/2026-01-01")
        keeper.tidy(now: HousekeeperTests.now) { true }
        #expect(scratch.list("drop/.done") == ["2026-01-01", "2026-03-10", "2026-03-20", "keep"])
        #expect(keeper.house.kept.numbers.removedFiles == 20 && keeper.house.kept.numbers.removedBytes == 2000)
    }

    @Test func `above its size the archive loses its oldest files, and its size is known without a walk`() throws {
        var (scratch, keeper) = try archive(days: ["2026-03-18", "2026-03-19"]) { $0.archiveMaximumBytes = 2500 }
        keeper.tidy(now: HousekeeperTests.now) { true }
        let left = files(scratch, "2026-03-18")
        #expect(left.count == 4 && left.allSatisfy { $0 >= "20.txt" }, "\(left)")
        #expect(files(scratch, "2026-03-19").count == 20)
        #expect(keeper.house.kept.numbers.archivedBytes == 2400)
        // What nobody told of is not seen before the next count; what was told is.
        keeper.house.kept.archived(day: "2026-03-20", bytes: 1000)
        keeper.tidy(now: HousekeeperTests.now + 1000) { true }
        #expect(files(scratch, "2026-03-18").isEmpty && !scratch.exists("drop/.done/2026-03-18"))
        #expect(files(scratch, "2026-03-19").count == 14)
        let before = keeper.house.kept.numbers.removedFiles
        keeper.tidy(now: HousekeeperTests.now + 2000) { true }
        #expect(keeper.house.kept.numbers.removedFiles == before, "at rest there is nothing to do")
    }

    @Test func `no link is followed, and what is no file stays`() throws {
        var (scratch, keeper) = try archive(days: ["2026-03-01"]) { $0.archiveRetention = .seconds(86_400) }
        try scratch.makeDirectory("elsewhere/2026-03-02")
        try scratch.write("not ours", to: "elsewhere/2026-03-02/a")
        for (target, name) in [
            ("elsewhere/2026-03-02", "2026-03-02"), ("elsewhere", "2026-03-01/folder"),
            ("elsewhere/2026-03-02/a", "2026-03-01/link.txt"),
        ] { symlink(scratch.path(target), scratch.path("drop/.done/\(name)")) }
        mkfifo(scratch.path("drop/.done/2026-03-01/pipe"), 0o600)
        keeper.tidy(now: HousekeeperTests.now) { true }
        #expect(scratch.exists("elsewhere/2026-03-02/a"))
        #expect(scratch.exists("drop/.done/2026-03-02"), "a link in the place of a day is not ours")
        #expect(scratch.list("drop/.done/2026-03-01") == ["pipe"])
    }

    @Test func `it ends early when it is told to, and goes on later`() throws {
        var (scratch, keeper) = try archive(days: (10..<19).map { "2026-03-\($0)" }) {
            $0.archiveRetention = .seconds(86_400)
        }
        keeper.tidy(now: HousekeeperTests.now) { false }
        #expect((1..<180).contains(keeper.house.kept.numbers.removedFiles))
        keeper.tidy(now: HousekeeperTests.now + 3_600_000) { true }
        #expect(scratch.list("drop/.done").isEmpty)
    }

    @Test func `the quarantine is counted once at the start and then as files come and go`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("drop/.quarantine/desk")
        for number in 0..<5 {
            try bench.scratch.write("x", to: "drop/.quarantine/desk/\(number)")
            try bench.scratch.write("{}", to: "drop/.quarantine/desk/\(number).reason.json")
        }
        let desk = try bench.start()
        let bell = try WakeUp()
        desk.housekeeper.onTidied.set { bell.ring() }
        desk.setHouses()
        try waitForBell(bell) { bench.snapshot.directories.first?.quarantined != nil }
        #expect(bench.snapshot.directories.first?.quarantined == 5)
        try bench.settle()
        try bench.dropByRename([0, 1], "bad.txt")
        try bench.settle()
        #expect(bench.snapshot.directories.first?.quarantined == 6)
    }

    private func waitForBell(_ bell: WakeUp, until isDone: () -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isDone() {
            try #require(ContinuousClock.now < deadline)
            _ = Poll.readable([bell.descriptor], timeout: deadline - .now)
            bell.silence()
        }
    }
}
