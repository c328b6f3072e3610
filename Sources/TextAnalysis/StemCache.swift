import Stemming

/// Maps word hashes to stem hashes, and stems each word once: news repeats its words, and stemming is dear.
///
/// Of bounded size: it starts anew when it is full. The same word gives the same stem whatever is cached. It has one
/// owner.
package final class StemCache {
    private let stemmer: Stemmer?
    // Plain memory: an array of a class would be checked for exclusive access at every word.
    private let keys: UnsafeMutablePointer<UInt64>
    private let values: UnsafeMutablePointer<UInt64>
    private var count = 0
    private var scratch: [UInt8] = []
    private static let capacity = 1 << 16

    /// Makes a cache for a BCP 47 code; where the language has no stemmer every word is its own stem.
    package init(language: String) {
        stemmer = Stemmer(language: language)
        let capacity = stemmer == nil ? 1 : Self.capacity
        keys = .allocate(capacity: capacity)
        values = .allocate(capacity: capacity)
        keys.initialize(repeating: 0, count: capacity)
        values.initialize(repeating: 0, count: capacity)
    }

    deinit {
        keys.deallocate()
        values.deallocate()
    }

    /// Replaces `stems` by one value a word: 0 for stop words and single letters, else the hash of the word's stem.
    ///
    /// Words of scripts without spaces are not stemmed, and none is too short.
    package func read(_ words: Words, stopWords: StopWords, into stems: inout [UInt64]) {
        stems.removeAll(keepingCapacity: true)
        let (hashes, starts, stops, shapes) = (words.hashes, words.starts, words.stops, words.shapes)
        for index in hashes.indices {
            let hash = hashes[index]
            if shapes[index].contains(.unspaced) {
                stems.append(hash)
            } else if stops[index] - starts[index] < 2 || stopWords.contains(hash) {
                stems.append(0)
            } else {
                stems.append(stem(hash, index, words))
            }
        }
    }

    private func stem(_ hash: UInt64, _ index: Int, _ words: Words) -> UInt64 {
        guard stemmer != nil, hash != 0 else { return hash }
        var slot = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
        while keys[slot] != 0 {
            if keys[slot] == hash { return values[slot] }
            slot = (slot + 1) & (Self.capacity - 1)
        }
        return add(hash, words.word(index), at: slot)
    }

    private func add(_ hash: UInt64, _ word: ArraySlice<UInt8>, at free: Int) -> UInt64 {
        var slot = free
        if count * 2 >= Self.capacity {
            keys.update(repeating: 0, count: Self.capacity)
            count = 0
            slot = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
        }
        scratch.removeAll(keepingCapacity: true)
        word.withUnsafeBufferPointer { stemmer?.appendStem(of: $0, to: &scratch) }
        let value = Words.hash(of: scratch)
        keys[slot] = hash
        values[slot] = value
        count += 1
        return value
    }
}
