/// What is known of languages that share a script: for each of some thousand n-grams a vector of small numbers, and for
/// each language a vector that these are compared with. The vectors were learned together (a linear model of low rank).
package struct LanguageModel: Sendable {
    /// The numbers of an n-gram: of -7 to 7 each, so that four thousand of them can be added up.
    package typealias Vector = SIMD16<Int16>

    /// A language of the model.
    package struct Language: Sendable {
        /// The language's two-letter code.
        package var tag: String
        package var script: Script
        /// What is added to its score.
        package var bias: Float
        package var weights: SIMD16<Float>

        /// Makes a language.
        package init(tag: String, script: Script, bias: Float, weights: SIMD16<Float>) {
            self.tag = tag
            self.script = script
            self.bias = bias
            self.weights = weights
        }
    }

    /// N-grams whose sum is as good as nothing: it draws short texts to doubt.
    package static let doubt: Float = 20

    /// Ordered by script.
    package let languages: [Language]
    /// The places in ``languages`` of each script's.
    let members: [Range<Int>]
    private let keys: [UInt32]
    private let places: [UInt16]
    private let vectors: [Vector]

    private static let slotBits: UInt32 = 17
    private static let noKey = UInt32.max

    /// Makes a model.
    ///
    /// - Parameters:
    ///   - languages: ordered by script.
    ///   - features: at most half as many as there are slots.
    package init(languages: [Language], features: [(key: UInt32, vector: Vector)]) {
        self.languages = languages
        members = Script.allCases.map { script in
            let start = languages.firstIndex { $0.script == script } ?? 0
            return start..<(start + languages.count { $0.script == script })
        }
        let slots = 1 << Int(LanguageModel.slotBits)
        precondition(features.count <= slots / 2, "the model has too many n-grams")
        var keys = [UInt32](repeating: LanguageModel.noKey, count: slots)
        var places = [UInt16](repeating: 0, count: slots)
        for (place, feature) in features.enumerated() {
            var slot = LanguageModel.slot(feature.key)
            while keys[slot] != LanguageModel.noKey { slot = (slot + 1) & (slots - 1) }
            keys[slot] = feature.key
            places[slot] = UInt16(place)
        }
        self.keys = keys
        self.places = places
        vectors = features.map(\.vector)
    }

    @inline(__always)
    private static func slot(_ key: UInt32) -> Int { Int(key >> (FeatureReader.bits - slotBits)) }

    /// Adds up the vectors of a text's n-grams that are known, for each of the shared scripts.
    func sums(_ reader: inout FeatureReader, _ text: Span<UInt8>) -> [4 of FeatureSum] {
        var sums = [4 of FeatureSum](repeating: FeatureSum())
        let keys = keys.span
        let places = places.span
        let vectors = vectors.span
        let mask = keys.count - 1
        reader.read(text) { key, script in
            var slot = LanguageModel.slot(key)
            while true {
                let found = keys[slot]
                if found == LanguageModel.noKey { return }
                if found == key { break }
                slot = (slot + 1) & mask
            }
            sums[Int(script.rawValue)].add(vectors[Int(places[slot])])
        }
        return sums
    }
}
