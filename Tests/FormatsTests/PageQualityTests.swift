import Archives
import Articles
import FoundationEssentials
import Formats
import Glibc
import TestSupport
import Testing

/// How well the main text, title, date and byline of real pages are found. The pages lie beside the checkout, where there is
/// one; they are not ours to keep.
@Suite struct PageQualityTests {
    private static let archive = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/html/pages.tar.xz").path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: archive), "the pages lie beside the checkout"))
    func `real pages are read as a person reads them`() throws {
        var pages: [String: [UInt8]] = [:]
        let reader = try ArchiveReader(
            .tar, Decompressor(.xz, PieceSource(Array(Data(contentsOf: URL(filePath: Self.archive))), piece: 1 << 20)))
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            var bytes: [UInt8] = []
            while case let piece = try reader.read(upTo: 1 << 20), !piece.isEmpty { bytes += piece }
            pages[String(decoding: entry.path, as: UTF8.self).split(separator: "/").last.map(String.init) ?? ""] = bytes
        }
        var score = PageScore()
        var slowest = (seconds: 0.0, file: "")
        for page in try PageScore.Truth.read(try #require(pages["truth.json"])) {
            let (article, seconds) = Self.read(try #require(pages[page.file]), page.file)
            if seconds > slowest.seconds { slowest = (seconds, page.file) }
            score.count(article, page)
        }
        #expect(score.segments >= 0.93)
        #expect(score.titles.value >= 0.95, "\(score.titles)")
        #expect(score.dates.value >= 0.9, "\(score.dates)")
        #expect(score.bylines.value >= 0.75, "\(score.bylines)")
        #expect(slowest.seconds < 1, "\(slowest.file)")
    }

    private static func read(_ bytes: [UInt8], _ name: String) -> (Article?, Double) {
        var start = timespec()
        var end = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        let file = try? FormatRegistry.standard.parse(
            bytes, name: Array(name.utf8), .sample(bytes: bytes.count, limit: 64 << 20))
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        return (
            file?.articles.first, Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        )
    }
}
