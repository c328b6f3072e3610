/// Sorting of 32-bit hashes: one pass into 256 buckets by the highest byte, then insertion within each.
///
/// Hashes are spread evenly, so buckets stay small up to some thousand values; beyond that the standard sort takes over.
enum RadixSort {
    static func sorted(_ values: [UInt32]) -> [UInt32] {
        guard values.count > 24, values.count < 8192 else { return values.sorted() }
        return [UInt32](unsafeUninitializedCapacity: values.count) { output, count in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: 257) { ends in
                ends.initialize(repeating: 0)
                for value in values { ends[Int(value >> 24) + 1] += 1 }
                for bucket in 1...256 { ends[bucket] += ends[bucket - 1] }
                for value in values {
                    let bucket = Int(value >> 24)
                    output.initializeElement(at: Int(ends[bucket]), to: value)
                    ends[bucket] += 1
                }
            }
            count = values.count
            // Nearly sorted now: every value stands within its bucket.
            for index in 1..<count {
                let value = output[index]
                var hole = index
                while hole > 0, output[hole - 1] > value {
                    output[hole] = output[hole - 1]
                    hole -= 1
                }
                output[hole] = value
            }
        }
    }
}
