import Articles
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// Articles whose time is over: by what they say themselves, or by what their drop directory says.
@Suite struct EndTests {
    private static let marker = ErasureTests.marker

    /// An article that says that its time is over so many seconds after the beginning.
    private static func article(
        _ uri: String?, ends seconds: Int64? = nil, held until: Int64? = nil, words: String = marker
    ) -> String {
        let text = EmbargoTests.ninjs(uri, "1", until: until, words: words)
        guard let seconds else { return text }
        return #"{"expires": "\#(Timestamp(milliseconds: EmbargoTests.begin + seconds * 1000))", "# + text.dropFirst()
    }

    private func traces(_ bench: Bench) throws -> [String] {
        try ["state", "drop/.done", "drop/.quarantine"].flatMap {
            try bench.scratch.files(below: $0, containing: Array(Self.marker.utf8))
        }
    }

    private func types(_ bench: Bench) throws -> [String?] { try bench.articles().map { $0.text("type") } }

    /// Lets the clocks go on until everything that is due is done.
    private func reach(_ seconds: Int64, in bench: Bench) throws {
        try EmbargoTests.reach(seconds, in: bench)
        bench.now += .seconds(15)
        try bench.settle()
    }

    @Test func `an article is erased when its time is over, with its file, and consumers are told`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a", ends: 60), "a.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:b", words: "Kept"), "b.json", in: bench)
        #expect(bench.desk?.untilEnd == .seconds(1), "the clock on the wall is looked at")
        try reach(59, in: bench)
        #expect(try types(bench) == ["article", "article"])
        try reach(60, in: bench)
        let rows = try bench.articles()
        #expect(rows.map { $0.text("type") } == ["gone", "article", "gone"])
        for row in [rows[0], rows[2]] {
            #expect(row.text("cause") == "expires" && row.text("reason") == "expired" && row.text("uri") == nil)
        }
        #expect(rows[2].json["seqs"] == .array([.integer(rows[0].sequence)]) && rows[2].topic == rows[0].topic)
        #expect(bench.archived() == ["b.json"])
        #expect(try traces(bench) == [])
        #expect(bench.desk?.untilEnd == nil)
        let book = try #require(bench.scratch.read("state/erasures.jsonl"))
        #expect(String(decoding: book, as: UTF8.self).contains(#""cause":"expires","reason":"expired""#))
    }

    @Test func `what is over is erased at the start where that was missed, once, and in batches`() throws {
        let bench = try EmbargoTests.started()
        let list = (0..<450).map { Self.article("urn:\($0)", ends: 60, words: "\(Self.marker) \($0)") }
        try EmbargoTests.drop("[\(list.joined(separator: ", "))]", "a.json", in: bench)
        bench.wall = EmbargoTests.begin + 3_600_000
        for _ in 0..<2 {
            try bench.start()
            try reach(3601, in: bench)
            #expect(try types(bench).count == 900)
        }
        #expect(try types(bench).allSatisfy { $0 == "gone" })
        #expect(try traces(bench) == [])
        let book = try #require(bench.scratch.read("state/erasures.jsonl"))
        #expect(book.count { $0 == UInt8(ascii: "\n") } == 3)
    }

    @Test func `what is over when it comes is ignored and not kept, but where the directory keeps it`() throws {
        for expires in DropDirectoryConfiguration.Expiry.allCases {
            let bench = try EmbargoTests.started { $0.expires = expires }
            try EmbargoTests.drop(Self.article("urn:a", ends: 0), "a.json", in: bench)
            try reach(60, in: bench)
            #expect(try bench.verdicts() == [expires == .erase ? "ignored expired" : "published ok"])
            #expect(bench.archived() == (expires == .erase ? [] : ["a.json"]))
            #expect(try traces(bench).isEmpty == (expires == .erase))
        }
    }

    @Test func `a directory's articles are erased after its days, or sooner where they say so`() throws {
        let bench = try EmbargoTests.started { $0.retentionDays = 2 }
        // What was received was so by the machine's own clock.
        let start = Clocks.wallMilliseconds()
        bench.wall = start
        let day: Int64 = 86_400
        func drop(_ name: String, ends: Int64?) throws {
            let seconds = ends.map { (start - EmbargoTests.begin) / 1000 + $0 }
            try EmbargoTests.drop(
                Self.article("urn:\(name)", ends: seconds, words: "\(Self.marker) \(name)"), "\(name).json", in: bench)
        }
        try drop("a", ends: nil)
        try drop("b", ends: day)
        try drop("c", ends: 9 * day)
        func reach(_ seconds: Int64) throws {
            bench.wall = start + seconds * 1000
            try bench.settle()
            bench.now += .seconds(15)
            try bench.settle()
        }
        try reach(day + 5)
        #expect(try types(bench) == ["article", "gone", "article", "gone"])
        #expect(try bench.articles().filter { $0.text("type") == "gone" }.allSatisfy { $0.text("cause") == "expires" })
        #expect(bench.archived() == ["a.json", "c.json"])
        try reach(2 * day + 60)
        #expect(try types(bench).filter { $0 == "article" }.isEmpty)
        #expect(try bench.articles().last?.text("reason") == "retention")
        #expect(bench.archived() == [])
        #expect(try traces(bench) == [])
    }

    @Test func `the last word on a content counts: it may end later, or not at all`() throws {
        let bench = try EmbargoTests.started { $0.duplicates = .republish }
        for (name, ends) in [("1", 60), ("2", 120)] as [(String, Int64)] {
            try EmbargoTests.drop(Self.article("urn:a", ends: ends), "\(name).json", in: bench)
        }
        try EmbargoTests.drop(Self.article("urn:b", ends: 60, words: "Kept"), "3.json", in: bench)
        try EmbargoTests.drop(Self.article("urn:b", words: "Kept"), "4.json", in: bench)
        try reach(90, in: bench)
        #expect(try types(bench) == ["article", "article", "article", "article"])
        try reach(120, in: bench)
        #expect(try types(bench) == ["gone", "gone", "article", "article", "gone"])
        #expect(bench.archived() == ["3.json", "4.json"])
        try reach(600, in: bench)
        #expect(try types(bench).count == 5)
    }

    @Test func `a held article ends too, before its release or behind it`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(
            Self.article("urn:a", ends: 100, held: 60, words: "\(Self.marker) a"), "a.json", in: bench)
        try EmbargoTests.drop(
            Self.article("urn:b", ends: 50, held: 60, words: "\(Self.marker) b"), "b.json", in: bench)
        try reach(60, in: bench)
        #expect(try types(bench) == ["article"])
        #expect(try bench.verdicts().suffix(2) == ["published ok", "ignored expired"])
        try reach(100, in: bench)
        #expect(try types(bench) == ["gone", "gone"])
        #expect(bench.archived() == [])
        #expect(try traces(bench) == [])
    }

    @Test func `an article without an end costs no row`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.article("urn:a"), "a.json", in: bench)
        let connection = try Connection(path: bench.scratch.path("state/log.sqlite"), mode: .readOnly)
        #expect(try connection.scalar("SELECT count(*) FROM due_erasure") == 0)
    }
}
