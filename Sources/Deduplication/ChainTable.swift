/// A hash table from 32-bit keys to numbers (slots), for many entries: three flat arrays, 12 to 16 bytes an entry.
///
/// It keeps the key and not what was hashed, so whoever looks up must verify what is found.
struct ChainTable {
    private var heads: [UInt32]
    private var nexts: [UInt32] = []
    private var keys: [UInt32] = []
    private var slots: [UInt32] = []
    private static let none = UInt32.max

    init() { heads = Array(repeating: Self.none, count: 64) }

    /// The number of entries.
    var count: Int { keys.count }

    /// Adds an entry.
    mutating func insert(key: UInt32, slot: UInt32) {
        if keys.count >= heads.count { grow() }
        let bucket = Int(Self.spread(key)) & (heads.count - 1)
        keys.append(key)
        slots.append(slot)
        nexts.append(heads[bucket])
        heads[bucket] = UInt32(keys.count - 1)
    }

    /// Calls `body` with the slots of a key, the last added first, until it returns false.
    @inline(__always)
    func forEach(key: UInt32, _ body: (UInt32) -> Bool) {
        var entry = heads[Int(Self.spread(key)) & (heads.count - 1)]
        while entry != Self.none {
            if keys[Int(entry)] == key, !body(slots[Int(entry)]) { return }
            entry = nexts[Int(entry)]
        }
    }

    /// Takes out all entries whose slot becomes nil and renumbers the others.
    mutating func renumber(_ newSlot: (UInt32) -> UInt32?) {
        let (oldKeys, oldSlots) = (keys, slots)
        self = ChainTable()
        for (key, slot) in zip(oldKeys, oldSlots) {
            if let slot = newSlot(slot) { insert(key: key, slot: slot) }
        }
    }

    private mutating func grow() {
        heads = Array(repeating: Self.none, count: heads.count * 2)
        for entry in keys.indices {
            let bucket = Int(Self.spread(keys[entry])) & (heads.count - 1)
            nexts[entry] = heads[bucket]
            heads[bucket] = UInt32(entry)
        }
    }

    @inline(__always)
    private static func spread(_ key: UInt32) -> UInt32 {
        // Anchors are small hashes: their high bits are zero.
        key ^ (key &* 0x9e37_79b1) >> 15
    }
}
