import Hashing

/// The first and the last lines of a text, where an agency puts what it puts into every article.
struct EdgeLines {
    /// The lines that are looked at from the start.
    static let head = 3
    /// Those from the end.
    static let foot = 6

    /// Where the lines stand, without the white space around them, in their order.
    private(set) var ranges: [Range<Int>] = []

    /// Finds the lines of a text that are not blank: all of them where there are few.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index < text.count, ranges.count < Self.head {
            let end = text[index...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            if let range = Self.trimmed(text, index..<end) { ranges.append(range) }
            index = end + 1
        }
        var last: [Range<Int>] = []
        var end = text.count
        while end > index, last.count < Self.foot {
            let start = text[index..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? index
            if let range = Self.trimmed(text, start..<end) { last.append(range) }
            end = start - 1
        }
        ranges += last.reversed()
    }

    /// Returns the hash of each line as one of a source.
    func hashes(in text: UnsafeBufferPointer<UInt8>, source: String) -> [UInt32] {
        let seed = XXHash.hash64(Array(source.utf8))
        return ranges.map { range in
            UInt32(
                truncatingIfNeeded: XXHash.hash64(
                    UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[range])), seed: seed))
        }
    }

    private static func trimmed(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int>? {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, text[low] <= 0x20 { low += 1 }
        while high > low, text[high - 1] <= 0x20 { high -= 1 }
        return low < high ? low..<high : nil
    }
}
