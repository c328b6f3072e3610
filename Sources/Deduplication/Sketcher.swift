package import Articles
import Hashing
import TextAnalysis

/// Makes sketches of texts. It reuses its buffers and so has one owner.
package struct Sketcher {
    /// Which words make a shingle.
    package enum Rule: Sendable {
        /// Five words, three in short texts; single characters stand for words in scripts without spaces.
        case adaptive
        /// Always that many words, as `\w+` finds them: the plain rule of exact measurements.
        case words(Int)
    }

    private let hasher: MinHasher
    private let rule: Rule
    private var words = Words()

    /// Makes a sketcher.
    package init(banding: Banding, rule: Rule = .adaptive) {
        hasher = MinHasher(banding: banding)
        self.rule = rule
    }

    /// Returns the sketch of an article, nil where it has no words.
    ///
    /// Compared is the body. Headlines are rewritten more often than bodies, so the title counts only where the body is
    /// shorter than ``shortBody`` words and would say little by itself; the abstract where both are missing.
    package mutating func sketch(_ article: Article) -> Sketch? {
        words.removeAll()
        if var body = article.body { body.withUTF8 { words.append($0, unspaced: .apart) } }
        if words.count < Self.shortBody, var title = article.title {
            title.withUTF8 { words.append($0, unspaced: .apart) }
        }
        if words.count == 0, var abstract = article.abstract {
            abstract.withUTF8 { words.append($0, unspaced: .apart) }
        }
        return sketchOfWords()
    }

    /// Returns the sketch of a text, nil where it has no words.
    package mutating func sketch(text: String) -> Sketch? {
        if case .words = rule { words.scan(text) } else { words.scan(text, unspaced: .apart) }
        return sketchOfWords()
    }

    static let shortBody = 20

    private func sketchOfWords() -> Sketch? {
        guard words.count > 0 else { return nil }
        let fingerprint = words.hashes.withUnsafeBytes {
            Sketch.Fingerprint(high: XXHash.hash64($0, seed: 1), low: XXHash.hash64($0, seed: 2))
        }
        let width =
            switch rule {
            case .words(let count): count
            // A text of one or two words is one shingle.
            case .adaptive: words.count >= 16 ? 5 : min(3, words.count)
            }
        let shingles = Shingles.make(words: words.hashes, width: width)
        return Sketch(
            fingerprint: fingerprint, shingles: shingles, bandKeys: shingles.isEmpty ? [] : hasher.keys(of: shingles))
    }
}
