/// Finds all near-duplicate pairs of a set of texts at once, without window or state: the offline face.
package struct PairFinder {
    /// A pair by the order in which its texts were added, `first` < `second`.
    package struct Pair: Sendable, Equatable {
        package let first: Int
        package let second: Int
        package let overlap: Shingles.Overlap
    }

    private let threshold: Double
    private let containment: Double?
    private var sketcher: Sketcher
    private var index: CandidateIndex
    private var sets: [[UInt32]] = []

    /// Makes a finder.
    ///
    /// - Parameters:
    ///   - threshold: the least Jaccard similarity of a pair, over 5-word shingles of the `\w+` words.
    ///   - containment: also pairs that share that part of the shorter one's shingles; nil for none.
    package init(threshold: Double, containment: Double? = nil) {
        self.threshold = threshold
        self.containment = containment
        let banding = Banding(threshold: threshold)
        sketcher = Sketcher(banding: banding, rule: .words(5))
        index = CandidateIndex(banding: banding)
    }

    /// Adds a text and returns its pairs with the texts added before.
    package mutating func add(_ text: String) -> [Pair] {
        let sketch = sketcher.sketch(text: text)
        let shingles = sketch?.shingles ?? []
        let second = sets.count
        var pairs: [Pair] = []
        if let sketch, !shingles.isEmpty {
            for first in index.candidates(sketch, byAnchors: containment != nil) {
                let other = sets[first]
                // The shorter cannot hold more than all of itself.
                let best = Double(min(other.count, shingles.count)) / Double(max(other.count, shingles.count))
                guard best >= threshold || containment != nil else { continue }
                let overlap = Shingles.overlap(other, shingles)
                let isContained = containment.map { overlap.containment >= $0 } ?? false
                if overlap.similarity >= threshold || isContained {
                    pairs.append(Pair(first: first, second: second, overlap: overlap))
                }
            }
        }
        index.append(bandKeys: sketch?.bandKeys ?? [], anchors: containment == nil ? [] : sketch?.anchors ?? [])
        sets.append(shingles)
        return pairs
    }
}
