import Articles
import Formats
import FoundationEssentials
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

@testable import Ingestion

/// Articles that may not be shown yet: held in the database, and on the log when their time has come.
@Suite struct EmbargoTests {
    /// What the clock on the wall shows first.
    static let begin: Int64 = 1_800_000_000_000

    /// A bench whose wall clock the test sets.
    static func started(_ change: (inout DropDirectoryConfiguration) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench(change)
        bench.wall = begin
        try bench.start()
        try bench.settle()
        return bench
    }

    /// An article, with an embargo that ends so many seconds after the beginning, or without.
    static func ninjs(
        _ uri: String?, _ version: String? = nil, until seconds: Int64? = nil, status: String = "usable",
        words: String = "Marker"
    ) -> String {
        var members = [
            #""pubstatus": "\#(status)", "language": "en", "type": "text", "headline": "\#(words)""#,
            #""body_text": "The words of \#(words).""#,
        ]
        if let uri { members.append(#""uri": "\#(uri)""#) }
        if let version { members.append(#""version": "\#(version)""#) }
        if let seconds { members.append(#""embargoed": "\#(Timestamp(milliseconds: begin + seconds * 1000))""#) }
        return "{" + members.joined(separator: ", ") + "}"
    }

    static func drop(_ text: String, _ name: String, in bench: Bench) throws {
        try bench.dropByRename(text, name)
        try bench.settle()
    }

    /// Lets the clock on the wall reach a time.
    static func reach(_ seconds: Int64, in bench: Bench) throws {
        bench.wall = begin + seconds * 1000
        try bench.settle()
    }

    private func last(_ bench: Bench) throws -> Bench.Row { try #require(try bench.outcomes().last) }

    // MARK: Holding and release

    @Test func `an article is held until its time, and then it is on the log as it came`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", "1", until: 60), "a.json", in: bench)
        #expect(try bench.articles().isEmpty)
        #expect(try bench.verdicts() == ["held embargoed"])
        #expect(bench.archived() == ["a.json"], "the file itself is safe, and goes its way")
        #expect(try bench.openRows() == 0)
        let held = try last(bench)
        #expect(held.json["held"] == .integer(1) && held.json["articles"] == .integer(0))
        #expect(held.text("held_until") == Timestamp(milliseconds: Self.begin + 60_000).description)
        #expect(held.text("article_id") == nil)
        #expect(bench.snapshot.held == 1 && bench.snapshot.nextRelease == Self.begin + 60_000)
        bench.wall = Self.begin + 59_999
        try bench.settle()
        #expect(try bench.articles().isEmpty)
        try Self.reach(60, in: bench)
        let article = try #require(try bench.articles().first)
        #expect(article.text("title") == "Marker" && article.topic == "art/test/en/")
        #expect(article.text("embargoed_until") == held.text("held_until"))
        #expect(try bench.verdicts() == ["held embargoed", "published ok"])
        let closing = try last(bench)
        #expect(closing.sequence == article.sequence + 1)
        #expect(closing.json["held_seq"] == .integer(held.sequence) && closing.json["articles"] == .integer(1))
        #expect(closing.json["first_seq"] == .integer(article.sequence))
        #expect(closing.text("article_id") == article.text("id") && closing.text("sha256") == held.text("sha256"))
        #expect(bench.snapshot.held == 0 && bench.snapshot.nextRelease == nil)
        #expect(bench.publishedCount == 3)
        let schema = try RecordSchema.ofRepository()
        for row in try bench.log() { #expect(try schema.faults(Array(JSONEncoder().encode(row.json))) == []) }
    }

    @Test func `an embargo that is over holds nothing, and where the directory says so none does`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", until: 0), "a.json", in: bench)
        #expect(try bench.verdicts() == ["published ok"])
        let open = try Self.started { $0.embargo = .publish }
        try Self.drop(Self.ninjs("urn:a", until: 60), "a.json", in: open)
        #expect(try open.verdicts() == ["published ok"])
        #expect(try open.articles().first?.text("embargoed_until") != nil)
    }

    @Test func `what is held survives a restart, and what is overdue then is released at once, in the order of time`()
        throws
    {
        let bench = try Self.started()
        for (name, seconds) in [("c", 30), ("a", 10), ("b", 20), ("later", 90)] as [(String, Int64)] {
            try Self.drop(Self.ninjs("urn:\(name)", until: seconds, words: name), "\(name).json", in: bench)
        }
        bench.kill()
        bench.wall = Self.begin + 60_000
        try bench.start()
        try bench.settle()
        #expect(try bench.titles() == ["a", "b", "c"])
        #expect(bench.snapshot.held == 1)
        try Self.reach(90, in: bench)
        #expect(try bench.titles() == ["a", "b", "c", "later"])
    }

    @Test func `more than a batch is released at once, each article once`() throws {
        let bench = try Self.started()
        let lines = (0..<1200).map { Self.ninjs("urn:\($0)", until: 5, words: "Word \($0)") }.joined(separator: "\n")
        try Self.drop(lines, "many.ndjson", in: bench)
        #expect(bench.snapshot.held == 1200)
        try Self.reach(5, in: bench)
        #expect(try bench.titles() == (0..<1200).map { "Word \($0)" })
        #expect(try bench.verdicts() == ["held embargoed", "published ok"])
        #expect(try last(bench).json["articles"] == .integer(1200))
    }

    @Test func `the clock is looked at once a second while something is held, and sooner before a release`() throws {
        let bench = try Self.started { $0.pollInterval = .seconds(60) }
        let desk = try #require(bench.desk)
        #expect(desk.untilDue() > .seconds(1))
        try Self.drop(Self.ninjs("urn:a", until: 600), "a.json", in: bench)
        #expect(desk.untilDue() == .seconds(1))
        bench.wall = Self.begin + 599_700
        #expect(desk.untilDue() == .milliseconds(300))
        bench.wall = .min / 2
        #expect(desk.untilDue() == .seconds(1))
        bench.wall = Self.begin + 700_000
        #expect(desk.untilDue() == .zero)
    }

    @Test func `a clock that is set forward releases, and one that is set back takes nothing back`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", until: 60, words: "a"), "a.json", in: bench)
        try Self.drop(Self.ninjs("urn:b", until: 7200, words: "b"), "b.json", in: bench)
        try Self.reach(3600, in: bench)
        #expect(try bench.titles() == ["a"])
        try Self.reach(-86_400, in: bench)
        #expect(try bench.titles() == ["a"])
        #expect(bench.snapshot.held == 1)
        // What comes now is held by the clock as it is; what was held stays until that reaches its time.
        try Self.drop(Self.ninjs("urn:c", until: 30, words: "c"), "c.json", in: bench)
        #expect(bench.snapshot.held == 2)
        try Self.reach(7200, in: bench)
        #expect(try bench.titles() == ["a", "c", "b"])
        #expect(try bench.verdicts().count { $0 == "published ok" } == 3)
    }

    // MARK: Files

    @Test func `the same file dropped again while it is held is a duplicate, and nothing is published twice`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", until: 60), "a.json", in: bench)
        try Self.drop(Self.ninjs("urn:a", until: 60), "b.json", in: bench)
        #expect(try bench.verdicts() == ["held embargoed", "duplicate duplicate_content"])
        try Self.reach(60, in: bench)
        try Self.drop(Self.ninjs("urn:a", until: 60), "c.json", in: bench)
        #expect(
            try bench.verdicts() == [
                "held embargoed", "duplicate duplicate_content", "published ok", "duplicate duplicate_content",
            ])
        #expect(try bench.titles() == ["Marker"])
    }

    @Test func `a file with bad parts is held first and partial in the end, and its parts are kept once`() throws {
        let bench = try Self.started()
        let tar = Bench.tar(0..<0) { tar in
            tar.add("a.json", Self.ninjs("urn:a", until: 60))
            tar.add(Array("bad.txt".utf8), [1, 0, 2])
            tar.add("free.txt", Bench.article(1))
        }
        try bench.dropByRename(tar, "all.tar")
        try bench.settle()
        #expect(try bench.verdicts() == ["held embargoed"])
        #expect(try last(bench).json["failed_parts"] == .integer(1))
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar#2", "all.tar#2.reason.json"])
        try Self.reach(60, in: bench)
        #expect(try bench.verdicts() == ["held embargoed", "partial binary"])
        #expect(try bench.titles() == ["Headline number 1", "Marker"])
        #expect(bench.scratch.list("drop/.quarantine") == ["all.tar#2", "all.tar#2.reason.json"])
    }

    @Test(arguments: [true, false])
    func `a file that is read piece by piece is held as others, though some of it is due before its end`(
        isDueMeanwhile: Bool
    ) throws {
        let bench = try Bench()
        bench.pieceParts = 2
        bench.wall = Self.begin
        try bench.start()
        try bench.settle()
        var lines = (0..<7).map { Self.ninjs("urn:\($0)", until: 10, words: "Word \($0)") }
        lines.append(Self.ninjs("urn:free", words: "free"))
        if isDueMeanwhile {
            var commits = 0
            bench.atPoint = { point in
                guard point == .afterCommit else { return }
                commits += 1
                if commits == 2 { bench.wall = Self.begin + 10_000 }
            }
        }
        try Self.drop(lines.joined(separator: "\n"), "all.ndjson", in: bench)
        try Self.reach(10, in: bench)
        #expect(try bench.titles().sorted() == (0..<7).map { "Word \($0)" } + ["free"])
        let closing = try last(bench)
        #expect(closing.text("outcome") == "published" && closing.json["articles"] == .integer(8))
        #expect(try bench.outcomes().count == (isDueMeanwhile ? 1 : 2))
        let connection = try Connection(path: bench.scratch.path("state/log.sqlite"), mode: .readOnly)
        #expect(try connection.scalar("SELECT (SELECT count(*) FROM held) + (SELECT count(*) FROM held_file)") == 0)
        // Known in whole: nothing comes of it again.
        try Self.drop(lines.joined(separator: "\n"), "again.ndjson", in: bench)
        #expect(try last(bench).text("outcome") == "duplicate")
    }

    @Test func `an entry of a feed that is held is not held again with the next feed`() throws {
        let bench = try Self.started()
        // A feed has no word for it; the metadata beside it does.
        func feed(_ titles: [String]) -> String {
            let items = titles.map { "<item><title>\($0)</title><guid>urn:\($0)</guid></item>" }.joined()
            return "<rss version=\"2.0\"><channel><title>News</title>\(items)</channel></rss>"
        }
        let until = Timestamp(milliseconds: Self.begin + 60_000)
        for (name, titles) in [("1.xml", ["a"]), ("2.xml", ["b", "a"])] {
            try bench.dropByRename("{\"embargoed_until\": \"\(until)\"}", "\(name).meta.json")
            try Self.drop(feed(titles), name, in: bench)
        }
        #expect(bench.snapshot.held == 2)
        try Self.reach(60, in: bench)
        #expect(try bench.titles() == ["a", "b"])
        #expect(try bench.verdicts() == ["held embargoed", "held embargoed", "published ok", "published ok"])
    }

    // MARK: The operator

    @Test func `an operator sees what names it, and may release it before its time`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", "1", until: 60, words: "a"), "a.json", in: bench)
        try Self.drop(Self.ninjs("urn:b", until: 90, words: "b"), "b.json", in: bench)
        let desk = try #require(bench.desk)
        let listed = try desk.listHeld(limit: 10)
        #expect(listed.map(\.uri) == ["urn:a", "urn:b"] && listed.map(\.path) == ["a.json", "b.json"])
        #expect(listed.first?.version == "1" && listed.first?.directory == bench.directory.path)
        #expect(listed.first?.until == Timestamp(milliseconds: Self.begin + 60_000))
        #expect(try desk.listHeld(after: listed[0].row, limit: 10) == [listed[1]])
        #expect(try desk.listHeld(id: listed[1].id.description, limit: 10) == [listed[1]])
        let unknown = String(repeating: "0", count: 32)
        #expect(try desk.release([listed[1].id.description, unknown], limit: 10) == [listed[1].id.description])
        #expect(try bench.titles() == ["b"])
        #expect(try last(bench).json["released_early"] == .integer(1))
        #expect(try desk.release(nil, limit: 10) == [listed[0].id.description])
        #expect(try bench.titles() == ["b", "a"])
        try Self.reach(90, in: bench)
        #expect(try bench.titles() == ["b", "a"])
        #expect(try last(bench).text("outcome") == "published")
    }

    // MARK: Trouble

    @Test(arguments: [IntakePoint.beforeCommit, .afterCommit, .afterPublish])
    func `a kill in the middle of a release loses nothing and publishes nothing twice`(point: IntakePoint) throws {
        let bench = try Self.started()
        for number in 0..<5 {
            try Self.drop(Self.ninjs("urn:\(number)", until: 60, words: "Word \(number)"), "\(number).json", in: bench)
        }
        try bench.start()
        bench.killAt = (point, 1)
        bench.wall = Self.begin + 60_000
        #expect(throws: Bench.Killed.self) { try bench.settle() }
        bench.killAt = nil
        try bench.start()
        try bench.settle()
        #expect(try bench.titles() == (0..<5).map { "Word \($0)" })
        #expect(
            try bench.verdicts()
                == Array(repeating: "held embargoed", count: 5) + Array(repeating: "published ok", count: 5))
        #expect(try bench.log().map(\.sequence) == Array(1...15))
    }

    @Test(arguments: IntakePoint.ofFiles)
    func `a kill at any point while it is being held loses nothing`(point: IntakePoint) throws {
        let bench = try Self.started()
        bench.killAt = (point, 1)
        #expect(throws: Bench.Killed.self) {
            try Self.drop(Self.ninjs("urn:a", until: 60), "a.json", in: bench)
        }
        bench.killAt = nil
        try bench.start()
        try bench.pass(.seconds(3))
        #expect(try bench.articles().isEmpty)
        try Self.reach(60, in: bench)
        #expect(try bench.titles() == ["Marker"])
        #expect(try bench.verdicts() == ["held embargoed", "published ok"])
        #expect(bench.lying().isEmpty && bench.archived() == ["a.json"])
    }

    @Test func `a disk that is full when the time has come delays the release, and that is all`() throws {
        let bench = try Self.started()
        try Self.drop(
            Self.ninjs("urn:a", until: 60, words: String(repeating: "x", count: 200_000)), "a.json", in: bench)
        let desk = try #require(bench.desk)
        let pages = try desk.store.connection.scalar("PRAGMA page_count") ?? 0
        try desk.store.limitPages(Int(pages))
        bench.wall = Self.begin + 60_000
        try bench.settle()
        #expect(try bench.articles().isEmpty)
        #expect(bench.snapshot.trouble != nil && bench.snapshot.held == 1)
        try desk.store.limitPages(1 << 20)
        try bench.pass(.seconds(10))
        #expect(try bench.articles().count == 1)
        #expect(bench.snapshot.trouble == nil)
    }

    @Test func `what was held goes on when its directory is not watched any more`() throws {
        let bench = try Self.started()
        try Self.drop(Self.ninjs("urn:a", until: 60), "a.json", in: bench)
        try bench.scratch.makeDirectory("other")
        let directory = bench.directory
        bench.directory = DropDirectoryConfiguration(path: bench.scratch.path("other"))
        try bench.start()
        try bench.settle()
        try Self.reach(60, in: bench)
        #expect(try bench.titles() == ["Marker"])
        #expect(try last(bench).text("directory") == directory.path)
    }
}
