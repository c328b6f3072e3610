import Articles
import SQLite
import Hashing
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// Markers, checksums and metadata beside files, with the intake at work: when a file comes, and what goes with it. `byEvents`
/// false is a file system without events.
@Suite struct CompanionTests {
    private static let text = Bench.article(1)
    private static let sha256 = Hexadecimal.encode(SHA256.hash(Array(text.utf8)))

    // MARK: Markers

    @Test(arguments: [true, false]) func `with a marker configured nothing is complete without it`(byEvents: Bool)
        throws
    {
        let bench = try Bench.started(byEvents) { $0.doneMarkers = ["*.done", "*.ok"] }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(700))
        #expect(try bench.verdicts() == [])
        #expect(bench.snapshot.directories[0].unaccompanied == 1)
        try bench.writeInPlace("", "a.txt.ok")
        try bench.pass(byEvents ? .seconds(1) : .seconds(2))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == [])
        #expect(bench.archived() == ["a.txt", "a.txt.ok"])
        #expect(try bench.outcomes().first?.json["companions"] == .array([.string("a.txt.ok")]))
    }

    @Test(arguments: [true, false]) func `a file and its marker found at the start are taken at once`(byEvents: Bool)
        throws
    {
        let bench = try Bench {
            $0.usesEvents = byEvents
            $0.doneMarkers = ["*.done"]
        }
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.writeInPlace("", "a.txt.done")
        try bench.writeInPlace(Bench.article(2), "b.txt")
        // Just made, the marker waits for a moment of quiet.
        try bench.pass(.seconds(2))
        #expect(try bench.titles() == ["Headline number 1"])
        #expect(bench.lying() == ["b.txt"])
        try bench.pass(.seconds(5))
        #expect(bench.snapshot.directories[0].unaccompanied == 1)
        try bench.scratch.remove("drop/b.txt")
        try bench.pass(.seconds(5))
        #expect(bench.snapshot.directories[0].unaccompanied == 0)
    }

    @Test func `a marker that gets its time after it was made goes with its file`() throws {
        let bench = try Bench.started { $0.doneMarkers = ["*.done"] }
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        // As touch(1) does it: made, seen, and then given its time.
        let marker = try Directory(path: bench.directory.path).openForWriting(RelativePath("a.txt.done"))
        try bench.settle()
        #expect(try bench.verdicts() == [])
        try bench.scratch.setModified("drop/a.txt.done", seconds: 1_900_000_000)
        _ = consume marker
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == [] && bench.archived() == ["a.txt", "a.txt.done"])
    }

    @Test func `a file that was changed after its marker settles by the usual rules`() throws {
        let bench = try Bench.started(false) { $0.doneMarkers = ["*.done"] }
        try bench.writeInPlace("", "a.txt.done")
        // The file system's clock must have moved on.
        try bench.scratch.awaitTick(after: "drop/a.txt.done")
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.pass(.seconds(9))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test(arguments: [true, false]) func `one marker stands for the files of its directory that are not younger`(
        byEvents: Bool
    ) throws {
        let bench = try Bench.started(byEvents) { $0.doneMarkers = ["batch.done"] }
        try bench.scratch.makeDirectory("drop/b")
        for number in 1...3 { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.writeInPlace(Bench.article(4), "b/4.txt")
        try bench.pass(.seconds(20))
        #expect(try bench.verdicts() == [])
        try bench.scratch.awaitTick(after: "drop/3.txt")
        try bench.writeInPlace("", "batch.done")
        try bench.scratch.awaitTick(after: "drop/batch.done")
        try bench.writeInPlace(Bench.article(5), "5.txt")
        try bench.pass(.seconds(3))
        #expect(try bench.titles().sorted() == (1...3).map { "Headline number \($0)" })
        #expect(bench.lying() == ["5.txt", "b"], "the marker went with the last file that it stood for")
        #expect(try bench.verdicts().count == 3)
        try bench.writeInPlace("", "batch.done")
        try bench.pass(.seconds(3))
        #expect(try bench.titles().count == 4)
        #expect(bench.lying() == ["b"] && bench.lying("b") == ["4.txt"])
    }

    @Test func `a marker for all takes a file whose content is older, once that has settled`() throws {
        let bench = try Bench.started(false) { $0.doneMarkers = ["batch.done"] }
        try bench.writeInPlace("", "batch.done")
        try bench.scratch.awaitTick(after: "drop/batch.done")
        try bench.writeInPlace(Self.text, "a.txt")
        try bench.scratch.setModified("drop/a.txt", seconds: 1_000_000_000)
        try bench.pass(.seconds(9))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
    }

    // MARK: Going with their file

    @Test(arguments: DropDirectoryConfiguration.After.allCases) func `companions go where their file goes`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try Bench.started {
            $0.after = after
            $0.doneMarkers = ["*.done"]
        }
        let names = ["a.txt", "a.txt.done", "a.txt.meta.json", "a.txt.meta.json.sha256", "a.txt.sha256"]
        try bench.scratch.makeDirectory("drop/desk")
        try bench.pass(.seconds(1))
        try bench.dropByRename("\(Self.sha256)", "desk/a.txt.sha256")
        try bench.dropByRename("{}", "desk/a.txt.meta.json")
        try bench.dropByRename("x", "desk/a.txt.meta.json.sha256")
        try bench.dropByRename(Self.text, "desk/a.txt")
        try bench.dropByRename("", "desk/a.txt.done")
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying("desk") == (after == .leave ? names : []))
        #expect(bench.archived("desk") == (after == .archive ? names : []))
        #expect(bench.scratch.list("drop/.dropwire") == [])
        // Nothing comes back, also not after a start.
        try bench.start()
        try bench.pass(.seconds(700))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a companion that was replaced after it was read stays for the next file`() throws {
        let bench = try Bench.started()
        try bench.dropByRename(#"{"section": "Old"}"#, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        bench.atPoint = { point in
            guard point == .afterCommit else { return }
            try bench.scratch.write(#"{"section": "New"}"#, to: "other.json")
            try bench.scratch.rename("other.json", to: "drop/a.txt.meta.json")
        }
        try bench.settle()
        bench.atPoint = nil
        #expect(bench.lying() == ["a.txt.meta.json"])
        try bench.dropByRename(Bench.article(2), "a.txt")
        try bench.pass(.seconds(1))
        #expect(try bench.articles().map { $0.text("section") } == ["Old", "New"])
    }

    @Test(arguments: [DropDirectoryConfiguration.After.archive, .delete])
    func `after a kill between a file's disposal and that of its companions they follow it`(
        after: DropDirectoryConfiguration.After
    ) throws {
        let bench = try Bench.started { $0.after = after }
        // The clock was set back between the two, as the times of the row say then.
        func setClockBack() throws -> String {
            let connection = try Connection(path: bench.scratch.path("state/log.sqlite"))
            try connection.execute("UPDATE ledger SET time_ms=time_ms-3600000")
            return Timestamp(milliseconds: try #require(try connection.scalar("SELECT time_ms FROM ledger"))).day
        }
        try bench.dropByRename(#"{"section": "Sports"}"#, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        bench.killAt = (.afterCommit, 1)
        try bench.start()
        #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
        bench.kill()
        let day = try setClockBack()
        // As if the file alone had been moved when the process ended.
        if after == .delete {
            try bench.scratch.remove("drop/a.txt")
        } else {
            try bench.scratch.makeDirectory("drop/.done/\(day)")
            try bench.scratch.rename("drop/a.txt", to: "drop/.done/\(day)/a.txt")
        }
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        #expect(bench.lying() == [])
        #expect(bench.archived() == (after == .archive ? ["a.txt", "a.txt.meta.json"] : []))
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test(arguments: [true, false])
    func `a companion that had its private name when its removal broke off goes as its file went`(
        isKilled: Bool
    ) throws {
        let bench = try Bench.started { $0.after = .delete }
        try bench.dropByRename(#"{"section": "Sports"}"#, "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        func breakOff() throws {
            try bench.scratch.makeDirectory("drop/.dropwire")
            try bench.scratch.rename("drop/a.txt.meta.json", to: "drop/.dropwire/1.a.txt.meta.json")
        }
        if isKilled {
            bench.killAt = (.beforeDispose, 1)
            try bench.start()
            #expect(throws: Bench.Killed.self) { try bench.pass(.seconds(5)) }
            bench.kill()
            bench.killAt = nil
            try bench.scratch.remove("drop/a.txt")
            try breakOff()
            try bench.start()
        } else {
            bench.atPoint = { if $0 == .beforeDispose { try breakOff() } }
        }
        try bench.pass(.seconds(5))
        #expect(bench.lying() == [] && bench.scratch.list("drop/.dropwire") == [])
        #expect(try bench.verdicts() == ["published ok"])
    }

    @Test func `a retried file comes back with what belongs to it`() throws {
        let bench = try Bench.started { $0.doneMarkers = ["ready-*"] }
        try bench.dropByRename("{\"urgency\": 0}", "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.dropByRename("", "ready-a.txt")
        try bench.pass(.seconds(1))
        #expect(try bench.verdicts() == ["quarantined bad_metadata"])
        #expect(bench.quarantined() == ["a.txt", "a.txt.reason.json"])
        #expect(bench.quarantined(".companions") == ["a.txt.meta.json", "ready-a.txt"])
        try bench.scratch.write("{\"urgency\": 1}", to: "drop/.quarantine/.companions/a.txt.meta.json")
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined bad_metadata", "published ok"])
        #expect(bench.lying() == [] && bench.quarantined() == [] && bench.quarantined(".companions") == [])
    }

    @Test(arguments: [["batch.done"], ["*.done"]]) func `a retry needs no new marker`(markers: [String]) throws {
        let bench = try Bench.started { $0.doneMarkers = markers }
        try bench.dropByRename("a\0b", "a.txt")
        try bench.scratch.awaitTick(after: "drop/a.txt")
        try bench.writeInPlace("", markers[0].replacing("*", with: "a.txt"))
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined binary"])
        try? bench.scratch.remove("drop/.quarantine/.companions/a.txt.done")
        try bench.scratch.write(Self.text, to: "drop/.quarantine/a.txt")
        #expect(try bench.quarantine.retry(["a.txt"]).retried == ["a.txt"])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["quarantined binary", "published ok"])
    }

    @Test func `a discarded file takes with it what belongs to it`() throws {
        let bench = try Bench.started()
        try bench.dropByRename("{\"urgency\": 0}", "a.txt.meta.json")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.settle()
        #expect(bench.quarantined(".companions") == ["a.txt.meta.json"])
        #expect(try bench.quarantine.list().map(\.reason.name) == ["a.txt"])
        #expect(try bench.quarantine.discard(["a.txt"]).discarded == ["a.txt"])
        #expect(bench.quarantined() == [] && bench.quarantined(".companions") == [])
    }

    // MARK: Without a file

    @Test(arguments: [true, false]) func `a companion whose file never comes is an outcome of its own`(
        byEvents: Bool
    ) throws {
        let bench = try Bench.started(byEvents) { $0.openFileWait = .seconds(60) }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.pass(.seconds(58))
        #expect(try bench.verdicts() == [])
        try bench.pass(.seconds(3))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
        #expect(try bench.outcomes().first?.text("path") == "a.txt.sha256")
        #expect(bench.archived() == ["a.txt.sha256"])
        #expect(bench.lying() == [])
    }

    @Test func `a marker for all for which no file ever comes is one, too`() throws {
        let bench = try Bench.started {
            $0.openFileWait = .seconds(60)
            $0.doneMarkers = ["batch.done"]
        }
        try bench.dropByRename("", "batch.done")
        try bench.pass(.seconds(65))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
    }

    @Test func `an orphan that is left in place is told once`() throws {
        let bench = try Bench.started {
            $0.after = .leave
            $0.openFileWait = .seconds(60)
        }
        try bench.dropByRename("\(Self.sha256)\n", "a.txt.sha256")
        try bench.pass(.seconds(200))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
        #expect(bench.lying() == ["a.txt.sha256"])
        try bench.start()
        try bench.pass(.seconds(100))
        #expect(try bench.verdicts() == ["ignored orphan_companion"])
    }

    @Test func `companions of files that are not selected are left alone`() throws {
        let bench = try Bench.started {
            $0.include = ["*.txt"]
            $0.openFileWait = .seconds(60)
        }
        try bench.dropByRename("x", "a.xml.sha256")
        try bench.dropByRename("\(Self.sha256)", "a.txt.sha256")
        try bench.dropByRename(Self.text, "a.txt")
        try bench.pass(.seconds(100))
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.lying() == ["a.xml.sha256"])
    }
}
