import Articles
import Formats
import Glibc
import Linux
import TestSupport

/// Archives of crawls to articles, on one core in processor time, against the same pages as files of their own: what the
/// archive itself costs, plain, and compressed record by record as crawlers write it.
enum WARCStage: Stage {
    static let name = "warc"

    static func run(in workspace: Workspace) throws -> [Row] {
        let source = try BenchmarkPages(workspace)
        defer { source.remove(from: workspace) }
        let pages = source.pages
        let records = pages.enumerated().map { record($1.bytes, number: $0) }
        let plain = records.flatMap { $0 }
        let compressed = records.flatMap { SampleGzip.compress($0, level: 6) }
        func rounds(_ archive: [UInt8], _ file: String) throws -> [(figure: Double, baseline: Double)] {
            _ = try read(archive, name: file)
            return try (0..<workspace.options.rounds).map { _ in
                (figure: try read(archive, name: file), baseline: HTMLStage.read(pages))
            }
        }
        let kilobytes = plain.count / pages.count / 1000
        return [
            Row(
                name, "\(pages.count) records of \(kilobytes) KB, bare: pages", rounds: try rounds(plain, "a.warc"),
                "records/s", bar: .atLeast(0.9)),
            Row(
                name, "the same, gzip by record, bare: pages", rounds: try rounds(compressed, "a.warc.gz"), "records/s"),
        ]
    }

    /// Records a second of processor time.
    private static func read(_ archive: [UInt8], name: String) throws -> Double {
        let context = FormatContext(
            source: "bench", language: "und", path: name, sha256: "", bytes: archive.count,
            received: Timestamp(milliseconds: Clocks.wallMilliseconds()), maximumArticleBytes: 64 << 20)
        let began = Stopwatch.threadMicroseconds()
        let reader = FileParser().open(archive, name: Array(name.utf8), context)
        var parts = 0
        while try reader.next() != nil { parts += 1 }
        precondition(parts > 0, "nothing came of the archive")
        return Double(parts) / Double(Stopwatch.threadMicroseconds() - began) * 1e6
    }

    /// A page as a crawler keeps it (ISO 28500), with the header of the answer that it came in.
    private static func record(_ page: [UInt8], number: Int) -> [UInt8] {
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: \(page.count)\r\n\r\n"
        let header = """
            WARC/1.0\r
            WARC-Type: response\r
            WARC-Target-URI: https://news.example/\(number)\r
            WARC-Date: 2025-02-26T03:27:00Z\r
            WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-\(String(100_000_000_000 + number))>\r
            Content-Type: application/http; msgtype=response\r
            Content-Length: \(answer.utf8.count + page.count)\r
            \r

            """
        return Array(header.utf8) + Array(answer.utf8) + page + Array("\r\n\r\n".utf8)
    }
}
