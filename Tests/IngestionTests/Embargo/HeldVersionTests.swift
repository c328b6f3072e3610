import Articles
import TestSupport
import Testing

@testable import Ingestion

/// What takes the place of a held article: a kill, and versions that are not lower.
@Suite struct HeldVersionTests {
    @Test func `a kill takes a held article away, and is published`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "2", until: 60), "a.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "1", until: 90, status: "canceled"), "kill.json", in: bench)
        #expect(try bench.articles().map { $0.text("type") } == ["kill"])
        #expect(try bench.verdicts() == ["held embargoed", "ignored withdrawn", "published ok"])
        let ignored = try #require(try bench.outcomes().dropFirst().first)
        #expect(ignored.text("path") == "a.json" && ignored.json["superseded"] == .integer(1))
        try EmbargoTests.reach(60, in: bench)
        #expect(try bench.articles().count == 1 && bench.snapshot.held == 0)
    }

    @Test func `a later version without an embargo is published, and the held one never is`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "9", until: 60, words: "nine"), "9.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "10", words: "ten"), "10.json", in: bench)
        #expect(try bench.titles() == ["ten"])
        #expect(try bench.verdicts() == ["held embargoed", "ignored superseded", "published ok"])
        try EmbargoTests.reach(60, in: bench)
        #expect(try bench.titles() == ["ten"])
    }

    @Test func `a later version with an embargo takes the place of the held one, a withheld one too`() throws {
        for status in ["usable", "withheld"] {
            let bench = try EmbargoTests.started()
            try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "1", until: 60, words: "one"), "1.json", in: bench)
            try EmbargoTests.drop(
                EmbargoTests.ninjs("urn:a", "2", until: 30, status: status, words: "two"), "2.json", in: bench)
            try EmbargoTests.reach(30, in: bench)
            #expect(try bench.titles() == ["two"])
            try EmbargoTests.reach(60, in: bench)
            #expect(try bench.titles() == ["two"])
            #expect(
                try bench.verdicts() == ["held embargoed", "ignored superseded", "held embargoed", "published ok"])
        }
    }

    @Test func `a lower version that comes late leaves the held one, whether it is held itself or not`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "3", until: 60, words: "three"), "3.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "2", until: 30, words: "two"), "2.json", in: bench)
        #expect(try bench.verdicts() == ["held embargoed", "ignored superseded"])
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "1", words: "one"), "1.json", in: bench)
        #expect(try bench.titles() == ["one"])
        try EmbargoTests.reach(60, in: bench)
        #expect(try bench.titles() == ["one", "three"])
    }

    @Test func `the same version with other content takes the held one's place, and so does the same article`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "1", until: 60, words: "first"), "1.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "1", until: 60, words: "second"), "2.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs(nil, until: 60, words: "nameless"), "3.json", in: bench)
        // Not held any more, by its publisher's word.
        try EmbargoTests.drop(EmbargoTests.ninjs(nil, words: "nameless"), "4.json", in: bench)
        #expect(try bench.titles() == ["nameless"])
        try EmbargoTests.reach(60, in: bench)
        #expect(try bench.titles() == ["nameless", "second"])
    }

    @Test func `versions in one file replace each other as in several`() throws {
        let bench = try EmbargoTests.started()
        let lines = [
            EmbargoTests.ninjs("urn:a", "1", until: 60, words: "one"),
            EmbargoTests.ninjs("urn:a", "2", until: 60, words: "two"),
            EmbargoTests.ninjs("urn:b", "1", until: 60, words: "killed"),
            EmbargoTests.ninjs("urn:b", "2", status: "canceled"), EmbargoTests.ninjs("urn:c", words: "free"),
        ]
        try EmbargoTests.drop(lines.joined(separator: "\n"), "all.ndjson", in: bench)
        #expect(try bench.articles().map { $0.text("title") ?? "kill" } == ["kill", "free"])
        let held = try #require(try bench.outcomes().last)
        #expect(held.json["held"] == .integer(1) && held.json["superseded"] == .integer(2))
        #expect(held.json["articles"] == .integer(2))
        try EmbargoTests.reach(60, in: bench)
        #expect(try bench.titles() == ["free", "two"])
        let closing = try #require(try bench.outcomes().last)
        #expect(closing.text("outcome") == "published" && closing.json["articles"] == .integer(3))
        #expect(closing.json["first_seq"] == .integer(1) && closing.json["last_seq"] == .integer(4))
        #expect(closing.json["superseded"] == .integer(2))
    }

    @Test func `a file all of whose articles give way within it is ignored at once`() throws {
        let bench = try EmbargoTests.started()
        let lines = [
            EmbargoTests.ninjs("urn:a", "2", until: 60), EmbargoTests.ninjs("urn:b", "1", until: 60, words: "of b"),
        ]
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:a", "3", until: 60, words: "later"), "3.json", in: bench)
        try EmbargoTests.drop(lines[0], "2.json", in: bench)
        #expect(try bench.verdicts() == ["held embargoed", "ignored superseded"])
        #expect(bench.snapshot.held == 1)
    }
}
