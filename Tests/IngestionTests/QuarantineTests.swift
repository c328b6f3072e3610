import TOML
import TestSupport
import Testing

@testable import Ingestion

/// What lies in quarantine, and its way back.
@Suite struct QuarantineTests {
    @Test func `a retry publishes what is good now and is never a duplicate of itself`() throws {
        let bench = try Bench { $0.maximumFileBytes = 10 }
        try bench.start()
        try bench.dropByRename(Bench.article(1), "desk.txt")
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large"])
        bench.directory.maximumFileBytes = .mebibytes(1)
        try bench.start()
        try bench.settle()
        let result = try bench.quarantine.retry(["desk.txt"])
        #expect(result.retried == ["desk.txt"])
        try bench.settle()
        #expect(try bench.verdicts() == ["quarantined too_large", "published ok"])
        #expect(bench.scratch.list("drop/.quarantine").isEmpty)
        #expect(bench.archived() == ["desk.txt"])
    }

    @Test func `a retry right after the quarantine is a new try, and counts`() throws {
        let bench = try Bench()
        let desk = try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        while try desk.work() {}
        // The loop has not come to rest yet: that the file is disposed of is not written down.
        _ = try bench.quarantine.retry(nil)
        while try desk.work() {}
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["quarantined binary", "quarantined binary"])
        #expect(try bench.quarantine.list().first?.reason.attempts == 2)
    }

    @Test func `two bad files of one name keep a reason each, and both come back`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        try bench.settle()
        try bench.dropByRename([0, 2], "a.txt")
        try bench.settle()
        let list = try bench.quarantine.list()
        try #require(list.count == 2)
        #expect(Set(list.map(\.reason.name)).count == 2, "each has a name of its own to be asked for")
        #expect(list.allSatisfy { $0.reason.path == "a.txt" })
        let names = list.map(\.reason.name)
        #expect(try bench.quarantine.retry([names[0]]).retried == [names[0]])
        try bench.settle()
        #expect(try bench.quarantine.retry([names[1]]).retried == [names[1]])
        try bench.settle()
        #expect(try bench.verdicts().count == 4)
        #expect(Set(try bench.outcomes().compactMap { $0.text("sha256") }).count == 2)
    }

    @Test func `a retry onto a name that is taken fails and keeps the file and its reason`() throws {
        let bench = try Bench { $0.usesEvents = false }
        try bench.dropByRename([0, 1], "a.txt")
        try bench.pass(.seconds(12))
        try bench.writeInPlace("other", "a.txt")
        let result = try bench.quarantine.retry(nil)
        #expect(result.retried.isEmpty && result.failed.count == 1)
        #expect(try bench.quarantine.list().count == 1)
        #expect(bench.scratch.list("drop/.quarantine") == ["a.txt", "a.txt.reason.json"])
    }

    @Test func `a name that is not there is missing`() throws {
        let bench = try Bench()
        try bench.start()
        #expect(try bench.quarantine.retry(["nothing.txt"]).missing == ["nothing.txt"])
    }

    @Test func `a file that was taken out of the quarantine by hand is not listed`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename([0, 1], "a.txt")
        try bench.settle()
        try bench.scratch.remove("drop/.quarantine/a.txt")
        #expect(try bench.quarantine.list().isEmpty)
    }

    @Test func `a bad file below the drop directory keeps its place`() throws {
        let bench = try Bench()
        try bench.scratch.makeDirectory("drop/desk")
        try bench.start()
        try bench.settle()
        try bench.dropByRename([0, 1], "desk/a.txt")
        try bench.settle()
        #expect(bench.scratch.list("drop/.quarantine/desk") == ["a.txt", "a.txt.reason.json"])
        #expect(try bench.quarantine.list().map(\.reason.name) == ["desk/a.txt"])
        #expect(try bench.quarantine.retry(["desk/a.txt"]).retried == ["desk/a.txt"])
        #expect(bench.lying("desk") == ["a.txt"])
    }
}
