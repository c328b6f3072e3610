/// Makes the band keys of a set of shingles: MinHash with one multiply-add permutation a hash, eight at a time.
struct MinHasher: Sendable {
    let banding: Banding
    private let multipliers: [SIMD8<UInt32>]
    private let summands: [SIMD8<UInt32>]

    /// Makes a hasher; equal bandings give equal keys on every machine, so that keys may be stored.
    init(banding: Banding) {
        self.banding = banding
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        func next() -> UInt32 {
            // SplitMix64: fixed constants for fixed keys.
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            return UInt32(truncatingIfNeeded: mixed ^ mixed >> 31)
        }
        var multipliers: [SIMD8<UInt32>] = []
        var summands: [SIMD8<UInt32>] = []
        for _ in 0..<(banding.bands * banding.rows + 7) / 8 {
            var multiplier = SIMD8<UInt32>()
            var summand = SIMD8<UInt32>()
            for lane in 0..<8 {
                multiplier[lane] = next() | 1
                summand[lane] = next()
            }
            multipliers.append(multiplier)
            summands.append(summand)
        }
        self.multipliers = multipliers
        self.summands = summands
    }

    /// Returns one key a band for a set that is not empty.
    func keys(of shingles: [UInt32]) -> [UInt32] {
        var signature: [UInt32] = []
        signature.reserveCapacity(multipliers.count * 8)
        shingles.withUnsafeBufferPointer { shingles in
            for group in multipliers.indices {
                let multiplier = multipliers[group]
                let summand = summands[group]
                // Signed minima: SSE2 has no unsigned ones, and any order of the values will do.
                var least = SIMD8<Int32>(repeating: .max)
                for shingle in shingles {
                    let value = SIMD8<Int32>(truncatingIfNeeded: multiplier &* shingle &+ summand)
                    least = pointwiseMin(least, value)
                }
                for lane in 0..<8 { signature.append(UInt32(bitPattern: least[lane])) }
            }
        }
        return (0..<banding.bands).map { band in
            var hash = UInt64(band) &+ 1
            for row in 0..<banding.rows {
                hash = (hash ^ UInt64(signature[band * banding.rows + row])) &* 0xff51_afd7_ed55_8ccd
                hash ^= hash >> 32
            }
            return UInt32(truncatingIfNeeded: hash)
        }
    }
}
