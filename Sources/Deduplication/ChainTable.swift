/// A hash table from 32-bit keys to numbers (slots), for many entries: flat arrays, 16 to 20 bytes an entry.
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

    /// Calls `body` with each entry in the order in which they were added.
    func forEachEntry(_ body: (_ key: UInt32, _ slot: UInt32) -> Void) {
        for (key, slot) in zip(keys, slots) { body(key, slot) }
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
        let mixed = key &* 0x9e37_79b1
        return mixed ^ mixed >> 15
    }
}
