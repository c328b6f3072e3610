import Archives
import Articles
import FoundationEssentials
import Formats
import Glibc
import Testing

/// How well the main text, title, date and byline of real pages are found. The pages lie beside the checkout, where there is
/// one; they are not ours to keep.
@Suite struct PageQualityTests {
    /// What a person found on a page.
    private struct Truth: Decodable {
        let file: String
        let title: String?
        let date: String?
        let author: Names?
        let with: [String]
        let without: [String]
    }

    /// One text, or several.
    private struct Names: Decodable {
        let all: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            do { all = try container.decode([String].self) } catch { all = [try container.decode(String.self)] }
        }
    }

    /// How often what was found is what was to be found.
    private struct Share: CustomStringConvertible {
        var hits = 0
        var total = 0

        mutating func count(_ isHit: Bool) {
            total += 1
            hits += isHit ? 1 : 0
        }

        var value: Double { Double(hits) / Double(max(1, total)) }
        var description: String { "\(hits) of \(total)" }
    }

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
        let truth = try JSONDecoder().decode(
            [String: Truth].self, from: Data(try #require(pages["truth.json"])))
        var segments = (right: 0, wrong: 0, missed: 0)
        var titles = Share()
        var dates = Share()
        var bylines = Share()
        var slowest = (seconds: 0.0, file: "")
        for page in truth.values {
            let bytes = try #require(pages[page.file])
            let (article, seconds) = Self.read(bytes, page.file)
            if seconds > slowest.seconds { slowest = (seconds, page.file) }
            let body = Self.fold(article?.body ?? "")
            for segment in page.with {
                if body.contains(Self.fold(segment)) { segments.right += 1 } else { segments.missed += 1 }
            }
            for segment in page.without where body.contains(Self.fold(segment)) { segments.wrong += 1 }
            if let title = page.title.map({ Self.fold($0).lowercased() }), !title.isEmpty {
                let found = Self.fold(article?.title ?? "").lowercased()
                titles.count(!found.isEmpty && (title.contains(found) || found.contains(title)))
            }
            if let date = page.date, !date.isEmpty {
                dates.count(article?.published?.description.prefix(10) == date.prefix(10))
            }
            let names = (page.author?.all ?? []).flatMap { $0.split { $0 == ";" || $0 == "," } }.map {
                Self.fold($0).lowercased()
            }.filter { !$0.isEmpty }
            if !names.isEmpty {
                let found = (article?.bylines ?? []).map(Self.fold).joined(separator: " ; ").lowercased()
                bylines.count(names.contains { found.contains($0) })
            }
        }
        let precision = Double(segments.right) / Double(max(1, segments.right + segments.wrong))
        let recall = Double(segments.right) / Double(max(1, segments.right + segments.missed))
        let balance = 2 * precision * recall / max(1e-9, precision + recall)
        print("pages \(truth.count): segments F1 \(balance), title \(titles), date \(dates), byline \(bylines)")
        #expect(balance >= 0.93)
        #expect(titles.value >= 0.93, "\(titles)")
        #expect(dates.value >= 0.88, "\(dates)")
        #expect(bylines.value >= 0.75, "\(bylines)")
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

    /// Text with each run of white space as one space, and none at its ends.
    private static func fold(_ text: some StringProtocol) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
