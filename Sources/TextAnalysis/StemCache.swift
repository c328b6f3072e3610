import Stemming

/// Maps word hashes to stem hashes, and stems each word once: news repeats its words, and stemming is dear.
///
/// Of bounded size: it starts anew when it is full. The same word gives the same stem whatever is cached.
package final class StemCache {
    private let stemmer: Stemmer?
    private var keys: [UInt64]
    private var values: [UInt64]
    private var count = 0
    private var scratch: [UInt8] = []
    private static let capacity = 1 << 16

    /// Makes a cache for a BCP 47 code; where the language has no stemmer every word is its own stem.
    package init(language: String) {
        stemmer = Stemmer(language: language)
        keys = Array(repeating: 0, count: stemmer == nil ? 0 : Self.capacity)
        values = keys
    }

    /// Returns the hash of the stem of one of the words.
    package func stem(_ index: Int, of words: Words) -> UInt64 {
        let hash = words.hashes[index]
        guard let stemmer, hash != 0 else { return hash }
        var slot = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
        while keys[slot] != 0 {
            if keys[slot] == hash { return values[slot] }
            slot = (slot + 1) & (Self.capacity - 1)
        }
        scratch.removeAll(keepingCapacity: true)
        words.word(index).withUnsafeBufferPointer { stemmer.appendStem(of: $0, to: &scratch) }
        let value = Words.hash(of: scratch)
        if count * 2 >= Self.capacity {
            for index in keys.indices { keys[index] = 0 }
            count = 0
            slot = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
        }
        keys[slot] = hash
        values[slot] = value
        count += 1
        return value
    }
}
