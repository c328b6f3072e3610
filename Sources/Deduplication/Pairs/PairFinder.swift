import TextAnalysis

/// Finds all near-duplicate pairs of a set of texts, without window or state: the offline face.
///
/// Texts are added one after the other, then ``finish(_:)`` gives the pairs. What is held of a text is a number for each of
/// its shingles, in a temporary file beyond the budget.
package struct PairFinder: ~Copyable {
    /// A pair by the order in which its texts were added, `first` < `second`.
    package struct Pair: Sendable, Equatable {
        package let first: Int
        package let second: Int
        package let overlap: Shingles.Overlap
    }

    /// The words of a shingle in the plain rule.
    package static let width = 5
    /// The memory for shingles, in bytes: half for those of all texts, half for those of texts that may be in a pair. As
    /// much again may be taken by their counters.
    package static let budget = 256 << 20

    private let plainRule: PairRule
    private var words = WordHashes()
    private var shingles: [UInt32] = []
    private var plain: ShingleStore
    // Short texts and those without spaces, which the plain rule does not compare well.
    private var special: ShingleStore
    private let budget: Int
    /// The number of texts added.
    package private(set) var count = 0

    /// Makes a finder.
    ///
    /// - Parameters:
    ///   - threshold: the least Jaccard similarity of a pair, over 5-word shingles of the `\w+` words.
    ///   - containment: also pairs by the rules of ``Deduplicator``: of which the longer one has that part of the shorter
    ///     one's shingles, and short texts and texts without spaces of that similarity; nil for none.
    ///   - budget: the most bytes of shingles that are held in memory.
    package init(threshold: Double, containment: Double? = nil, budget: Int = PairFinder.budget) {
        plainRule = PairRule(threshold: threshold, containment: containment)
        self.budget = budget
        plain = ShingleStore(budget: budget / 4)
        special = ShingleStore(budget: budget / 4)
    }

    /// Adds a text; the title counts only where the rules beyond the plain one are asked for and the text is short.
    package mutating func add(_ text: UnsafeBufferPointer<UInt8>, title: UnsafeBufferPointer<UInt8>? = nil) throws {
        words.removeAll()
        words.append(text)
        makeShingles(width: Self.width)
        if !shingles.isEmpty { try plain.append(UInt32(count), shingles) }
        if plainRule.containment != nil { try addSpecially(text, title) }
        count += 1
    }

    private mutating func addSpecially(
        _ text: UnsafeBufferPointer<UInt8>, _ title: UnsafeBufferPointer<UInt8>?
    ) throws {
        let isUnspaced = words.hasUnspaced
        guard isUnspaced || words.count < Sketcher.shortBody else { return }
        words.removeAll()
        words.append(text, unspaced: .apart)
        if words.count < Sketcher.shortBody, let title { words.append(title, unspaced: .apart) }
        let width = Sketcher.width(words.count)
        guard words.count > 0, isUnspaced || width != Self.width else { return }
        makeShingles(width: width)
        try special.append(UInt32(count), shingles)
    }

    private mutating func makeShingles(width: Int) {
        shingles.removeAll(keepingCapacity: true)
        words.withHashes { Shingles.appendHashes(words: $0, width: width, to: &shingles) }
    }

    /// Adds a text.
    package mutating func add(_ text: String, title: String? = nil) throws {
        var (text, title) = (text, title ?? "")
        try text.withUTF8 { text in try title.withUTF8 { try add(text, title: $0) } }
    }

    /// Calls `body` with the pairs of all texts, ordered by their second and then their first: those of the plain rule and
    /// containment, then those that only the rules for short texts and texts without spaces find.
    package mutating func finish(_ body: (Pair) throws -> Void) throws {
        let isWhole = plainRule.containment == nil
        var join = PairJoin(rule: plainRule, budget: budget / 2)
        var seen: Set<[Int]> = []
        try join.run(&plain) { pair in
            if !isWhole { seen.insert([pair.first, pair.second]) }
            try body(pair)
        }
        guard !isWhole else { return }
        join = PairJoin(rule: plainRule, budget: budget / 2)
        try join.run(&special) { pair in
            if !seen.contains([pair.first, pair.second]) { try body(pair) }
        }
    }
}
