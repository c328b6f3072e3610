/// A set of small numbers, a bit each: what most questions are answered by stays in the processor's nearest cache.
struct BitSet {
    private var words: [UInt64]

    /// Makes an empty set of numbers below `capacity`.
    init(capacity: Int = 0) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

    /// Numbers below it can be in the set.
    var capacity: Int { words.count * 64 }

    func contains(_ number: Int) -> Bool { words[number >> 6] & 1 << UInt64(number & 63) != 0 }

    mutating func insert(_ number: Int) { words[number >> 6] |= 1 << UInt64(number & 63) }

    mutating func remove(_ number: Int) { words[number >> 6] &= ~(1 << UInt64(number & 63)) }
}
