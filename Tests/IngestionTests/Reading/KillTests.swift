import Articles
import FoundationEssentials
import TestSupport
import Testing

@testable import Ingestion

@Suite struct KillTests {
    private static func ninjs(_ uri: String?, _ version: String, _ status: String) -> String {
        let name = uri.map { #""uri": "\#($0)", "# } ?? ""
        return "{\(name)\"version\": \"\(version)\", \"pubstatus\": \"\(status)\", \"language\": \"en\", "
            + "\"type\": \"text\", \"ednote\": \"Legal.\", \"headline\": \"Marker \(version)\", "
            + "\"body_text\": \"The words of it, \(version).\"}"
    }

    @Test func `what its publisher cancels is a kill on its article's topic, without its words`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Self.ninjs("urn:a", "1", "usable"), "1.json")
        try bench.settle()
        try bench.dropByRename(Self.ninjs("urn:a", "2", "canceled"), "2.json")
        try bench.settle()
        let records = try bench.articles()
        #expect(records.map { $0.text("type") } == ["article", "kill"])
        #expect(records.map(\.topic) == ["art/test/en/", "art/test/en/"])
        let kill = try #require(records.last)
        #expect(kill.text("uri") == "urn:a" && kill.text("version") == "2" && kill.text("ed_note") == "Legal.")
        #expect(kill.text("title") == nil && kill.text("body") == nil)
        #expect(try bench.verdicts() == ["published ok", "published ok"])
        #expect(try bench.outcomes().last?.json["articles"]?.integerValue == 1)
        #expect(try RecordSchema.ofRepository().faults(Array(JSONEncoder().encode(kill.json))) == [])
    }

    @Test func `kinds that are not taken are ignored with that reason, and kills of them are taken`() throws {
        let bench = try Bench()
        try bench.start()
        for (kind, name) in [("picture", "1"), ("text", "2"), ("composite", "3"), ("planning", "4")] {
            let item = Self.ninjs("urn:\(name)", "1", "usable").replacing("\"text\"", with: "\"\(kind)\"")
            try bench.dropByRename(item, "\(name).json")
            try bench.settle()
        }
        let verdicts = try bench.verdicts()
        #expect(verdicts == ["ignored kind_not_taken", "published ok", "published ok", "ignored kind_not_taken"])
        let canceled = Self.ninjs("urn:1", "2", "canceled").replacing("\"text\"", with: "\"picture\"")
        try bench.dropByRename(canceled, "5.json")
        try bench.settle()
        #expect(try bench.articles().map { $0.text("type") } == ["article", "article", "kill"])
        #expect(try bench.verdicts().last == "published ok")
    }

    @Test func `a kill may come before its article, of which nothing is published then, also after a restart`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Self.ninjs("urn:a", "3", "canceled"), "1.json")
        try bench.settle()
        try bench.dropByRename(Self.ninjs("urn:a", "1", "usable"), "2.json")
        try bench.settle()
        try bench.start()
        let list = [("urn:a", "4"), ("urn:b", "1")].map { Self.ninjs($0, $1, "usable") }
        try bench.dropByRename("[\(list.joined(separator: ", "))]", "3.json")
        try bench.settle()
        #expect(try bench.articles().map { $0.text("type") } == ["kill", "article"])
        #expect(try bench.articles().map { $0.text("uri") } == ["urn:a", "urn:b"])
        #expect(try bench.verdicts() == ["published ok", "ignored withdrawn", "published ok"])
    }

    @Test func `a kill stands on every topic of its source, and counts once`() throws {
        let bench = try Bench()
        try bench.start()
        for (name, language) in [("a", "en"), ("b", "de"), ("c", "en")] {
            let item = Self.ninjs("urn:\(name)", "1", "usable").replacing("\"en\"", with: "\"\(language)\"")
            try bench.dropByRename(item, "\(name).json")
            try bench.settle()
        }
        let kill = Self.ninjs("urn:b", "2", "canceled").replacing("\"en\"", with: "\"fr\"")
        try bench.dropByRename(kill, "kill.json")
        try bench.settle()
        let kills = try bench.articles().filter { $0.text("type") == "kill" }
        #expect(kills.map(\.topic) == ["art/test/fr/", "art/test/de/", "art/test/en/"])
        #expect(Set(kills.map { $0.text("uri") }) == ["urn:b"])
        let outcome = try #require(try bench.outcomes().last)
        #expect(outcome.json["articles"] == .integer(1))
        #expect(outcome.json["first_seq"] == .integer(try #require(kills.first).sequence))
        #expect(outcome.json["last_seq"] == .integer(try #require(kills.last).sequence))
    }

    @Test func `an operator withdraws an article: what was published, what is held, and what comes later`() throws {
        let bench = try EmbargoTests.started()
        try EmbargoTests.drop(Self.ninjs("urn:a", "1", "usable"), "1.json", in: bench)
        try EmbargoTests.drop(EmbargoTests.ninjs("urn:b", "1", until: 60), "2.json", in: bench)
        for uri in ["urn:a", "urn:b"] {
            _ = try #require(bench.desk).kill(source: "test", uri: uri, note: "Legal.")
        }
        try EmbargoTests.drop(Self.ninjs("urn:a", "2", "usable"), "3.json", in: bench)
        try EmbargoTests.reach(60, in: bench)
        let records = try bench.articles()
        #expect(records.map { $0.text("type") } == ["article", "kill", "kill", "kill", "kill"])
        #expect(
            records.dropFirst().map(\.topic) == ["art/test/und/", "art/test/en/", "art/test/und/", "art/test/en/"])
        #expect(records.last?.text("ed_note") == "Legal." && bench.snapshot.held == 0)
        #expect(
            try bench.verdicts() == ["published ok", "held embargoed", "ignored withdrawn", "ignored withdrawn"])
    }

    @Test func `a kill that does not say of what is quarantined`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Self.ninjs(nil, "2", "canceled"), "a.json")
        try bench.settle()
        #expect(try bench.articles().isEmpty)
        #expect(try bench.verdicts() == ["quarantined bad_field"])
        #expect(try bench.outcomes().last?.text("message")?.contains("no uri") == true)
    }
}
