import LanguageDetection
import TestSupport

/// A sentence to learn from: the n-grams of its words in the script that most of it is written in.
struct Example {
    /// The place of its language among those that are learned.
    var language: Int
    var script: Script
    /// The numbers of the n-grams of all words, one after another.
    var features: [UInt32]
    /// Where the features of each word end.
    var ends: [Int]

    /// Reads a sentence; nil where its script is shared by no languages.
    init?(_ sentence: LanguageSentences.Sentence, language: Int) {
        var words: [(script: Script, features: [UInt32])] = []
        for word in sentence.text.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }) {
            var reader = FeatureReader()
            reader.read(Array(word).span) { feature, script in
                if words.isEmpty || words[words.count - 1].script != script { words.append((script, [])) }
                words[words.count - 1].features.append(feature)
            }
            words.append((.other, []))
        }
        words.removeAll(where: \.features.isEmpty)
        let amounts = Dictionary(grouping: words, by: \.script).mapValues { $0.reduce(0) { $0 + $1.features.count } }
        guard let script = amounts.max(by: { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) })?.key else {
            return nil
        }
        self.language = language
        self.script = script
        features = []
        ends = []
        for word in words where word.script == script {
            features += word.features
            ends.append(features.count)
        }
    }
}
