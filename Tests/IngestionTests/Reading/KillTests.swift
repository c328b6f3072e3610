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

    @Test func `a kill may come before its article, which is published as what it is`() throws {
        let bench = try Bench()
        try bench.start()
        try bench.dropByRename(Self.ninjs("urn:a", "3", "canceled"), "1.json")
        try bench.settle()
        try bench.dropByRename(Self.ninjs("urn:a", "1", "usable"), "2.json")
        try bench.settle()
        #expect(try bench.articles().map { $0.text("type") } == ["kill", "article"])
        #expect(try bench.articles().map { $0.text("uri") } == ["urn:a", "urn:a"])
        #expect(try bench.verdicts() == ["published ok", "published ok"])
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
