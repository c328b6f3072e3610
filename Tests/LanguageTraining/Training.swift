import LanguageDetection
import TestSupport

/// Learns and writes the table.
enum Training {
    /// Languages that much news is written in: one of them is taken to be so many times as likely as another language, as
    /// the exponential function of the bias says. And their close relatives, so that these are not drowned.
    private static let common: Set<String> = [
        "ar", "az", "be", "bg", "bs", "cs", "da", "de", "en", "es", "et", "fa", "fi", "fr", "hi", "hr", "hu", "id",
        "it",
        "lt", "lv", "mk", "mr", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk",
        "ur",
        "vi",
    ]

    /// Returns a detector with what was learned.
    static func run(
        _ sentences: [LanguageSentences.Sentence], features: Int, bias: Float, output: String
    ) throws -> LanguageDetector {
        let tags = Set(sentences.map(\.language)).sorted()
        let places = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, $0) })
        var examples = sentences.compactMap { Example($0, language: places[$0.language] ?? 0) }
        // A language is of the script that most of its sentences are in; what of it is in others is quoted.
        let scripts = Dictionary(grouping: examples, by: \.language).mapValues { examples in
            Dictionary(grouping: examples, by: \.script).max { $0.value.count < $1.value.count }?.key ?? .other
        }
        examples.removeAll { scripts[$0.language] != $0.script }
        let counts = Dictionary(grouping: sentences, by: \.language).mapValues(\.count)
        let languages = tags.enumerated().map { place, tag in
            // Where n-grams were found in few sentences the script decides.
            let own = examples.count { $0.language == place }
            return (tag: tag, script: 2 * own > counts[tag] ?? 0 ? scripts[place] ?? .other : .other)
        }
        examples.removeAll { languages[$0.language].script == .other }
        let keys = FeatureSelection.best(features, of: examples, languages: tags.count)
        print("\(examples.count) sentences, \(keys.count) n-grams")
        var trainer = Trainer(languages, keys: keys)
        trainer.learn(from: examples) { print("round \($0): loss \(rounded($1))") }
        let learned = trainer.rounded { common.contains($0) ? bias : 0 }
        let shared = learned.languages.filter { $0.script.isShared }
        try TableFile.write(
            LanguageModel.encoded(languages: shared, features: learned.features), languages: shared.count,
            features: learned.features.count, to: output)
        return LanguageDetector(model: LanguageModel(languages: shared, features: learned.features))
    }
}
