/// Finds all pairs of sets by a rule, exactly: none is missed, none is wrong but for two shingles of one hash.
///
/// Most shingles of most texts occur in no other text, so they are counted first; a text that shares too few with any
/// other is done with. Of the others those shingles are looked up that occur least often: by the prefix filter, two sets
/// that share enough share one of their first, in any order that all have in common, and the rarest first is the order
/// in which fewest are looked at in vain.
struct PairJoin: ~Copyable {
    private let rule: PairRule
    // What is kept of the texts that may be in a pair, by slot.
    private var numbers: [UInt32] = []
    private var sizes: [UInt32] = []
    private var sharedCounts: [UInt32] = []
    private var places: [ShingleStore.Place] = []
    private var sets: ShingleStore
    private var first = ChainTable()
    private var rest = ChainTable()
    // Scratch: which slots the present text has met.
    private var marks: [UInt32] = []
    private var present: UInt32 = 0
    private var met: [Int] = []
    private var byRarity: [UInt64] = []
    private var sharedCount = 0

    /// Makes a join that holds at most that many bytes of sets in memory.
    init(rule: PairRule, budget: Int) {
        self.rule = rule
        sets = ShingleStore(budget: budget)
    }

    /// Calls `body` with the pairs of all texts of a store, by the numbers they have there.
    mutating func run(_ texts: inout ShingleStore, _ body: (PairFinder.Pair) throws -> Void) throws {
        var counts = ShingleCounts(occurrences: texts.hashCount)
        try texts.forEach { _, hashes in counts.add(hashes) }
        try counts.withLookUp { count in
            try texts.forEach { number, hashes in
                guard let size = gather(hashes, count) else { return }
                try join(number, size, body)
            }
        }
    }

    /// Collects the shingles that others may have too, by rarity; returns the size of the whole set, nil where the text
    /// can be in no pair.
    private mutating func gather(_ hashes: UnsafeBufferPointer<UInt32>, _ count: (UInt32) -> UInt8) -> Int? {
        if byRarity.count < hashes.count { byRarity = Array(repeating: 0, count: max(4096, hashes.count * 2)) }
        return byRarity.withUnsafeMutableBufferPointer { byRarity in
            var shared = 0
            for hash in hashes {
                let count = count(hash)
                // Without a branch that cannot be foretold: what occurs once is written over.
                byRarity[shared] = UInt64(count) << 32 | UInt64(hash)
                shared += count == 1 ? 0 : 1
            }
            let single = hashes.count - shared
            guard rule.mayPair(single: single, shared: shared) else { return nil }
            byRarity[..<shared].sort()
            var last = -1
            for index in 0..<shared where last < 0 || byRarity[index] != byRarity[last] {
                last += 1
                byRarity[last] = byRarity[index]
            }
            sharedCount = last + 1
            return single + last + 1
        }
    }

    private mutating func join(_ number: UInt32, _ size: Int, _ body: (PairFinder.Pair) throws -> Void) throws {
        // Those that occur once come first in the common order, and need not be looked up.
        let prefix = min(sharedCount, max(0, rule.prefix(of: size) - (size - sharedCount)))
        let isContaining = rule.containment != nil
        guard prefix > 0 || isContaining && sharedCount > 0 else { return }
        meet(prefix, isContaining)
        let shared = RadixSort.sorted(byRarity[..<sharedCount].map { UInt32(truncatingIfNeeded: $0) })
        for slot in met {
            let otherSize = Int(sizes[slot])
            let least = rule.leastShared(size, otherSize)
            guard min(shared.count, Int(sharedCounts[slot])) >= least else { continue }
            let common = try sets.withHashes(at: places[slot], count: Int(sharedCounts[slot])) { other in
                shared.withUnsafeBufferPointer { Shingles.sharedCount($0, other) }
            }
            guard common >= least else { continue }
            let overlap = Shingles.Overlap(shared: common, size, otherSize)
            guard rule.accepts(overlap, smaller: min(size, otherSize)) else { continue }
            try body(PairFinder.Pair(first: Int(numbers[slot]), second: Int(number), overlap: overlap))
        }
        try insert(number, size, shared, prefix, isContaining)
    }

    /// Fills ``met`` with the slots that share a shingle that decides, in ascending order.
    private mutating func meet(_ prefix: Int, _ isContaining: Bool) {
        present &+= 1
        met.removeAll(keepingCapacity: true)
        let (present, first, rest) = (present, first, rest)
        marks.withUnsafeMutableBufferPointer { marks in
            for index in 0..<(isContaining ? sharedCount : prefix) {
                let hash = UInt32(truncatingIfNeeded: byRarity[index])
                func mark(_ slot: UInt32) -> Bool {
                    if marks[Int(slot)] != present {
                        marks[Int(slot)] = present
                        met.append(Int(slot))
                    }
                    return true
                }
                first.forEach(key: hash, mark)
                if isContaining, index < prefix { rest.forEach(key: hash, mark) }
            }
        }
        met.sort()
    }

    private mutating func insert(
        _ number: UInt32, _ size: Int, _ shared: [UInt32], _ prefix: Int, _ isContaining: Bool
    ) throws {
        let slot = UInt32(numbers.count)
        for index in 0..<(isContaining ? sharedCount : prefix) {
            let hash = UInt32(truncatingIfNeeded: byRarity[index])
            if index < prefix { first.insert(key: hash, slot: slot) } else { rest.insert(key: hash, slot: slot) }
        }
        numbers.append(number)
        sizes.append(UInt32(size))
        sharedCounts.append(UInt32(shared.count))
        places.append(try sets.append(number, shared))
        marks.append(0)
    }
}
