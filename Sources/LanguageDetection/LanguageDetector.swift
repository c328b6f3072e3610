import Glibc

/// Finds the language of a text: by its script where that decides, else by the n-grams of its words.
///
/// It knows the languages of ``languages`` and gives the nearest of them for texts in others of the same script, mostly with
/// little confidence. It does not find where a text changes its language, and knows nothing of regions.
///
/// Of sentences that nothing was learned from (`Tests/LanguageTraining`), 97.3 % in twenty languages get theirs and 1.3 %
/// another one; the likeliest language is the right one for 98.1 %. CLD2, Debian's library for this, reaches 96.1 % on the
/// same sentences with its best effort, and 94.6 % without.
package struct LanguageDetector: Sendable {
    /// What is given only with more confidence than this is left out. Chosen by measurement, see `Tests/LanguageTraining`.
    package static let leastConfidence = 0.5
    /// Texts are read so far: beyond it nothing gets surer.
    package static let readBytes = 1024
    /// Of most texts so much is enough, and the rest is read only where there is some doubt.
    static let glanceBytes = 320
    /// The confidence at which a glance is enough.
    private static let certainty = 0.99

    /// Languages that are told apart by so little that it does not count as doubt.
    private static let families: [Set<String>] = [["bs", "hr"], ["id", "ms"], ["nb", "nn"]]

    /// The languages that are known, in alphabetical order.
    package static let languages: [String] =
        (LanguageModel.standard.languages.map(\.tag) + Script.allCases.compactMap(\.language)).sorted()

    private let model: LanguageModel
    private let families: [[Int]]

    /// The detector.
    package static let standard = LanguageDetector(model: .standard)

    /// Makes a detector of a model; the trainer asks for others than the standard one.
    package init(model: LanguageModel) {
        self.model = model
        families = model.languages.map { language in
            let family = LanguageDetector.families.first { $0.contains(language.tag) } ?? [language.tag]
            return model.languages.indices.filter { family.contains(model.languages[$0].tag) }
        }
    }

    /// Returns the language of a text in UTF-8; nil where there is none, or too much doubt.
    package func detect(_ text: Span<UInt8>) -> DetectedLanguage? {
        guess(text).flatMap { isConvincing($0) ? $0 : nil }
    }

    /// Whether a guess is sure enough to be given.
    package func isConvincing(_ guess: DetectedLanguage, least: Double = leastConfidence) -> Bool {
        guess.familyConfidence >= least
    }

    /// Returns the likeliest language of a text, whatever the doubt; nil where it has no letters.
    package func guess(_ text: Span<UInt8>) -> DetectedLanguage? {
        if text.count > LanguageDetector.glanceBytes,
            let guess = guess(all: text.extracting(first: LanguageDetector.glanceBytes)),
            guess.familyConfidence >= LanguageDetector.certainty
        {
            return guess
        }
        return guess(all: text.extracting(first: LanguageDetector.readBytes))
    }

    private func guess(all text: Span<UInt8>) -> DetectedLanguage? {
        var reader = FeatureReader()
        let sums = model.sums(&reader, text)
        guard let (script, share) = script(reader.bytes) else { return nil }
        let letters = Double(reader.letters[Int(script.rawValue)])
        // Names in other scripts are no doubt, as long as the rest is the most.
        let weight = min(1, 2 * share)
        if script.isShared {
            // An abbreviation is no word.
            return language(of: script, sums[Int(script.rawValue)], weight: weight * letters / (letters + 3))
        }
        guard let tag = script.language else { return nil }
        // One letter is a sign as often as a word; and a few of Han may be Japanese without kana.
        let confidence = weight * letters / (letters + (script == .han ? 4 : 1.5))
        return DetectedLanguage(tag: tag, confidence: confidence, familyConfidence: confidence)
    }

    /// Returns the script that most is written in, and its share.
    private func script(_ bytes: [32 of Int]) -> (Script, share: Double)? {
        var bytes = bytes
        let han = bytes[Int(Script.han.rawValue)]
        // Japanese is written with Han and kana. A Chinese text has a kana now and then, in names.
        if bytes[Int(Script.kana.rawValue)] * 20 > han {
            bytes[Int(Script.kana.rawValue)] += han
            bytes[Int(Script.han.rawValue)] = 0
        }
        let all = bytes.indices.reduce(0) { $0 + bytes[$1] }
        guard all > 0, let most = bytes.indices.max(by: { bytes[$0] < bytes[$1] }) else { return nil }
        return Script(rawValue: UInt8(most)).map { ($0, Double(bytes[most]) / Double(all)) }
    }

    /// Returns the likeliest language of a shared script.
    private func language(of script: Script, _ sum: FeatureSum, weight: Double) -> DetectedLanguage? {
        let members = model.members[Int(script.rawValue)]
        guard !members.isEmpty else { return nil }
        let mean = sum.total / (Float(sum.count) + LanguageModel.doubt)
        var scores = members.map { (model.languages[$0].weights * mean).sum() + model.languages[$0].bias }
        guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
        let highest = scores[best]
        for index in scores.indices { scores[index] = expf(scores[index] - highest) }
        let total = Double(scores.reduce(0, +))
        let family = families[members.lowerBound + best].reduce(0.0) { $0 + Double(scores[$1 - members.lowerBound]) }
        return DetectedLanguage(
            tag: model.languages[members.lowerBound + best].tag,
            confidence: Double(scores[best]) / total * weight, familyConfidence: family / total * weight)
    }
}
