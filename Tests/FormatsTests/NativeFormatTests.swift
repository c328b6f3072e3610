import Articles
import FoundationEssentials
import Formats
import Testing
import TimeZones

@Suite struct NativeFormatTests {
    private func parse(_ bytes: [UInt8], limit: Int = 65_536) throws(ParseError) -> Article {
        try NativeFormat().parse(bytes, .sample(bytes: bytes.count, limit: limit)).articles[0]
    }

    private func parse(_ text: String) throws(ParseError) -> Article { try parse(Array(text.utf8)) }

    private func error(_ bytes: [UInt8], limit: Int = 65_536) -> ParseError? {
        do {
            _ = try parse(bytes, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    @Test func `what is not UTF-8 or not text is seen at every place`() throws {
        for place in 3...100 {
            for rest in [0, 1, 8, 50] {
                func file(_ mark: [UInt8]) -> [UInt8] {
                    Array("T\n\n".utf8) + [UInt8](repeating: 0x61, count: place - 3) + mark
                        + [UInt8](repeating: 0x62, count: rest)
                }
                #expect(error(file([0xff]))?.position == .byte(place))
                #expect(error(file([0]))?.position == .byte(place))
                let body = String(repeating: "a", count: place - 3) + "é" + String(repeating: "b", count: rest)
                #expect(try parse(file(Array("é".utf8))).body == body)
            }
        }
    }

    /// Beside the checkout, where there is one.
    private static let seed = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/seed")

    private static let seedNames = ((try? FileManager.default.contentsOfDirectory(atPath: seed.path)) ?? [])
        .filter { $0.hasSuffix(".txt") }.sorted()

    @Test(.enabled(if: !seedNames.isEmpty, "the seed lies beside the checkout")) func `the seed is read whole`() throws
    {
        for name in Self.seedNames {
            let bytes = Array(try Data(contentsOf: Self.seed.appending(path: name)))
            let blocks = String(decoding: bytes, as: UTF8.self).split(separator: "\n\n").map(String.init)
            let article = try parse(bytes)
            #expect(article.title == blocks[0])
            #expect(article.publishedRaw == blocks[1])
            #expect(article.published?.description == blocks[1].replacing(" ", with: "T") + "Z")
            #expect(article.assumedTimeZone == "UTC")
            #expect("Abstract: " + (article.abstract ?? "") == blocks[2])
            #expect(article.body == blocks[3...].joined(separator: "\n\n"))
            #expect(article.ingest.warnings == [])
        }
    }

    @Test(.enabled(if: !seedNames.isEmpty, "the seed lies beside the checkout"))
    func `the first article of the seed is dated as its line says`() throws {
        let article = try parse(Array(try Data(contentsOf: Self.seed.appending(path: Self.seedNames[0]))))
        #expect(article.title == "Iran rules out direct talks with US while Trump exerts ‘maximum pressure’")
        #expect(article.published?.description == "2025-02-26T03:27:00Z")
        #expect(article.publishedRaw == "2025-02-26 03:27:00")
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func `a text cut anywhere is an error or has a headline`(
        _ lineEnd: String
    ) throws {
        let lines = [
            "\u{feff}Café “opens” 🚢", "", "2025-02-26 03:27:00", "", "Abstract: Élan.", "", "Söme wörds.", "", "Ende €",
        ]
        let whole = Array(lines.joined(separator: lineEnd).utf8)
        for count in 0...whole.count {
            do {
                let article = try parse(Array(whole[..<count]))
                let title = try #require(article.title)
                #expect(!title.isEmpty && "Café “opens” 🚢".hasPrefix(title))
                #expect(article.body?.isEmpty != true && article.abstract?.isEmpty != true)
            } catch let error as ParseError {
                // Nothing, and the byte order mark alone, are empty; every other error is a character cut in two.
                let isEmpty = count == 0 || count == 3
                #expect(error.code == (isEmpty ? .empty : .invalidUTF8))
                #expect(error.looksTruncated == !isEmpty)
            }
        }
    }

    @Test func `line ends make no difference`() throws {
        let text = "Head\n\n2025-02-26 03:27:00\n\nAbstract: A.\n\nOne\ntwo.\n\nThree.\n"
        let ids = try ["\n", "\r\n", "\r"].map { try parse(text.replacing("\n", with: $0)).id }
        #expect(Set(ids).count == 1)
    }

    @Test func `a size at the limit is taken and one above is not`() throws {
        let text = Array("Headline\n\nBody.".utf8)
        #expect(try parse(text, limit: text.count).body == "Body.")
        let refusal = error(text, limit: text.count - 1)
        #expect(refusal?.code == .tooLarge)
        #expect(refusal?.description == "parse as native: the article has 15 bytes, the limit is 14")
    }

    @Test(arguments: [
        ("2025-02-26T03:27:00", "2025-02-26T03:27:00Z", true), ("2025-02-26 03:27", "2025-02-26T03:27:00Z", true),
        ("2025-02-26 03:27:00Z", "2025-02-26T03:27:00Z", false),
        ("2025-02-26 03:27 UTC", "2025-02-26T03:27:00Z", false),
        ("2025-02-26 03:27:00+01:00", "2025-02-26T02:27:00Z", false),
        ("2025-02-26T03:27:00.250 -0530", "2025-02-26T08:57:00.250Z", false),
        ("2024-02-29 23:59:60", "2024-03-01T00:00:00Z", true),
    ]) func `a date is taken in its variants`(_ line: String, _ moment: String, _ isAssumed: Bool) throws {
        let article = try parse("Head\n\n\(line)\n\nBody.")
        #expect(article.published?.description == moment)
        #expect(article.publishedRaw == line)
        #expect(article.assumedTimeZone == (isAssumed ? "UTC" : nil))
        #expect(article.body == "Body.")
        #expect(article.ingest.warnings == [])
    }

    @Test(arguments: [
        ("2025-01-15 12:00:00", "2025-01-15T10:00:00Z", "Europe/Helsinki", nil),
        ("2025-07-15 12:00:00.250", "2025-07-15T09:00:00.250Z", "Europe/Helsinki", nil),
        ("2025-07-15 12:00:00Z", "2025-07-15T12:00:00Z", nil, nil),
        ("2025-07-15 12:00:00 +0200", "2025-07-15T10:00:00Z", nil, nil),
        // Clocks go from 03:00 to 04:00, and from 04:00 back to 03:00.
        ("2024-03-31 03:30:00", "2024-03-31T01:30:00Z", "Europe/Helsinki", "date_skipped"),
        ("2024-10-27 03:30:00", "2024-10-27T00:30:00Z", "Europe/Helsinki", "date_ambiguous"),
        ("1890-06-01 12:00:00", "1890-06-01T10:20:11Z", "Europe/Helsinki", nil),
    ]) func `a date without a zone is in the directory's`(
        _ line: String, _ moment: String, _ assumed: String?, _ warning: String?
    ) throws {
        let context = FormatContext.sample(bytes: 0, timeZone: try #require(Zone("Europe/Helsinki")))
        let file = try NativeFormat().parse(Array("Head\n\n\(line)\n\nBody.".utf8), context)
        let article = try #require(file.articles.first)
        #expect(article.published?.description == moment)
        #expect(article.publishedRaw == line)
        #expect(article.assumedTimeZone == assumed)
        let warnings = article.ingest.warnings.filter { $0 != "date_future" }
        #expect(warnings == (warning.map { [$0] } ?? []))
    }

    @Test func `a moment that no date can be written for is none`() throws {
        let context = FormatContext.sample(bytes: 0, timeZone: try #require(Zone("America/New_York")))
        let file = try NativeFormat().parse(Array("Head\n\n9999-12-31 23:30:00\n".utf8), context)
        #expect(file.articles.first?.published == nil)
        #expect(file.articles.first?.ingest.warnings == ["date_invalid"])
    }

    @Test(arguments: ["2025-13-45 00:00:00", "2025-02-29 10:00:00", "2025-02-26 24:01", "2025-02-26 03:27:00 CST"])
    func `a date that cannot be is kept raw with a warning`(_ line: String) throws {
        let article = try parse("Head\n\n\(line)\n\nBody.")
        #expect(article.published == nil)
        #expect(article.publishedRaw == line)
        #expect(article.assumedTimeZone == nil)
        #expect(article.body == "Body.")
        #expect(article.ingest.warnings == ["date_invalid"])
    }

    @Test(arguments: ["2025-02-26 03:27:00 The bridge was closed.", "2025-02-26", "26.02.2025 03:27", "1234-56-78 90"])
    func `a line that is more or less than a date is a paragraph`(_ line: String) throws {
        let article = try parse("Head\n\n\(line)")
        #expect(article.publishedRaw == nil)
        #expect(article.body == line)
    }

    @Test(
        arguments: [
            [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80],
            [0xf5, 0x80, 0x80, 0x80], [0x80], [0xc3, 0x28], [0xe2, 0x82, 0x28], [0xff],
        ] as [[UInt8]]) func `bytes that are not UTF-8 are refused where they stand`(_ sequence: [UInt8])
    {
        for lead in 0...9 {
            let refusal = error(Array(repeating: 0x61, count: lead) + sequence + Array("\n\nBody text.".utf8))
            #expect(refusal?.code == .invalidUTF8)
            #expect(refusal?.position == .byte(lead))
            #expect(refusal?.looksTruncated == false)
        }
    }

    @Test func `every scalar is taken at every place`() throws {
        for scalar in ["\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}"] {
            for lead in 0...9 {
                let title = String(repeating: "a", count: lead) + scalar + "z"
                #expect(try parse(title).title == title)
            }
        }
    }

    @Test func `a tail of NULs looks like a copy in progress and a NUL within does not`() {
        #expect(error(Array("Head\n\nBody\0\0\0\0".utf8))?.looksTruncated == true)
        let within = error(Array("Head\0\n\nBody".utf8))
        #expect(within?.code == .binary)
        #expect(within?.position == .byte(4))
        #expect(within?.looksTruncated == false)
    }

    @Test(arguments: ["<?xml version=\"1.0\"?>", "<!DOCTYPE html>", "\u{feff} <nitf>", "{ \"title\": 1}", "[ {}]"])
    func `markup and JSON are not taken for text`(_ text: String) {
        #expect(throws: ParseError.self) {
            try FormatRegistry([NativeFormat()]).parse(Array(text.utf8), name: [], .sample(bytes: text.utf8.count))
        }
    }

    @Test func `a forced format reads what it would not recognize, and a name that is none is refused`() throws {
        let forced = try #require(FormatRegistry.standard.only("native"))
        let file = try forced.parse(Array("<html>News</html>".utf8), name: [], .sample(bytes: 17))
        #expect(file.articles.map(\.title) == ["<html>News</html>"])
        #expect(FormatRegistry.standard.only("nativ") == nil)
        #expect(FormatRegistry.standard.names.contains("native"))
    }

    @Test(arguments: ["[Update] Bridge opens", "<3 for the harbour", "{sic}"])
    func `a headline that begins with a bracket is a headline`(_ text: String) throws {
        let file = try FormatRegistry.standard.parse(Array(text.utf8), name: [], .sample(bytes: text.utf8.count))
        #expect(file.articles.map(\.title) == [text])
    }
}
