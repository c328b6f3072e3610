/// The vectors of a text's n-grams, added up.
struct FeatureSum {
    private var part = LanguageModel.Vector()
    private var whole = SIMD16<Float>()
    private(set) var count = 0

    /// So many vectors of numbers up to 7 can be added up in sixteen bits.
    private static let most = 4096

    @inline(__always)
    mutating func add(_ vector: LanguageModel.Vector) {
        part &+= vector
        count += 1
        if count % FeatureSum.most == 0 {
            whole += SIMD16<Float>(part)
            part = LanguageModel.Vector()
        }
    }

    var total: SIMD16<Float> { whole + SIMD16<Float>(part) }
}
