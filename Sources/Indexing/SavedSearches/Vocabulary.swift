/// The tokens that some saved search looks for, each with a number; and the beginnings of tokens, likewise.
struct Vocabulary {
    private struct Entry {
        var hash: UInt64
        var number: UInt32
    }

    private static let free = UInt32.max

    private var bytes: [[UInt8]] = []
    private var slots: [Entry] = []

    /// How many there are: numbers are below it.
    var count: Int { bytes.count }

    /// Returns the number of a token, which gets one where it has none.
    mutating func insert(_ token: [UInt8]) -> UInt32 {
        if let known = number(of: token.span) { return known }
        if 2 * (bytes.count + 1) > slots.count { grow() }
        let number = UInt32(bytes.count)
        bytes.append(token)
        place(Entry(hash: FNV.hash(token.span), number: number))
        return number
    }

    /// Returns the number of a token; nil where nobody looks for it.
    func number(of token: Span<UInt8>) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        let hash = FNV.hash(token)
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while slots[slot].number != Vocabulary.free {
            // Articles come from outside: a hash alone could be met on purpose.
            if slots[slot].hash == hash, isEqual(bytes[Int(slots[slot].number)], token) { return slots[slot].number }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The length of a token in bytes, as a measure of how rare it is.
    func length(_ number: UInt32) -> Int { bytes[Int(number)].count }

    private func isEqual(_ known: [UInt8], _ token: Span<UInt8>) -> Bool {
        guard known.count == token.count else { return false }
        for index in 0..<token.count where known[index] != token[index] { return false }
        return true
    }

    private mutating func grow() {
        let entries = slots.filter { $0.number != Vocabulary.free }
        slots = Array(repeating: Entry(hash: 0, number: Vocabulary.free), count: max(64, slots.count * 2))
        for entry in entries { place(entry) }
    }

    private mutating func place(_ entry: Entry) {
        var slot = Int(truncatingIfNeeded: entry.hash ^ entry.hash >> 32) & (slots.count - 1)
        while slots[slot].number != Vocabulary.free { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
    }
}
