/// When two sets of shingles are a pair, and how few shingles they must share for it.
struct PairRule {
    /// The least Jaccard similarity.
    let threshold: Double
    /// The least part of the smaller set that the larger one has too; nil where it does not matter.
    let containment: Double?
    /// The smallest set whose containment counts.
    var leastContainedSize = Deduplicator.leastContainedSize

    /// Keeps a product that is a whole number but for rounding from being rounded up.
    private static let slack = 1e-9

    private static func ceiling(_ value: Double) -> Int { Int((value - slack).rounded(.up)) }

    /// Whether two sets that share so many shingles are a pair.
    func accepts(_ overlap: Shingles.Overlap, smaller: Int) -> Bool {
        if overlap.similarity >= threshold { return true }
        guard let containment, smaller >= leastContainedSize else { return false }
        return overlap.containment >= containment
    }

    /// The fewest shingles that two sets of these sizes share in a pair.
    func leastShared(_ left: Int, _ right: Int) -> Int {
        let bySimilarity = Self.ceiling(threshold / (1 + threshold) * Double(left + right))
        guard let containment, min(left, right) >= leastContainedSize else { return max(1, bySimilarity) }
        return max(1, min(bySimilarity, Self.ceiling(containment * Double(min(left, right)))))
    }

    /// Of a set's shingles in an order that all sets have in common, how many of the first must be looked at: two sets that
    /// are a pair by similarity share one of theirs, and the smaller of a pair by containment shares one of its own.
    func prefix(of size: Int) -> Int {
        var least = Self.ceiling(threshold * Double(size))
        if let containment, size >= leastContainedSize { least = min(least, Self.ceiling(containment * Double(size))) }
        return size - max(1, least) + 1
    }

    /// Whether a text may be in a pair of which `single` shingles are in no other text, and at most `shared` are.
    func mayPair(single: Int, shared: Int) -> Bool {
        if Double(shared) * (1 - threshold) + Self.slack >= threshold * Double(single), shared > 0 { return true }
        guard let containment else { return false }
        return shared >= max(1, Self.ceiling(containment * Double(leastContainedSize)))
    }
}
