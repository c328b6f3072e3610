import Articles
import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Files by the age of their content, by their other names, and behind symbolic links.
@Suite struct LinkTests {
    private func bench(_ change: (inout DropDirectoryConfiguration) -> Void) throws -> Bench {
        let bench = try Bench(change)
        try bench.scratch.makeDirectory("outside")
        try bench.start()
        try bench.settle()
        return bench
    }

    // MARK: Age and size

    @Test(arguments: [true, false]) func `a file that is too old is ignored unread, with what belongs to it`(
        byEvents: Bool
    ) throws {
        let bench = try bench {
            $0.maximumAge = .seconds(3600)
            $0.usesEvents = byEvents
        }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        try bench.scratch.setModified("outside/a.txt", seconds: 1_000_000_000)
        try bench.dropByRename("{}", "a.txt.meta.json")
        try bench.scratch.rename("outside/a.txt", to: "drop/a.txt")
        try bench.dropByRename(Bench.article(2), "b.txt")
        try bench.pass(.seconds(25))
        #expect(try bench.verdicts().sorted() == ["ignored too_old", "published ok"])
        #expect(bench.archived() == ["a.txt", "a.txt.meta.json", "b.txt"])
        let record = try #require(try bench.outcomes().first { $0.text("code") == "too_old" })
        #expect(record.json["sha256"] == nil && record.json["format"] == nil)
    }

    @Test func `a young file waits for its age`() throws {
        let bench = try bench { $0.minimumAge = .seconds(3600) }
        try bench.dropByRename(Bench.article(1), "young.txt")
        try bench.scratch.write(Bench.article(2), to: "outside/old.txt")
        try bench.scratch.setModified("outside/old.txt", seconds: 1_000_000_000)
        try bench.scratch.rename("outside/old.txt", to: "drop/old.txt")
        try bench.scratch.write(Bench.article(3), to: "outside/future.txt")
        try bench.scratch.setModified("outside/future.txt", seconds: 8_000_000_000)
        try bench.scratch.rename("outside/future.txt", to: "drop/future.txt")
        try bench.pass(.seconds(30))
        #expect(try bench.titles() == ["Headline number 2"])
        #expect(bench.snapshot.directories.first?.settling == 2)
    }

    @Test func `a small file is left alone until it is large enough`() throws {
        let bench = try bench { $0.minimumBytes = 30 }
        try bench.scratch.write("Headline", to: "drop/a.txt")
        try bench.pass(.seconds(10))
        #expect(try bench.verdicts() == [])
        try bench.scratch.append(Array("\n\nAnd a paragraph that makes it long enough.\n".utf8), to: "drop/a.txt")
        try bench.pass(.seconds(2))
        #expect(try bench.titles() == ["Headline"])
    }

    // MARK: Hard links

    @Test(arguments: DropDirectoryConfiguration.HardLinks.allCases) func `a file with several names is taken, or waits`(
        policy: DropDirectoryConfiguration.HardLinks
    ) throws {
        let bench = try bench { $0.hardLinks = policy }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        try bench.scratch.link("outside/a.txt", to: "drop/a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == (policy == .take ? ["published ok"] : []))
        try bench.scratch.remove("outside/a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["published ok"])
    }

    // MARK: Symbolic links

    @Test func `links are left alone and counted, unless they are to be followed`() throws {
        let bench = try bench { _ in }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        try bench.scratch.symbolicLink("../outside/a.txt", to: "drop/a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == [] && bench.snapshot.irregular == 1)
    }

    @Test(
        arguments: DropDirectoryConfiguration.After.allCases,
        [true, false])
    func `what a link leads to is read, and what is disposed of is the link`(
        after: DropDirectoryConfiguration.After, isRelative: Bool
    ) throws {
        let bench = try bench {
            $0.symbolicLinks = .follow
            $0.after = after
        }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        let target = isRelative ? "../outside/a.txt" : bench.scratch.path("outside/a.txt")
        try bench.scratch.symbolicLink(target, to: "drop/link.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["published ok"])
        let record = try #require(try bench.outcomes().first)
        #expect(
            record.text("path") == "link.txt" && record.json["bytes"] == .integer(Int64(Bench.article(1).utf8.count)))
        #expect(bench.lying() == (after == .leave ? ["link.txt"] : []))
        #expect(bench.archived() == (after == .archive ? ["link.txt"] : []))
        #expect(bench.scratch.exists("outside/a.txt"), "the file itself is not ours")
        // And again after a start: nothing new.
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `the time of what a link leads to counts, not that of the link`() throws {
        let bench = try bench {
            $0.symbolicLinks = .follow
            $0.usesEvents = false
        }
        try bench.scratch.write("Head", to: "outside/a.txt")
        try bench.scratch.symbolicLink("../outside/a.txt", to: "drop/a.txt")
        for _ in 0..<3 {
            try bench.pass(.seconds(8))
            try bench.scratch.append(Array("line\n".utf8), to: "outside/a.txt")
        }
        try bench.pass(.seconds(8))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(5))
        #expect(try bench.titles().count == 1)
    }

    @Test
    func
        `links that lead nowhere, round in a circle, to a directory or to a pipe are told, and taken when they can be`()
        throws
    {
        let bench = try bench {
            $0.symbolicLinks = .follow
            $0.usesEvents = false
        }
        try bench.scratch.symbolicLink("../outside/later.txt", to: "drop/dangling.txt")
        try bench.scratch.symbolicLink("loop.txt", to: "drop/loop.txt")
        try bench.scratch.symbolicLink("../outside", to: "drop/directory")
        try bench.scratch.makePipe("outside/pipe")
        try bench.scratch.symbolicLink("../outside/pipe", to: "drop/pipe.txt")
        try bench.pass(.seconds(30))
        #expect(try bench.verdicts() == [])
        #expect(bench.snapshot.irregular == 4)
        try bench.scratch.write(Bench.article(1), to: "outside/later.txt")
        try bench.pass(.seconds(90))
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(bench.snapshot.irregular == 3)
    }

    @Test func `a link is quarantined as a link, listed, and comes back`() throws {
        let bench = try bench { $0.symbolicLinks = .follow }
        try bench.scratch.write("a\0b", to: "outside/a.txt")
        try bench.scratch.symbolicLink(bench.scratch.path("outside/a.txt"), to: "drop/a.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["quarantined binary"])
        #expect(try bench.quarantine.list().map(\.reason.name) == ["a.txt"])
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["quarantined binary", "published ok"])
        try bench.scratch.write("a\0b", to: "outside/b.txt")
        try bench.scratch.symbolicLink("../outside/b.txt", to: "drop/b.txt")
        try bench.pass(.seconds(5))
        #expect(try bench.quarantine.discard(["b.txt"]).discarded == ["b.txt"])
        #expect(bench.quarantined() == [] && bench.scratch.exists("outside/b.txt"))
    }

    @Test func `a link that leads to another file after it was read stays`() throws {
        let bench = try bench { $0.symbolicLinks = .follow }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        try bench.scratch.write(Bench.article(2), to: "outside/b.txt")
        try bench.scratch.symbolicLink("../outside/a.txt", to: "drop/a.txt")
        bench.atPoint = { point in
            guard point == .afterCommit else { return }
            try bench.scratch.symbolicLink("../outside/b.txt", to: "outside/new")
            try bench.scratch.rename("outside/new", to: "drop/a.txt")
        }
        try bench.pass(.seconds(3))
        bench.atPoint = nil
        try bench.pass(.seconds(5))
        #expect(try bench.titles() == ["Headline number 1", "Headline number 2"])
    }

    @Test(arguments: [IntakePoint.afterCommit, .beforeDispose, .afterDispose])
    func `a link whose disposal was not written down is published once`(point: IntakePoint) throws {
        let bench = try bench { $0.symbolicLinks = .follow }
        try bench.scratch.write(Bench.article(1), to: "outside/a.txt")
        try bench.scratch.symbolicLink("../outside/a.txt", to: "drop/a.txt")
        bench.killAt = (point, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
        bench.kill()
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(5))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.archived() == ["a.txt"] && bench.lying() == [])
    }
}
