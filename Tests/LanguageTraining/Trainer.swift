import Glibc
import LanguageDetection
import TestSupport

/// Learns the vectors of n-grams and languages together: the score of a language is the product of its vector with the mean
/// of a text's n-grams, and the likelihood of the true language (softmax over those of the script) is raised sentence by
/// sentence, with steps that shrink as a vector has moved (AdaGrad).
struct Trainer {
    typealias Vector = SIMD16<Float>

    private static let rounds = 12
    private static let firstStep: Float = 0.3

    private let languages: [(tag: String, script: Script)]
    private let members: [Script: [Int]]
    private let keys: [UInt32]
    private var vectors: [Vector]
    private var moved: [Float]
    private var weights: [Vector]
    private var weightMoved: [Float]
    private var random = SeededGenerator(seed: 1)

    /// Makes a trainer of languages for some n-grams.
    init(_ languages: [(tag: String, script: Script)], keys: [UInt32]) {
        self.languages = languages
        members = Dictionary(grouping: languages.indices) { languages[$0].script }
        self.keys = keys
        var random = SeededGenerator(seed: 2)
        vectors = keys.map { _ in
            var vector = Vector()
            for index in 0..<16 { vector[index] = Float.random(in: -1...1, using: &random) / 16 }
            return vector
        }
        moved = Array(repeating: 0, count: keys.count)
        weights = Array(repeating: Vector(), count: languages.count)
        weightMoved = Array(repeating: 0, count: languages.count)
    }

    /// Learns from examples.
    mutating func learn(from examples: [Example], progress: (Int, Double) -> Void) {
        let places = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, UInt32($0)) })
        var examples = examples.map { example in
            var known = example
            known.features = []
            known.ends = []
            var start = 0
            for end in example.ends {
                known.features += example.features[start..<end].compactMap { places[$0] }
                known.ends.append(known.features.count)
                start = end
            }
            return known
        }
        var done = 0
        for round in 0..<Trainer.rounds {
            examples.shuffle(using: &random)
            var loss = 0.0
            for example in examples {
                let step = Trainer.firstStep * (1 - Float(done) / Float(Trainer.rounds * examples.count))
                loss += learn(from: example, step)
                done += 1
            }
            progress(round, loss / Double(examples.count))
        }
    }

    /// Learns from a sentence or a part of it, since titles are shorter; returns the loss.
    private mutating func learn(from example: Example, _ step: Float) -> Double {
        let words = example.ends.count
        var part = 0..<words
        if Int.random(in: 0..<3, using: &random) > 0 {
            let count = Int.random(in: min(3, words)...words, using: &random)
            let start = Int.random(in: 0...(words - count), using: &random)
            part = start..<(start + count)
        }
        let features = example.features[
            (part.lowerBound == 0 ? 0 : example.ends[part.lowerBound - 1])..<example.ends[part.upperBound - 1]]
        guard let members = members[example.script], let own = members.firstIndex(of: example.language),
            !features.isEmpty
        else { return 0 }
        var mean = Vector()
        for feature in features { mean += vectors[Int(feature)] }
        let weight = 1 / (Float(features.count) + LanguageModel.doubt)
        mean *= weight
        var shares = members.map { (weights[$0] * mean).sum() }
        let highest = shares.max() ?? 0
        for index in shares.indices { shares[index] = expf(shares[index] - highest) }
        let total = shares.reduce(0, +)
        var change = Vector()
        for (index, language) in members.enumerated() {
            let error = (index == own ? 1 : 0) - shares[index] / total
            change += error * weights[language]
            let gradient = error * mean
            weightMoved[language] += (gradient * gradient).sum() / 16
            weights[language] += step / (weightMoved[language].squareRoot() + 1e-6) * gradient
        }
        change *= weight
        let square = (change * change).sum() / 16
        for feature in features {
            moved[Int(feature)] += square
            vectors[Int(feature)] += step / (moved[Int(feature)].squareRoot() + 1e-9) * change
        }
        return -Double(logf(max(shares[own] / total, 1e-9)))
    }

    /// Returns what was learned with the vectors of n-grams in whole numbers of -7 to 7.
    ///
    /// - Parameter bias: what is added to a language's score.
    func rounded(bias: (String) -> Float) -> (
        languages: [LanguageModel.Language], features: [(key: UInt32, vector: LanguageModel.Vector)]
    ) {
        var scale = Vector()
        for index in 0..<16 {
            // What is beyond the ninety-ninth hundredth is cut off.
            let sizes = vectors.map { abs($0[index]) }.sorted()
            scale[index] = sizes[(sizes.count - 1) * 99 / 100] / 7
        }
        let features = vectors.enumerated().map { place, vector in
            var numbers = LanguageModel.Vector()
            for index in 0..<16 { numbers[index] = Int16(min(max((vector[index] / scale[index]).rounded(), -7), 7)) }
            return (key: keys[place], vector: numbers)
        }
        let order = languages.indices.sorted {
            (languages[$0].script.rawValue, languages[$0].tag) < (languages[$1].script.rawValue, languages[$1].tag)
        }
        return (
            order.map { index in
                LanguageModel.Language(
                    tag: languages[index].tag, script: languages[index].script, bias: bias(languages[index].tag),
                    weights: weights[index] * scale)
            }, features
        )
    }
}
