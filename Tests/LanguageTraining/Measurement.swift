import LanguageDetection
import TestSupport

/// How well languages are found.
struct Measurement {
    /// Right, wrong and left out, by language.
    private var counts: [String: (right: Int, wrong: Int, none: Int)] = [:]
    private var confusions: [String: Int] = [:]
    /// Right and all, by tenths of confidence.
    private var tenths = [(right: Int, all: Int)](repeating: (0, 0), count: 11)

    /// Measures with sentences, or with a few words of the middle of each.
    init(_ detector: LanguageDetector, _ sentences: [LanguageSentences.Sentence], words: Int? = nil, least: Double) {
        for sentence in sentences {
            var text = sentence.text
            if let words {
                let parts = text.split(separator: 0x20)
                text = Array(parts.dropFirst(max(0, parts.count - words) / 2).prefix(words).joined(separator: [0x20]))
            }
            let found = detector.guess(text.span)
            let isRight = found?.tag == sentence.language
            if let found {
                let tenth = Int(found.confidence * 10)
                tenths[tenth].all += 1
                if isRight { tenths[tenth].right += 1 }
            }
            var count = counts[sentence.language] ?? (0, 0, 0)
            if found.map({ detector.isConvincing($0, least: least) }) != true {
                count.none += 1
            } else if isRight {
                count.right += 1
            } else {
                count.wrong += 1
                confusions["\(sentence.language)>\(found?.tag ?? "")", default: 0] += 1
            }
            counts[sentence.language] = count
        }
    }

    /// The share of sentences in some languages that are right, and of those that are wrong; the rest is left out.
    func shares(_ languages: [String]? = nil) -> (right: Double, wrong: Double) {
        let chosen = counts.filter { languages?.contains($0.key) ?? true }.values
        let all = Double(chosen.reduce(0) { $0 + $1.right + $1.wrong + $1.none })
        return (
            Double(chosen.reduce(0) { $0 + $1.right }) / all, Double(chosen.reduce(0) { $0 + $1.wrong }) / all
        )
    }

    /// One line a subject.
    var details: [String] {
        [
            "by language: "
                + counts.sorted { $0.key < $1.key }.map { tag, count in
                    "\(tag) \(Double(count.right * 1000 / (count.right + count.wrong + count.none)) / 1000)"
                }.joined(separator: ", "),
            "confused: "
                + confusions.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(30)
                .map { "\($0.key) \($0.value)" }.joined(separator: ", "),
            "by tenths of confidence, right of all: "
                + tenths.map { "\($0.right)/\($0.all)" }.joined(separator: " "),
        ]
    }
}
