import Articles
import Testing

@testable import Formats

@Suite struct PlainFormatTests {
    private func read(_ bytes: [UInt8], name: String = "a.txt") throws(ParseError) -> ParsedFile {
        try FormatRegistry.standard.parse(bytes, name: Array(name.utf8), .sample(bytes: bytes.count))
    }

    private func read(_ text: String) throws(ParseError) -> ParsedFile { try read(Array(text.utf8)) }

    private static let long = String(repeating: "many words ", count: 30)

    @Test(
        arguments: [
            ("Head\nOne.\nTwo.", "plain"), ("Head\n\(long)", "plain"), ("Head\n\(long)\n\nMore.", "plain"),
            (long, "plain"),
            ("Title: a\n\nb", "plain"), ("headline: a\nDate: 2025-02-26", "plain"),
            ("\u{feff}Title: a\r\nBy: b\r\n\r\nc", "plain"),
            // What the native format has always read.
            ("Head", "native"), ("Head\n\nText.", "native"), ("Head\nof two lines", "native"),
            ("Head\nof three\nlines\n\nText.", "native"), ("Head\n2025-02-26 03:27:00\nText.\nMore.", "native"),
            ("Head\nAbstract: x\ny\nz", "native"), ("2025-02-26 03:27:00\na\nb", nil), ("", nil),
            ("Date: today\n\nb", "native"),
            ("Title: a\nno field\n\nb", "native"), ("<Title: a>\nb", "native"),
        ] as [(String, String?)]) func `a text is plain where more than a headline stands in its first block`(
            text: String, format: String?
        )
    {
        #expect((try? read(text))?.format == format)
    }

    @Test(
        arguments: [
            ("Head\nOne.\nTwo.", "Head", "One.\n\nTwo."),
            (
                "The bridge was closed on Tuesday by the port of\nthe town after a ship hit it in the storm of the\nnight.",
                nil,
                "The bridge was closed on Tuesday by the port of the town after a ship hit it in the storm of the night."
            ),
        ] as [(String, String?, String?)]) func `the first line is the headline, unless the text is broken there`(
            text: String, title: String?, body: String?
        ) throws
    {
        let article = try read(text).articles[0]
        #expect(article.title == title)
        #expect(article.body == body)
    }

    @Test(
        arguments: [
            ("By Ann Lee\n2025-02-26 14:05", ["Ann Lee"], "2025-02-26T14:05:00Z"),
            ("26.02.2025\nVon Ann Lee", ["Ann Lee"], "2025-02-26T00:00:00Z"),
            ("By the bridge they met.", [], nil), ("On 26 February 2025 it rained.", [], nil),
        ] as [(String, [String], String?)]) func `who wrote it, and when, may stand below the headline`(
            lines: String, bylines: [String], published: String?
        ) throws
    {
        let article = try read("Head\n\(lines)\nOne.\nTwo.").articles[0]
        #expect(article.title == "Head" && article.bylines == bylines)
        #expect(article.published?.description == published)
        #expect(article.body?.hasSuffix("One.\n\nTwo.") == true)
    }

    @Test func `fields above a text are named as those of front matter are`() throws {
        let text = "Kop: A\nTitle: B\nDatum: 2025-02-26\n of June\nDraft: yes\n\nText."
        let mapping = FieldMapping([.title: ["kop"], .published: ["datum"]])
        let file = try PlainFormat(mapping: mapping).parse(Array(text.utf8), .sample(bytes: 0))
        #expect(file.articles[0].title == "A" && file.articles[0].pubStatus == .withheld)
        #expect(file.articles[0].publishedRaw == "2025-02-26 of June" && file.articles[0].body == "Text.")
        #expect(file.articles[0].ext == ["Title": .string("B")])
    }

    @Test(arguments: ["Head\nÄ one.\nTwo.", "Title: Ä\nBy: B\n\nText."]) func `line ends and marks make no difference`(
        text: String
    ) throws {
        let whole = try read(text).articles[0].id
        for end in ["\r\n", "\r"] { #expect(try read(text.replacing("\n", with: end)).articles[0].id == whole) }
        #expect(try read("\u{feff}" + text).articles[0].id == whole)
    }

    @Test func `a text in UTF-16 is read whole, and waited for where it is cut`() throws {
        let text = "Café closed\n\n2025-02-26 03:27:00\n\nIt stays closed."
        for order in [0, 1] {
            var bytes: [UInt8] = order == 0 ? [0xff, 0xfe] : [0xfe, 0xff]
            for unit in text.utf16 {
                let pair = [UInt8(unit & 0xff), UInt8(unit >> 8)]
                bytes += order == 0 ? pair : pair.reversed()
            }
            let article = try read(bytes).articles[0]
            #expect(article.title == "Café closed" && article.published?.description == "2025-02-26T03:27:00Z")
            #expect(
                article.body == "It stays closed." && article.ingest.encoding == (order == 0 ? "utf-16le" : "utf-16be"))
            do {
                _ = try read(Array(bytes.dropLast()))
                Issue.record("half a character is none")
            } catch {
                #expect(error.looksTruncated && error.code == .invalidUTF8)
            }
        }
    }

    @Test func `a character that is cut at the end is waited for`() {
        #expect(throws: ParseError.self) { try read(Array("Head\n\nCaf".utf8) + [0xc3]) }
        #expect(PlainFormat().sign(of: Array("Head\n\nCaf".utf8) + [0xc3], name: []) == nil)
    }

    @Test func `what is no text in any encoding is refused`() {
        let bytes = Array("Head ".utf8) + (0...255).map { UInt8($0) } + [0xff, 0xfe]
        #expect(throws: ParseError.self) { try read(bytes) }
    }
}
