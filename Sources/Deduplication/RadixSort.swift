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

    /// Sorts by the highest bits; what is equal there stays in its order.
    static func sort(_ values: inout [UInt64], byHighest bits: Int) {
        guard values.count > 1, bits > 0 else { return }
        // Ten bits a pass at most: of so many places at once the processor's nearest cache has room.
        let passes = (bits + 9) / 10
        let width = (bits + passes - 1) / passes
        let size = 1 << width
        var from = values
        var to = [UInt64](repeating: 0, count: values.count)
        values = []
        for pass in 0..<passes {
            let shift = UInt64(64 - bits + pass * width)
            let mask = UInt64(size - 1)
            from.withUnsafeBufferPointer { from in
                to.withUnsafeMutableBufferPointer { to in
                    withUnsafeTemporaryAllocation(of: Int.self, capacity: size + 1) { places in
                        places.initialize(repeating: 0)
                        for value in from { places[Int(truncatingIfNeeded: value >> shift & mask) + 1] += 1 }
                        for bucket in 1...size { places[bucket] += places[bucket - 1] }
                        for value in from {
                            let bucket = Int(truncatingIfNeeded: value >> shift & mask)
                            to[places[bucket]] = value
                            places[bucket] += 1
                        }
                    }
                }
            }
            swap(&from, &to)
        }
        values = from
    }
}
