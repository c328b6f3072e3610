import Articles
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// Failed parts of files, in the quarantine by themselves.
@Suite struct PartKeeperTests {
    private let scratch: ScratchDirectory
    private let keeper: PartKeeper

    init() throws {
        scratch = try ScratchDirectory()
        keeper = PartKeeper(root: try Directory(path: scratch.path), kept: KeptCount())
        keeper.kept.endCount(archived: [:], quarantined: 0)
    }

    private func reason(_ path: String) -> QuarantineReason {
        QuarantineReason(
            path: path, source: "test", code: "empty", message: "m", attempts: 1, time: Timestamp(milliseconds: 0))
    }

    private func keep(_ text: String, _ part: String, of path: String) throws -> String {
        try keeper.keep(Array(text.utf8), part: part, of: RelativePath(path), reason: reason(path)).description
    }

    @Test func `a part is kept beside its reason, under the file's name and its own`() throws {
        #expect(try keep("x", "3", of: "desk/a.ndjson") == "desk/a.ndjson#3")
        #expect(try keep("y", "sub/../b.txt", of: "c.zip") == "c.zip#sub_.._b.txt")
        #expect(scratch.list(".quarantine/desk") == ["a.ndjson#3", "a.ndjson#3.reason.json"])
        #expect(scratch.read(".quarantine/c.zip#sub_.._b.txt") == Array("y".utf8))
        #expect(scratch.list(".dropwire").isEmpty)
        let listed = try Quarantine(paths: [scratch.path]).page().files.map(\.reason)
        #expect(listed.map(\.name) == ["c.zip#sub_.._b.txt", "desk/a.ndjson#3"])
        #expect(listed.map(\.path) == listed.map(\.name), "that is where a retry drops it")
        #expect(keeper.kept.quarantineCount == 2)
    }

    @Test func `the same part again is itself, another one of its name is kept apart`() throws {
        let names = try ["x", "x", "other", "other", "xx"].map { try keep($0, "3", of: "a") }
        #expect(names[0] == "a#3" && names[1] == "a#3" && names[2] == names[3])
        #expect(Set(names).count == 3 && keeper.kept.quarantineCount == 3)
        #expect(scratch.list(".quarantine").count { $0.hasPrefix("a#3") && !$0.hasSuffix(".json") } == 3)
    }

    @Test func `a name that would be too long is cut and told apart`() throws {
        let long = String(repeating: "ä", count: 200)
        let names = try [keep("x", long + "1", of: "a"), keep("y", long + "2", of: "a")]
        #expect(Set(names).count == 2 && names.allSatisfy { $0.utf8.count <= 255 })
        #expect(try Quarantine(paths: [scratch.path]).page().files.map(\.reason.code) == ["empty", "empty"])
    }

    @Test func `a part that is dropped again is a file like any other`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.settle()
        let root = try Directory(path: bench.directory.path)
        try PartKeeper(root: root, kept: KeptCount()).keep(
            Array(Bench.article(1).utf8), part: "2", of: RelativePath("a.ndjson"), reason: reason("a.ndjson"))
        #expect(try bench.quarantine.retry(["a.ndjson#2"]).retried == ["a.ndjson#2"])
        try bench.settle()
        #expect(try bench.verdicts() == ["published ok"])
        #expect(bench.archived() == ["a.ndjson#2"])
    }
}
