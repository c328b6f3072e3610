import Articles
import Testing

@testable import Formats

@Suite struct WireFormatTests {
    private static func message(_ number: Int, _ body: String = "The text.") -> String {
        let digits = String("000\(number)".suffix(4))
        return
            "\u{16}\u{16}\u{1}abc\(digits) 3 i 10 info\r\n\r\n\u{2}Ports/ice/\r\nHeadline \(number)\r\n\r\n\(body)\r\n"
            + "\u{3}212322 GMT Feb 25\r\n\u{4}\r\n"
    }

    private func read(_ text: String, piece: Int = 1000, limit: Int = 1 << 20) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(
            of: FileParser().open(
                PieceSource(bytes, piece: piece), name: Array("w.txt".utf8), .sample(bytes: bytes.count, limit: limit)))
    }

    @Test(arguments: [1, 7, 64, 1000, 100_000]) func `messages are read wherever the pieces end`(piece: Int) throws {
        let reading = try read((1...20).map { Self.message($0) }.joined(), piece: piece)
        #expect(reading.end == nil && reading.format == "wire" && reading.failed.isEmpty)
        #expect(reading.articles.map(\.title) == (1...20).map { "Headline \($0)" })
        #expect(reading.articles.map(\.ingest.part) == Array(1...20))
        #expect(reading.articles.allSatisfy { $0.published?.description == "2025-02-21T23:22:00Z" })
        #expect(
            reading.articles.allSatisfy {
                $0.keywords == ["Ports", "ice"] && $0.urgency == 3 && $0.body == "The text."
            })
    }

    @Test(arguments: [
        ("\u{1}abc0001 3 i 1\r\n", true), ("\0\u{16}\u{16}\r\n\u{1}f0704\u{1f}reute\r\n", true),
        ("\u{1}\u{1}\u{1}", false),
        ("abc0001 3 i 1\r\n", false), ("\u{1}", false), ("\u{1}abcdef0001 3 i", false), ("x\u{1}abc0001", false),
        ("", false),
    ]) func `a message is known by SOH and what stands behind it`(text: String, isWire: Bool) {
        let format = FormatRegistry.standard.format(of: Array(text.utf8), name: Array("w".utf8))
        #expect((format?.name == "wire") == isWire)
    }

    @Test func `every cut of a file gives the messages before it`() throws {
        let first = Self.message(1)
        let text = first + Self.message(2)
        for count in 0...text.utf8.count {
            let bytes = Array(text.utf8.prefix(count))
            let reading = try Reading(of: WireFormat().open(HeldBytes(bytes), .sample(bytes: count)))
            #expect(reading.end != nil || !reading.articles.isEmpty, "\(count)")
            #expect(reading.failed.isEmpty)
            if let end = reading.end { #expect(end.looksTruncated) }
            if count >= first.utf8.count { #expect(reading.articles.first?.title == "Headline 1") }
        }
    }

    @Test(arguments: [64, 5000, 1 << 20]) func `a message above the limit fails alone, and is not held`(piece: Int)
        throws
    {
        let long = Self.message(2, String(repeating: "long line\n", count: 20_000))
        let reading = try read(Self.message(1) + long + Self.message(3), piece: piece, limit: 10_000)
        #expect(reading.articles.map(\.title) == ["Headline 1", "Headline 3"])
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.failed.first?.error.position == .byte(Self.message(1).utf8.count + 2))
    }

    @Test func `a source that ends badly is told as it is`() throws {
        let source = PieceSource(Array((1...50).map { Self.message($0) }.joined().utf8), piece: 100, failsAt: 3000)
        let reader = WireFormat().open(source, .sample(bytes: 10_000))
        #expect(throws: PieceSource.Broken.self) {
            while try reader.next() != nil {}
        }
    }

    @Test(arguments: [
        ("AP-WF-02-20-26 0337GMT<", "2026-02-20T03:37:00Z", false),
        ("AP-NY-02-20-87 2337EST", "1987-02-21T04:37:00Z", false),
        ("212322 GMT Nov 18", "2018-11-21T23:22:00Z", false), ("260105 Feb 1987", "1987-02-26T01:05:00Z", true),
        ("260105 CET FEB 87", "1987-02-26T00:05:00Z", false),
    ]) func `the end says when it was sent`(line: String, moment: String, isAssumed: Bool) {
        let found = WireDate.find(in: line, .sample(bytes: 0))
        #expect(found?.date.moment?.description == moment)
        #expect((found?.date.assumedZone != nil) == isAssumed)
    }

    @Test(arguments: [
        "", "AP-WF", "02-20 0337", "AP-WF-13-40-26 0337GMT", "999999 GMT Nov 18", "212322 GMT Xyz 18", "Feb 18",
    ])
    func `another line is no date`(line: String) { #expect(WireDate.find(in: line, .sample(bytes: 0)) == nil) }

    @Test(arguments: [
        ("eca0003 3 i 380  dpa 0045", true), ("aap1234 4 FIN", true), ("eca0003 0 i", false), ("eca0003 3", false),
        ("eca 3 i 380", false), ("0003 3 i 380", false), ("f0704 reute", false), ("eca0003 3 i9 380", false),
    ]) func `a header of IPTC 7901 has a source, a priority and a category`(line: String, isHeader: Bool) {
        #expect((IPTCHeader(line) != nil) == isHeader)
    }

    @Test(arguments: [
        ("TURKU, Finland (AP) _ Text", "TURKU, Finland (AP)"), ("Turku (dpa) - Text", "Turku (dpa)"),
        ("The harbour (the old one) was closed", nil), ("turku (dpa) - Text", nil), ("Text", nil), ("", nil),
    ]) func `a text may begin with its place`(text: String, dateline: String?) {
        #expect(WireLine.dateline(of: text) == dateline)
    }

    @Test func `lines of a paragraph are joined, and those of a table stay`() {
        let lines = ["   One two", "three.", "   Four.", "", "Five", "six", "A     1", "B     2", "end"]
        #expect(WireParagraphs.text(of: lines) == "One two three.\n\nFour.\n\nFive six\n\nA     1\nB     2\n\nend")
    }
}
