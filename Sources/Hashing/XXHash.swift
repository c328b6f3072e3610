import CXXHash

/// XXH3 with 64 bits: a fast hash without cryptographic promise, for shingles, buckets and fingerprints.
package enum XXHash {
    /// Returns the hash of `bytes` under `seed`. The corresponding C function is `XXH3_64bits_withSeed`.
    package static func hash64(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        XXH3_64bits_withSeed(bytes.baseAddress, bytes.count, seed)
    }

    /// Returns the hash of `bytes` under `seed`.
    package static func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        bytes.withUnsafeBytes { hash64($0, seed: seed) }
    }
}
