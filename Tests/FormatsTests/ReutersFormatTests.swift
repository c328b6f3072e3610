import Articles
import Testing

@testable import Formats

@Suite struct ReutersFormatTests {
    private static func record(_ number: Int, _ body: String = "The text.\n Reuter\n&#3;") -> String {
        "<REUTERS TOPICS=\"YES\" OLDID=\"\(number + 900)\" NEWID=\"\(number)\">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n"
            + "<TOPICS><D>grain</D></TOPICS>\n<TEXT>&#2;\n<TITLE>TITLE \(number)</TITLE>\n"
            + "<DATELINE>    TURKU, Feb 26 - </DATELINE><BODY>\(body)</BODY></TEXT>\n</REUTERS>\n"
    }

    private func read(_ text: String, piece: Int = 1000, limit: Int = 1 << 20) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(
            of: FileParser().open(
                PieceSource(bytes, piece: piece), name: Array("reut2-000.sgm".utf8),
                .sample(bytes: bytes.count, limit: limit)))
    }

    private static let doctype = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n"

    @Test(arguments: [1, 7, 64, 1000, 100_000]) func `records are read wherever the pieces end`(piece: Int) throws {
        let reading = try read(Self.doctype + (1...20).map { Self.record($0) }.joined(), piece: piece)
        #expect(reading.end == nil && reading.format == "reuters-sgml")
        #expect(reading.articles.map(\.title) == (1...20).map { "TITLE \($0)" })
        #expect(reading.articles.map(\.uri) == (1...20).map { "reuters-21578:\($0)" })
        #expect(reading.articles.map(\.ingest.part) == Array(1...20))
        #expect(reading.articles.allSatisfy { $0.body == "The text." && $0.dateline == "TURKU, Feb 26" })
        #expect(reading.articles.allSatisfy { $0.published?.description == "1987-02-26T15:01:01.790Z" })
    }

    @Test(arguments: [
        ("<!DOCTYPE lewis SYSTEM \"lewis.dtd\">", true), ("\n <!doctype LEWIS>", true), ("<REUTERS NEWID=\"1\">", true),
        ("<reuters>", true), ("<REUTERSX>", false), ("<!DOCTYPE html>", false), ("REUTERS", false), ("", false),
    ]) func `an archive is known by its doctype or its first tag`(text: String, isArchive: Bool) {
        let format = FormatRegistry.standard.format(of: Array(text.utf8), name: Array("x.sgm".utf8))
        #expect((format?.name == "reuters-sgml") == isArchive)
    }

    @Test func `every cut of an archive gives the records before it`() throws {
        let first = Self.doctype + Self.record(1)
        let text = first + Self.record(2)
        for count in 0...text.utf8.count {
            let bytes = Array(text.utf8.prefix(count))
            let reading = try Reading(of: ReutersFormat().open(HeldBytes(bytes), .sample(bytes: count)))
            #expect(reading.end != nil || !reading.articles.isEmpty, "\(count)")
            #expect(reading.failed.isEmpty)
            if let end = reading.end { #expect(end.looksTruncated) }
            if count >= first.utf8.count { #expect(reading.articles.first?.title == "TITLE 1") }
        }
    }

    @Test(arguments: [64, 5000, 1 << 20]) func `a record above the limit fails alone, and is not held`(piece: Int)
        throws
    {
        let long = Self.record(2, String(repeating: "long line\n", count: 20_000))
        let reading = try read(Self.record(1) + long + Self.record(3), piece: piece, limit: 10_000)
        #expect(reading.articles.map(\.title) == ["TITLE 1", "TITLE 3"])
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.failed.first?.error.position == .line(10))
    }

    @Test func `a bad record fails alone with its line`() throws {
        let reading = try read(Self.record(1) + "<REUTERS NEWID=\"2\">\n<TEXT></TEXT>\n</REUTERS>\n" + Self.record(3))
        #expect(reading.articles.map(\.ingest.part) == [1, 3])
        #expect(reading.failed.map(\.error.code) == [.noArticle])
        #expect(reading.failed.first?.error.position == .line(10))
    }

    @Test func `a source that ends badly is told as it is`() throws {
        let source = PieceSource(Array((1...50).map { Self.record($0) }.joined().utf8), piece: 100, failsAt: 3000)
        let reader = ReutersFormat().open(source, .sample(bytes: 10_000))
        #expect(throws: PieceSource.Broken.self) {
            while try reader.next() != nil {}
        }
    }

    @Test(
        arguments: [
            ("u f BC-HARBOUR-GRAIN   02-26 0105", 3, "BC-HARBOUR-GRAIN", nil, 105),
            ("r z BC-BKN--Heat-Hawks 1stLd-Writethru   02-20 0500", 4, "BC-BKN--Heat-Hawks", "1stLd-Writethru", 500),
            ("F f\u{13}\u{11} am-flood 2-3", 1, "am-flood", nil, nil), ("x q bc-x y z", nil, "bc-x", "y z", nil),
        ] as [(String, Int?, String, String?, Int?)]) func `a header of ANPA says how urgent and what it is about`(
            line: String, urgency: Int?, slugline: String, take: String?, words: Int?
        )
    {
        let header = ANPAHeader(["\u{16}\u{16}\u{1}f0704\u{1f}reute", line])
        #expect(header.number == "f0704" && header.selector == "reute" && header.isComplete)
        #expect(header.urgency == urgency && header.slugline == slugline)
        #expect(header.take == take && header.words == words)
    }

    @Test(arguments: ["", "f0704", "uf BC-X", "1 2 BC-X", "u", "\u{1}"]) func `what is no header of ANPA is none`(
        line: String
    ) {
        #expect(!ANPAHeader([line]).isComplete)
    }
}
