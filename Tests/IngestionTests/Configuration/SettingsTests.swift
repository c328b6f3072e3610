import TestSupport
import Testing
import TimeZones

@testable import Ingestion

/// What a drop directory's own settings do to its records.
@Suite struct SettingsTests {
    @Test func `a topic stands for the source in topics alone`() throws {
        let bench = try Bench { $0.topic = "wire" }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        #expect(try bench.log().map(\.topic) == ["art/wire/und/", "file/wire/published/"])
        #expect(try bench.log().map { $0.text("source") } == ["test", "test"])
    }

    @Test func `dates without a zone are in the directory's, and the record says so`() throws {
        let zone = try #require(Zone("Europe/Helsinki"))
        let bench = try Bench { $0.timeZone = zone }
        try bench.start()
        try bench.settle()
        try bench.dropByRename(Bench.article(1), "a.txt")
        try bench.settle()
        let article = try #require(try bench.articles().first)
        #expect(article.text("published") == "2025-02-26T01:27:00Z")
        #expect(article.text("published_raw") == "2025-02-26 03:27:00")
        #expect(article.text("tz_assumed") == "Europe/Helsinki")
    }

    @Test func `a forced format reads every file`() throws {
        let bench = try Bench { $0.format = "native" }
        try bench.start()
        try bench.settle()
        try bench.dropByRename("<html>\n\nBody.", "a.html")
        try bench.dropByRename("\0\0\0\0 binary", "b.txt")
        try bench.settle()
        #expect(try bench.titles() == ["<html>"])
        #expect(try bench.verdicts().sorted() == ["published ok", "quarantined binary"])
    }
}
