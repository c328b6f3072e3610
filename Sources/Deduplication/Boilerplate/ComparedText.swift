import Articles
import Hashing

/// The body of an article without its source's boilerplate: what it is compared by.
struct ComparedText {
    /// The body's UTF-8, without the lines that stand at the edges of other articles of the source too; with them where
    /// nothing else is in it.
    private(set) var body: [UInt8]
    /// The body as it is, where lines were left out.
    private(set) var whole: [UInt8]?
    /// The title's hash, 0 where there is none, then those of the lines at the edges, each once.
    let lines: [UInt32]

    /// Makes it of an article.
    init(_ article: Article, _ counts: LineCounts) {
        let text = Array((article.body ?? "").utf8)
        let title = article.title.map { UInt32(truncatingIfNeeded: XXHash.hash64(Array($0.utf8))) | 1 } ?? 0
        let (edges, hashes) = text.withUnsafeBufferPointer { buffer in
            let edges = EdgeLines(buffer)
            return (edges.ranges, edges.hashes(in: buffer, source: article.source))
        }
        var seen: Set<UInt32> = []
        lines = [title] + hashes.filter { seen.insert($0).inserted }
        body = text
        let left = zip(edges, hashes).filter { counts.isBoilerplate($1) }.map(\.0)
        guard !left.isEmpty else { return }
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var next = 0
        for range in left {
            kept += text[next..<range.lowerBound]
            next = range.upperBound
        }
        kept += text[next...]
        guard kept.contains(where: { $0 > 0x20 }) else { return }
        whole = text
        body = kept
    }

    /// Whether an article whose lines these are has another title; false where one of them has none.
    static func hasOtherTitle(_ lines: [UInt32], than other: [UInt32]) -> Bool {
        guard let own = lines.first, let other = other.first, own != 0, other != 0 else { return false }
        return own != other
    }
}
