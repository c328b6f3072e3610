import Articles
import Hashing
import TextAnalysis

/// Makes sketches of articles. It reuses its buffers and so has one owner.
///
/// Five words make a shingle, three in short texts; in scripts without spaces single characters stand for words.
struct Sketcher {
    private let hasher: MinHasher
    private var words = WordHashes()

    /// The title counts where the body has fewer words.
    static let shortBody = 20

    /// The words of a shingle in a text of so many: a text of one or two words is one shingle.
    static func width(_ words: Int) -> Int { words >= 16 ? 5 : min(3, words) }

    /// Makes a sketcher.
    init(banding: Banding) { hasher = MinHasher(banding: banding) }

    /// Returns the sketch of an article, nil where it has no words.
    ///
    /// Compared is the body. Headlines are rewritten more often than bodies, so the title counts only where the body is
    /// shorter than ``shortBody`` words and would say little by itself; the abstract where both are missing. The
    /// fingerprint is that of the body as it is, boilerplate and all.
    mutating func sketch(_ article: Article, _ text: ComparedText) -> Sketch? {
        fill(article, text.whole ?? text.body)
        guard words.count > 0 else { return nil }
        let fingerprint = words.withHashes {
            let bytes = UnsafeRawBufferPointer($0)
            return Sketch.Fingerprint(high: XXHash.hash64(bytes, seed: 1), low: XXHash.hash64(bytes, seed: 2))
        }
        if text.whole != nil { fill(article, text.body) }
        let width = Self.width(words.count)
        let shingles = words.withHashes { Shingles.make(words: $0, width: width) }
        return Sketch(
            fingerprint: fingerprint, shingles: shingles, width: width,
            bandKeys: shingles.isEmpty ? [] : hasher.keys(of: shingles))
    }

    private mutating func fill(_ article: Article, _ body: [UInt8]) {
        words.removeAll()
        body.withUnsafeBufferPointer { words.append($0, unspaced: .apart) }
        if words.count < Self.shortBody, var title = article.title {
            title.withUTF8 { words.append($0, unspaced: .apart) }
        }
        if words.count == 0, var abstract = article.abstract {
            abstract.withUTF8 { words.append($0, unspaced: .apart) }
        }
    }
}
