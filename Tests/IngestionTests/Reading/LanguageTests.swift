import Articles
import TestSupport
import Testing

@testable import Ingestion

/// Which language an article's record and topic have.
@Suite struct LanguageTests {
    private static let german =
        "Neue Fähre zu den Inseln\n\n2025-02-26 03:27:00\n\nAbstract: Der Verkehr beginnt im Frühjahr.\n\n"
        + "Die neue Fähre wird im Frühjahr den Verkehr zu den Inseln aufnehmen, teilte die Reederei gestern mit.\n"
    private static let finnish = "Uusi lautta aloittaa liikenteen saarille ensi keväänä, kertoi varustamo eilen."

    private func dropped(
        _ content: String, _ name: String, metadata: String? = nil,
        _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }
    ) throws -> [Bench.Row] {
        let bench = try Bench(change)
        try bench.start()
        try bench.settle()
        if let metadata { try bench.dropByRename(metadata, name + ".meta.json") }
        try bench.dropByRename(content, name)
        try bench.settle()
        return try bench.articles()
    }

    private func confidence(_ row: Bench.Row) -> Double? {
        switch row.json["ingest"]?["language_confidence"] {
        case .number(let value)?: value
        case .integer(let value)?: Double(value)
        default: nil
        }
    }

    @Test func `what nobody says is detected, and stands in record and topic`() throws {
        let row = try #require(try dropped(Self.german, "a.txt").first)
        #expect(row.topic == "art/test/de/")
        #expect(row.text("language") == "de")
        #expect(try #require(confidence(row)) > 0.9)
    }

    @Test func `an article's id is the same with its language and without`() throws {
        let with = try #require(try dropped(Self.german, "a.txt").first)
        let without = try #require(try dropped(Self.german, "a.txt") { $0.detectsLanguage = false }.first)
        #expect(with.text("id") == without.text("id"))
        #expect(without.topic == "art/test/und/")
        #expect(without.text("language") == "und" && confidence(without) == nil)
    }

    @Test func `what is said wins over what is detected`() throws {
        let configured = try #require(try dropped(Self.german, "a.txt") { $0.language = "nl" }.first)
        #expect(configured.topic == "art/test/nl/" && confidence(configured) == nil)
        let beside = try #require(try dropped(Self.german, "a.txt", metadata: #"{"language": "de-AT"}"#).first)
        #expect(beside.topic == "art/test/de-at/" && confidence(beside) == nil)
        let own =
            #"{"headline": "Neue Fähre", "language": "de-CH", "body_text": "Die neue Fähre fährt.", "uri": "a:1"}"#
        let declared = try #require(try dropped(own, "a.json") { $0.language = "nl" }.first)
        #expect(declared.topic == "art/test/de-ch/" && confidence(declared) == nil)
    }

    @Test func `metadata beside a file counts among its words`() throws {
        let row = try #require(
            try dropped("XK-4711\n\n", "a.txt", metadata: "{\"abstract\": \"\(Self.finnish)\"}").first)
        #expect(row.topic == "art/test/fi/")
    }

    @Test func `what shows no language stays undetermined`() throws {
        let row = try #require(try dropped("XK-4711 +3,2 %\n\n", "a.txt").first)
        #expect(row.topic == "art/test/und/")
        #expect(confidence(row) == nil)
    }

    @Test func `every article of a file that is read piece by piece has its own language`() throws {
        let lines = [
            ("one", "The new ferry will start in spring, the company said yesterday."), ("two", Self.finnish),
            ("three", "Новый паром начнёт ходить весной, сообщила вчера компания."), ("four", "4711"),
        ].map { #"{"title": "\#($0.0 == "four" ? "4711" : $0.1)", "body": "\#($0.1)"}"# }
        let rows = try dropped(lines.joined(separator: "\n") + "\n", "a.ndjson")
        #expect(rows.map(\.topic) == ["art/test/en/", "art/test/fi/", "art/test/ru/", "art/test/und/"])
    }
}
