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
    private var words = WordHashes()

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
        words.removeAll()
        var text = text
        let unspaced: Words.UnspacedScripts = if case .words = rule { .together } else { .apart }
        text.withUTF8 { words.append($0, unspaced: unspaced) }
        return sketchOfWords()
    }

    static let shortBody = 20

    /// The words of a shingle in a text of so many: a text of one or two words is one shingle.
    static func width(_ words: Int) -> Int { words >= 16 ? 5 : min(3, words) }

    private func sketchOfWords() -> Sketch? {
        guard words.count > 0 else { return nil }
        let fingerprint = words.withHashes {
            let bytes = UnsafeRawBufferPointer($0)
            return Sketch.Fingerprint(high: XXHash.hash64(bytes, seed: 1), low: XXHash.hash64(bytes, seed: 2))
        }
        let width =
            switch rule {
            case .words(let count): count
            case .adaptive: Self.width(words.count)
            }
        let shingles = words.withHashes { Shingles.make(words: $0, width: width) }
        return Sketch(
            fingerprint: fingerprint, shingles: shingles, bandKeys: shingles.isEmpty ? [] : hasher.keys(of: shingles))
    }
}
