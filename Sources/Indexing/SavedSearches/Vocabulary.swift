/// The tokens that some saved search looks for, each with a number; and the beginnings of tokens, likewise.
struct Vocabulary {
    /// A token's place. Half a hash is kept, and the beginning of the token beside it: a short one is compared where it is
    /// found, without another look into memory.
    private struct Entry {
        var hash: UInt32
        var number: UInt32
        var head: UInt64
    }

    /// Tokens of so many bytes are their own head.
    private static let longestHead = 7

    private static let free = UInt32.max

    /// All tokens, one behind the other, and where each ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var slots: [Entry] = []
    /// A bit for each token, by its hash: most words of an article are nobody's, and are known for that without a look into
    /// the table. Four times as many bits as slots.
    private var filter = BitSet()

    /// How many there are: numbers are below it.
    var count: Int { ends.count }

    /// Returns the number of a token, which gets one where it has none.
    mutating func insert(_ token: [UInt8]) -> UInt32 {
        if let known = number(of: token.span) { return known }
        if 2 * (count + 1) > slots.count { grow() }
        let number = UInt32(count)
        bytes += token
        ends.append(bytes.count)
        place(Entry(hash: Vocabulary.hash(token.span), number: number, head: Vocabulary.head(token.span)))
        return number
    }

    /// Returns the number of a token; nil where nobody looks for it.
    func number(of token: Span<UInt8>) -> UInt32? {
        guard !slots.isEmpty else { return nil }
        let hash = Vocabulary.hash(token)
        guard filter.contains(bit(of: hash)) else { return nil }
        let head = Vocabulary.head(token)
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot].number != Vocabulary.free {
            // Articles come from outside: a hash alone could be met on purpose.
            if slots[slot].hash == hash, slots[slot].head == head,
                token.count <= Vocabulary.longestHead || isToken(slots[slot].number, token)
            {
                return slots[slot].number
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// The length of a token in bytes, as a measure of how rare it is.
    func length(_ number: UInt32) -> Int { ends[Int(number)] - start(number) }

    private func start(_ number: UInt32) -> Int { number == 0 ? 0 : ends[Int(number) - 1] }

    private func isToken(_ number: UInt32, _ token: Span<UInt8>) -> Bool {
        let start = start(number)
        guard ends[Int(number)] - start == token.count else { return false }
        for index in 0..<token.count where bytes[start + index] != token[index] { return false }
        return true
    }

    /// The first seven bytes, and whether there are more: no two tokens that are not longer have the same.
    private static func head(_ token: Span<UInt8>) -> UInt64 {
        var head: UInt64 = token.count > longestHead ? 1 : 0
        for index in 0..<min(token.count, longestHead) { head = head << 8 | UInt64(token[index]) }
        return head
    }

    private static func hash(_ token: Span<UInt8>) -> UInt32 {
        let hash = FNV.hash(token)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    private mutating func grow() {
        let entries = slots.filter { $0.number != Vocabulary.free }
        slots = Array(
            repeating: Entry(hash: 0, number: Vocabulary.free, head: 0), count: max(64, slots.count * 2))
        filter = BitSet(capacity: slots.count * 4)
        for entry in entries { place(entry) }
    }

    private mutating func place(_ entry: Entry) {
        var slot = Int(entry.hash) & (slots.count - 1)
        while slots[slot].number != Vocabulary.free { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry
        filter.insert(bit(of: entry.hash))
    }

    /// The place of a hash in ``filter``: it depends on other bits than its slot.
    private func bit(of hash: UInt32) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9e37_79b1) >> 7) & (filter.capacity - 1)
    }
}
