import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// What a log that grows towards its size limit lets go, and what it keeps.
@Suite struct RetentionTests {
    private let bench: Bench

    /// A log of sixty long articles and the records of their files.
    init() throws {
        bench = try Bench()
        try bench.start()
        for number in 0..<60 { try bench.dropByRename(text(number), "\(number).txt") }
        try bench.pass(.seconds(10))
        try #require(bench.titles().count == 60)
    }

    private func text(_ number: Int) -> String {
        Bench.article(number) + "\n\n" + String(repeating: "Words of article \(number). ", count: 2000)
    }

    private func used() throws -> Int { try #require(bench.desk).store.log.usedBytes() }

    private func first() throws -> Int64 {
        try Connection(path: bench.scratch.path("state/log.sqlite"), mode: .readOnly).scalar("SELECT min(seq) FROM log")
            ?? 0
    }

    @Test func `a log that is nearly full lets its oldest records go, but none that is held`() throws {
        let full = try used()
        bench.maximumLogBytes = full + 1
        bench.hold = RetentionHold(position: 10)
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(try first() == 11)
        bench.hold = .none
        try bench.start()
        try bench.pass(.seconds(3))
        let room = bench.maximumLogBytes - bench.maximumLogBytes / 10
        #expect(try first() > 11 && used() < room)
        // No more than is needed, and a slice.
        #expect(try used() > room / 2)
        #expect(bench.snapshot.trouble == nil)
    }

    @Test func `a full log says who has yet to read, and goes on by itself when it may let something go`() throws {
        bench.maximumLogBytes = try used() - 1
        bench.hold = RetentionHold(position: 0, holders: ["index", "geo"])
        try bench.start()
        try bench.dropByRename(text(60), "late.txt")
        try bench.pass(.seconds(10))
        #expect(try first() == 1 && bench.lying() == ["late.txt"])
        #expect(bench.snapshot.trouble?.hasSuffix("; index, geo has yet to read the oldest records") == true)
        bench.hold = .none
        try bench.start()
        try bench.pass(.seconds(10))
        #expect(bench.lying().isEmpty && bench.snapshot.trouble == nil)
        #expect(try first() > 1)
    }
}
