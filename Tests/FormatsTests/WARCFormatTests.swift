import Articles
import Testing

@testable import Formats

@Suite struct WARCFormatTests {
    private static let page =
        "<html><head><title>The bridge is open</title></head><body><p>The bridge between the harbour and the islands is open "
        + "to everybody after two years of building.</p></body></html>"

    private static func record(_ content: String, type: String = "response", url: String = "https://e.org/1") -> String
    {
        "WARC/1.0\r\nWARC-Type: \(type)\r\nWARC-Target-URI: \(url)\r\nContent-Type: application/http\r\n"
            + "Content-Length: \(content.utf8.count)\r\n\r\n\(content)\r\n\r\n"
    }

    private static func answer(_ page: String = page, header: String = "Content-Type: text/html\r\n") -> String {
        "HTTP/1.1 200 OK\r\n\(header)\r\n\(page)"
    }

    private func read(_ text: String, piece: Int = 1000) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(of: WARCFormat().open(PieceSource(bytes, piece: piece), .sample(bytes: bytes.count)))
    }

    @Test(arguments: [1, 17, 100_000]) func `records are read in pieces of any size`(piece: Int) throws {
        let text = (1...5).map { Self.record(Self.answer(), url: "https://e.org/\($0)") }.joined()
        let reading = try read(text, piece: piece)
        #expect(reading.end == nil)
        #expect(reading.articles.map(\.uri) == (1...5).map { "https://e.org/\($0)" })
        #expect(reading.articles.map(\.ingest.part) == Array(1...5))
    }

    @Test func `every cut of an archive gives the whole records before it, and looks truncated within one`() throws {
        let one = Self.record(Self.answer())
        let text = Array((one + one).utf8)
        for count in stride(from: 1, to: text.count, by: 7) {
            let reading = try Reading(
                of: WARCFormat().open(HeldBytes(Array(text.prefix(count))), .sample(bytes: count)))
            #expect(reading.articles.count == min(1, count / (one.utf8.count - 4)), "\(count)")
            #expect(reading.end != nil || !reading.parts.isEmpty)
        }
    }

    @Test(arguments: [
        ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"), ("5;x=y\nhello\n0\n\n", "hello"), ("hello", "hello"),
        ("5\r\nhello\r\nzz", "hellozz"), ("5\r\nhel", "hel"), ("ffffffffffff\r\nx", "ffffffffffff\r\nx"), ("", ""),
    ]) func `chunks are undone, and what is none is taken as it is`(body: String, content: String) {
        let message = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)".utf8)
        #expect(HTTPResponse(message[...]).content(upTo: 1000) == Array(content.utf8))
    }

    @Test func `a page that expands beyond the limit is refused`() throws {
        let bytes = Array(Self.record(Self.answer(Self.page + String(repeating: " x", count: 50_000))).utf8)
        let reading = try Reading(of: WARCFormat().open(HeldBytes(bytes), .sample(bytes: bytes.count, limit: 10_000)))
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.end == nil)
    }

    @Test func `the header's encoding goes before the page's own`() throws {
        let page = Self.page.replacing("<title>", with: "<meta charset=utf-8><title>Größe ")
        let answer = Self.answer(page, header: "Content-Type: text/html; charset=\"ISO-8859-1\"\r\n")
        let text = Self.record(answer).replacing(
            "Content-Length: \(answer.utf8.count)", with: "Content-Length: \(answer.unicodeScalars.count)")
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        let reading = try Reading(of: WARCFormat().open(HeldBytes(bytes), .sample(bytes: bytes.count)))
        #expect(reading.articles.map(\.title) == ["Größe The bridge is open"])
        #expect(reading.articles.map(\.ingest.encoding) == ["windows-1252"])
    }

    /// What the archives of warcio have in them: articles, ignored parts, failed parts.
    private static let samples: [String: [Int]] = [
        "bad.arc": [0, 0, 3], "example-bad-non-chunked.warc.gz": [1, 1, 0], "example-bad.warc.gz.bad": [1, 1, 0],
        "example-digest.warc": [0, 1, 0], "example-iana.org-chunked.warc": [1, 0, 0],
        "example-resource.warc.gz": [1, 0, 0],
        "example-space-in-target-uri.warc.gz": [0, 1, 0], "example-space-in-url.arc": [1, 0, 0],
        "example-trunc.warc": [1, 0, 1], "example-wget-bad-target-uri.warc.gz": [1, 0, 0],
        "example-wrong-chunks.warc.gz": [1, 0, 0], "example.arc": [1, 0, 0], "example.arc.gz": [1, 0, 0],
        "example.warc": [1, 1, 0], "example.warc.gz": [1, 1, 0], "post-test.warc.gz": [0, 1, 0],
    ]

    @Test(.enabled(if: SharedSuite.isThere("warcio"), "the samples lie beside the checkout"))
    func `every intact record of warcio's samples is read`() throws {
        var hits = 0
        for (path, bytes) in try SharedSuite.files("warcio") {
            let name = String(path.split(separator: "/").last ?? "")
            guard let expected = Self.samples[name] else { continue }
            let reading = try Reading(
                of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count, limit: 1 << 20)))
            let found = [reading.articles.count, reading.ignored.count, reading.failed.count]
            #expect(found == expected && reading.end == nil, "\(name): \(found) \(reading.end.map { "\($0)" } ?? "")")
            hits += found == expected ? 1 : 0
        }
        print("warcio: \(hits) of \(Self.samples.count) archives")
        #expect(hits == Self.samples.count)
    }
}
