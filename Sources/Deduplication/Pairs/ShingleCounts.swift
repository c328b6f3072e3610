/// How often each shingle occurs in all texts, at least: a table of counters in which different shingles may meet.
///
/// A count of 1 is therefore certain, and a higher one may be too high, which costs time and no pair.
struct ShingleCounts {
    private var counters: [UInt8]
    private let mask: Int

    /// The most memory of the counters, in bytes.
    static let limit = 1 << 28

    /// Makes counters for a number of occurrences, a byte each and four for an occurrence where the limit allows it.
    init(occurrences: Int) {
        var size = 1 << 12
        while size < occurrences * 4, size < Self.limit { size *= 2 }
        counters = Array(repeating: 0, count: size)
        mask = size - 1
    }

    /// Counts the shingles of a text.
    mutating func add(_ hashes: UnsafeBufferPointer<UInt32>) {
        counters.withUnsafeMutableBufferPointer { counters in
            for hash in hashes {
                let count = counters[Int(hash) & mask]
                counters[Int(hash) & mask] = count &+ (count == .max ? 0 : 1)
            }
        }
    }

    /// Calls `body` with a look-up of counts, which end at 255.
    @inline(__always)
    func withLookUp<Result>(_ body: ((UInt32) -> UInt8) throws -> Result) rethrows -> Result {
        try counters.withUnsafeBufferPointer { counters in try body { counters[Int($0) & mask] } }
    }
}
