import Glibc
import LanguageDetection

/// Chooses the n-grams that tell most: by how far the languages of the sentences that have one are from those of all
/// sentences in its script (the divergence), times the number of these sentences.
enum FeatureSelection {
    /// An n-gram of fewer sentences is chance.
    private static let leastSentences: UInt32 = 3

    /// Returns the numbers of the n-grams that tell most.
    static func best(_ count: Int, of examples: [Example], languages: Int) -> [UInt32] {
        var sentences: [Script: [Double]] = [:]
        var counts: [UInt32: (script: Script, languages: [UInt16])] = [:]
        for example in examples {
            sentences[example.script, default: Array(repeating: 0, count: languages)][example.language] += 1
            for feature in Set(example.features) {
                let empty = (script: example.script, languages: [UInt16](repeating: 0, count: languages))
                counts[feature, default: empty].languages[example.language] += 1
            }
        }
        let totals = sentences.mapValues { $0.reduce(0, +) }
        let scored = counts.compactMap { feature, found -> (score: Double, feature: UInt32)? in
            let all = found.languages.reduce(UInt32(0)) { $0 + UInt32($1) }
            guard all >= leastSentences, let total = totals[found.script], let share = sentences[found.script] else {
                return nil
            }
            var divergence = 0.0
            for (language, number) in found.languages.enumerated() where number > 0 {
                let here = Double(number) / Double(all)
                divergence += here * log(here / ((share[language] + 0.5) / total))
            }
            return (Double(all) * divergence, feature)
        }
        return scored.sorted { ($0.score, $1.feature) > ($1.score, $0.feature) }.prefix(count).map(\.feature)
    }
}
