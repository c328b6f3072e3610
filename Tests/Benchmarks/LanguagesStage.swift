import LanguageDetection
import TestSupport

/// Languages of sentences and of articles, on one core in processor time: how fast they are found against a scan of the
/// bytes, and how well where the sentences lie beside the checkout.
enum LanguagesStage: Stage {
    static let name = "languages"

    static func run(in workspace: Workspace) throws -> [Row] {
        let articles = workspace.corpus.blocks(4000, of: 4 << 10)
        let speed = Row(name, "articles of 4 KB", rounds: rounds(workspace, articles), "articles/s")
        guard LanguageSentences.areThere else {
            let sentences = articles.map { Array($0.prefix(145)) }
            return [speed, Row(name, "made up sentences", rounds: rounds(workspace, sentences), "sentences/s")]
        }
        let all = try LanguageSentences().sentences.filter { $0.purpose == .measuring }
        let rates = rounds(workspace, all.map(\.text))
        return [
            Row(name, "sentences", Row.median(rates.map(\.figure)), "sentences/s", bar: .atLeast(50_000)), speed,
            Row(
                name, "right, of sentences in twenty languages", share(all) { LanguageSentences.twenty.contains($0) },
                "",
                bar: .atLeast(0.97)),
            Row(name, "right, of sentences in all languages", share(all) { _ in true }, "", bar: .atLeast(0.95)),
        ]
    }

    private static func share(
        _ sentences: [LanguageSentences.Sentence], of languages: (String) -> Bool
    ) -> Double {
        let chosen = sentences.filter { languages($0.language) }
        let right = chosen.count { LanguageDetector.standard.detect($0.text.span)?.tag == $0.language }
        return Double(right) / Double(chosen.count)
    }

    private static func rounds(_ workspace: Workspace, _ texts: [[UInt8]]) -> [(figure: Double, baseline: Double)] {
        func rate(_ work: ([UInt8]) -> Int) -> Double {
            let began = Stopwatch.threadMicroseconds()
            let result = texts.reduce(0) { $0 &+ work($1) }
            precondition(result > 0, "nothing came of it")
            return Double(texts.count) / Double(max(1, Stopwatch.threadMicroseconds() - began)) * 1e6
        }
        func find(_ text: [UInt8]) -> Int { LanguageDetector.standard.detect(text.span) == nil ? 0 : 1 }
        _ = rate(find)
        return (0..<workspace.options.rounds).map { _ in
            (figure: rate(find), baseline: rate { $0.reduce(0) { $0 &+ Int($1) } })
        }
    }
}
