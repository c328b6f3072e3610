/// A set of 64-bit hashes in one flat array, for lookups on hot paths.
///
/// The standard `Set` hashes its elements once more (SipHash); these already are hashes.
package struct HashSet64: Sendable {
    private var slots: [UInt64]
    private var mask: Int
    private var holdsZero = false
    /// The number of elements.
    package private(set) var count = 0

    /// Makes a set of the given hashes.
    package init(_ hashes: some Sequence<UInt64> = []) {
        slots = Array(repeating: 0, count: 16)
        mask = 15
        for hash in hashes { insert(hash) }
    }

    /// Adds a hash; true where it was not there.
    @discardableResult
    package mutating func insert(_ hash: UInt64) -> Bool {
        if hash == 0 {
            defer { holdsZero = true }
            if !holdsZero { count += 1 }
            return !holdsZero
        }
        if count * 2 >= slots.count { grow() }
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index] != 0 {
            if slots[index] == hash { return false }
            index = (index + 1) & mask
        }
        slots[index] = hash
        count += 1
        return true
    }

    /// The hash is in the set.
    package func contains(_ hash: UInt64) -> Bool {
        if hash == 0 { return holdsZero }
        var index = Int(truncatingIfNeeded: hash) & mask
        while slots[index] != 0 {
            if slots[index] == hash { return true }
            index = (index + 1) & mask
        }
        return false
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        mask = slots.count - 1
        for hash in old where hash != 0 {
            var index = Int(truncatingIfNeeded: hash) & mask
            while slots[index] != 0 { index = (index + 1) & mask }
            slots[index] = hash
        }
    }
}
