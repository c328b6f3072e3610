/// A table from 32-bit keys to slots for many entries: most of them sorted, nine bytes each, and the newest in a hash table.
///
/// Sorted entries take half of the memory that chained ones take, and are made of stored ones without a random access for
/// each. It keeps the key and not what was hashed, so whoever looks up must verify what is found.
struct SlotTable {
    /// The key, spread over 32 bits, above the slot; in the order of the key's high bits, and then of arrival.
    private var sorted: [UInt64] = []
    /// Where the entries of each value of these bits begin.
    private var starts: [UInt32] = [0, 0, 0]
    private var bits = 1
    private var newest = ChainTable()

    /// So many of the newest entries, or an eighth of all, are sorted in at once.
    private static let leastNewest = 1 << 12

    /// The number of entries.
    var count: Int { sorted.count + newest.count }

    /// Adds an entry; slots never descend.
    mutating func insert(key: UInt32, slot: UInt32) {
        newest.insert(key: Self.spread(key), slot: slot)
        if newest.count >= max(Self.leastNewest, sorted.count / 8) { settle() }
    }

    /// Adds an entry that is found after ``finishLoading()``; only where nothing was inserted.
    mutating func load(key: UInt32, slot: UInt32) {
        sorted.append(UInt64(Self.spread(key)) << 32 | UInt64(slot))
    }

    /// Makes all that was loaded ready to be found.
    mutating func finishLoading() {
        bits = Self.bits(for: sorted.count)
        RadixSort.sort(&sorted, byHighest: bits)
        index()
    }

    /// Reserves memory for what will be loaded.
    mutating func reserveCapacity(_ count: Int) { sorted.reserveCapacity(count) }

    /// Calls `body` with the slots of a key, the last added first, until it returns false.
    @inline(__always)
    func forEach(key: UInt32, _ body: (UInt32) -> Bool) {
        let key = Self.spread(key)
        var goesOn = true
        newest.forEach(key: key) { slot in
            goesOn = body(slot)
            return goesOn
        }
        guard goesOn else { return }
        let bucket = Int(key >> (32 - UInt32(bits)))
        let start = Int(starts[bucket])
        var place = Int(starts[bucket + 1])
        while place > start {
            place -= 1
            let entry = sorted[place]
            if UInt32(truncatingIfNeeded: entry >> 32) == key, !body(UInt32(truncatingIfNeeded: entry)) { return }
        }
    }

    /// Takes all entries out whose slot becomes nil and renumbers the others, which keep their order.
    mutating func renumber(_ newSlot: (UInt32) -> UInt32?) {
        settle()
        // A copy, so that the memory is given back.
        sorted = sorted.compactMap { entry in
            newSlot(UInt32(truncatingIfNeeded: entry)).map { entry & ~0xffff_ffff | UInt64($0) }
        }
        index()
    }

    /// Sorts the newest entries in: from the end on and in place, where the bits that are sorted by are still enough.
    private mutating func settle() {
        var new: [UInt64] = []
        new.reserveCapacity(newest.count)
        newest.forEachEntry { new.append(UInt64($0) << 32 | UInt64($1)) }
        newest = ChainTable()
        var (left, right) = (sorted.count - 1, new.count - 1)
        sorted.reserveCapacity(sorted.count + new.count)
        sorted += new
        guard Self.bits(for: sorted.count) == bits else { return finishLoading() }
        RadixSort.sort(&new, byHighest: bits)
        let shift = UInt64(64 - bits)
        sorted.withUnsafeMutableBufferPointer { sorted in
            var place = sorted.count - 1
            while right >= 0 {
                if left >= 0, sorted[left] >> shift > new[right] >> shift {
                    sorted[place] = sorted[left]
                    left -= 1
                } else {
                    sorted[place] = new[right]
                    right -= 1
                }
                place -= 1
            }
        }
        index()
    }

    /// So many that a value of theirs has some sixteen entries.
    private static func bits(for count: Int) -> Int {
        var bits = 1
        while bits < 28, 16 << bits < count { bits += 1 }
        return bits
    }

    private mutating func index() {
        starts = []
        starts = Array(repeating: UInt32(sorted.count), count: (1 << bits) + 1)
        let shift = UInt64(64 - bits)
        var next = 0
        sorted.withUnsafeBufferPointer { sorted in
            starts.withUnsafeMutableBufferPointer { starts in
                for place in sorted.indices {
                    let bucket = Int(sorted[place] >> shift)
                    while next <= bucket {
                        starts[next] = UInt32(place)
                        next += 1
                    }
                }
            }
        }
    }

    /// Spreads keys evenly, for anchors are small hashes; different keys stay different.
    @inline(__always)
    private static func spread(_ key: UInt32) -> UInt32 { key &* 0x9e37_79b1 }
}
