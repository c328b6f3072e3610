/// Sets of shingle hashes: sorted, without repetition, 32 bits each.
///
/// Two sets of 130 shingles share a hash by accident once in a quarter of a million pairs, and then err by one shingle.
package enum Shingles {
    /// What two sets have in common.
    package struct Overlap: Sendable, Equatable {
        /// Shingles in both, divided by shingles in either (Jaccard).
        package let similarity: Double
        /// Shingles in both, divided by those of the shorter.
        package let containment: Double

        /// Makes an overlap.
        package init(similarity: Double, containment: Double) {
            self.similarity = similarity
            self.containment = containment
        }

        /// Makes the overlap of two sets of these sizes.
        init(shared: Int, _ left: Int, _ right: Int) {
            let shorter = min(left, right)
            let either = left + right - shared
            similarity = either == 0 ? 0 : Double(shared) / Double(either)
            containment = shorter == 0 ? 0 : Double(shared) / Double(shorter)
        }
    }

    /// Returns the set of all runs of `width` words, each run as the hash of its words' hashes in order.
    ///
    /// A text of fewer words than `width` has no shingle.
    package static func make(words: [UInt64], width: Int) -> [UInt32] {
        words.withUnsafeBufferPointer { make(words: $0, width: width) }
    }

    /// Returns the set of all runs of `width` words.
    static func make(words: UnsafeBufferPointer<UInt64>, width: Int) -> [UInt32] {
        var hashes: [UInt32] = []
        appendHashes(words: words, width: width, to: &hashes)
        return sortedSet(hashes)
    }

    /// Adds the hash of each run of `width` words, in the order of the words.
    static func appendHashes(words: UnsafeBufferPointer<UInt64>, width: Int, to hashes: inout [UInt32]) {
        guard words.count >= width else { return }
        // A rolling polynomial over the words' hashes: one multiply and one add a shingle whatever the width.
        var outgoing: UInt64 = 1
        for _ in 1..<width { outgoing = outgoing &* base }
        let start = hashes.count
        hashes.append(contentsOf: repeatElement(0, count: words.count - width + 1))
        hashes.withUnsafeMutableBufferPointer { hashes in
            var rolling: UInt64 = 0
            for index in 0..<(width - 1) { rolling = rolling &* base &+ words[index] }
            for index in (width - 1)..<words.count {
                rolling = rolling &* base &+ words[index]
                hashes[start + index - width + 1] = finish(rolling)
                rolling = rolling &- outgoing &* words[index - width + 1]
            }
        }
    }

    /// Returns the overlap of two sets; the order of the two makes no difference.
    package static func overlap(_ left: [UInt32], _ right: [UInt32]) -> Overlap {
        Overlap(shared: sharedCount(left, right), left.count, right.count)
    }

    private static func sharedCount(_ left: [UInt32], _ right: [UInt32]) -> Int {
        left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { sharedCount(left, $0) } }
    }

    /// Returns how many hashes two sorted sets have in common.
    static func sharedCount(_ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>) -> Int {
        var shared = 0
        var a = 0
        var b = 0
        while a < left.count, b < right.count {
            let (x, y) = (left[a], right[b])
            // Without branches: which of the two is smaller cannot be foretold.
            shared += x == y ? 1 : 0
            a += x <= y ? 1 : 0
            b += y <= x ? 1 : 0
        }
        return shared
    }

    private static func sortedSet(_ hashes: [UInt32]) -> [UInt32] {
        var sorted = RadixSort.sorted(hashes)
        var last = 0
        sorted.withUnsafeMutableBufferPointer { values in
            for index in values.indices.dropFirst() where values[index] != values[last] {
                last += 1
                values[last] = values[index]
            }
        }
        sorted.removeLast(sorted.count - min(sorted.count, last + 1))
        return sorted
    }

    private static let base: UInt64 = 0x9e37_79b9_7f4a_7c55

    @inline(__always)
    private static func finish(_ hash: UInt64) -> UInt32 {
        var mixed = hash
        mixed ^= mixed >> 32
        mixed &*= 0xd6e8_feb8_6659_fd93
        mixed ^= mixed >> 32
        return UInt32(truncatingIfNeeded: mixed)
    }
}
