import TestSupport
import Testing

@testable import LanguageDetection

/// How well the languages of real sentences are found that nothing was learned from. They lie beside the checkout, where
/// there is one; they are not ours to keep.
@Suite struct SentenceQualityTests {
    @Test(.enabled(if: LanguageSentences.areThere, "the sentences lie beside the checkout"))
    func `the languages of real sentences are found`() throws {
        let sentences = try LanguageSentences().sentences.filter { $0.purpose == .measuring }
        var counts: [String: (right: Int, wrong: Int, all: Int)] = [:]
        for sentence in sentences {
            let found = LanguageDetector.standard.detect(sentence.text.span)
            var count = counts[sentence.language] ?? (0, 0, 0)
            count.all += 1
            if found?.tag == sentence.language { count.right += 1 } else if found != nil { count.wrong += 1 }
            counts[sentence.language] = count
        }
        func shares(_ languages: [String]) -> (right: Double, wrong: Double) {
            let chosen = languages.compactMap { counts[$0] }
            let all = Double(chosen.reduce(0) { $0 + $1.all })
            return (Double(chosen.reduce(0) { $0 + $1.right }) / all, Double(chosen.reduce(0) { $0 + $1.wrong }) / all)
        }
        #expect(counts.count == 75)
        #expect(sentences.count > 20_000)
        let twenty = shares(LanguageSentences.twenty)
        #expect(twenty.right >= 0.97)
        #expect(twenty.wrong <= 0.02)
        let all = shares(Array(counts.keys))
        #expect(all.right >= 0.95)
        #expect(all.wrong <= 0.04)
    }
}
