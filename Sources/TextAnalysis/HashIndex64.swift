/// Numbers 64-bit hashes in the order of their first appearance, in one flat array that is reused from text to text.
package struct HashIndex64: Sendable {
    private var keys: [UInt64] = Array(repeating: 0, count: 1024)
    private var numbers: [Int32] = Array(repeating: -1, count: 1024)
    private var used: [Int32] = []

    package init() {}

    /// The number of different hashes.
    package var count: Int { used.count }

    /// Returns the hash's number, a new one where it has none.
    package mutating func number(_ hash: UInt64) -> Int {
        if used.count * 2 >= keys.count { grow() }
        var slot = Int(truncatingIfNeeded: hash) & (keys.count - 1)
        while numbers[slot] >= 0 {
            if keys[slot] == hash { return Int(numbers[slot]) }
            slot = (slot + 1) & (keys.count - 1)
        }
        keys[slot] = hash
        numbers[slot] = Int32(used.count)
        used.append(Int32(slot))
        return used.count - 1
    }

    /// Returns the hash's number, nil where it has none.
    package func existing(_ hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & (keys.count - 1)
        while numbers[slot] >= 0 {
            if keys[slot] == hash { return Int(numbers[slot]) }
            slot = (slot + 1) & (keys.count - 1)
        }
        return nil
    }

    /// Takes all hashes out, in the time of their number.
    package mutating func removeAll() {
        for slot in used { numbers[Int(slot)] = -1 }
        used.removeAll(keepingCapacity: true)
    }

    private mutating func grow() {
        let hashes = used.map { keys[Int($0)] }
        keys = Array(repeating: 0, count: keys.count * 2)
        numbers = Array(repeating: -1, count: keys.count)
        used.removeAll(keepingCapacity: true)
        for hash in hashes { _ = number(hash) }
    }
}
