import Articles
import Testing

@testable import Formats

@Suite struct NITFFormatTests {
    private func read(_ text: String, piece: Int = 61) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(of: NITFFormat().open(PieceSource(bytes, piece: piece), .sample(bytes: bytes.count)))
    }

    @Test(arguments: [
        ("<nitf>", true), ("<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'x.dtd'>\n<nitf>", true),
        ("<n:nitf xmlns:n='http://iptc.org/std/NITF/2006-10-18/'>", true), ("<NITF>", false), ("<nitf2>", false),
        ("<html><nitf>", false), ("nitf", false), ("", false),
    ]) func `NITF is known by its root`(text: String, isNITF: Bool) {
        #expect(NITFFormat().recognizes(Array(text.utf8), name: []) == isNITF)
    }

    @Test func `a story that is cut anywhere looks truncated`() throws {
        let whole =
            "<!DOCTYPE nitf [<!ENTITY % x 'y'>]><nitf><body><body.content><p>One</p></body.content></body></nitf>"
        for count in 0..<whole.utf8.count {
            let reading = try read(String(whole.prefix(count)))
            #expect(reading.end?.looksTruncated == true && reading.parts.isEmpty, "\(count)")
        }
        #expect(try read(whole).articles.map(\.body) == ["One"])
    }

    @Test func `stories behind each other are an article each`() throws {
        let story =
            "<?xml version='1.0'?>\n<nitf><body><body.head><hedline><hl1>H</hl1></hedline></body.head></body></nitf>\n"
        let reading = try read(story + story)
        #expect(reading.articles.map(\.ingest.part) == [1, 2] && reading.end == nil)
    }

    @Test(arguments: [
        ("By <person>Ines Aalto</person>", ["Ines Aalto"]),
        ("<person>A</person> and <person>B</person>, <byttl>Staff</byttl>", ["A", "B"]),
        ("By Ines Aalto, <byttl>Staff</byttl>", ["By Ines Aalto"]), ("<byttl>Example News</byttl>", ["Example News"]),
        (" ", []),
    ]) func `a byline is its persons, else its words`(markup: String, bylines: [String]) throws {
        let reading = try read(
            "<nitf><body><body.head><hedline><hl1>H</hl1></hedline><byline>\(markup)</byline></body.head></body></nitf>"
        )
        #expect(reading.articles.first?.bylines == bylines)
    }

    @Test(arguments: [
        ("20250226T033000Z", "2025-02-26T03:30:00Z"), ("20250226T033000+0100", "2025-02-26T02:30:00Z"),
        ("20250226T0330", "2025-02-26T03:30:00Z"), ("20250226", "2025-02-26T00:00:00Z"),
        ("2025-02-26T03:30:00-05:00", "2025-02-26T08:30:00Z"),
    ]) func `the date of issue is read as ISO 8601 has it`(norm: String, moment: String) throws {
        let reading = try read(
            "<nitf><head><docdata><date.issue norm='\(norm)'/></docdata></head><body><body.content><p>x</p></body.content></body></nitf>"
        )
        #expect(reading.articles.first?.published?.description == moment)
        #expect(reading.articles.first?.publishedRaw == norm)
    }
}
