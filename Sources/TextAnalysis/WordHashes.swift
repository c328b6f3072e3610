/// The hashes of a text's words and nothing else of them: what ``Words`` gives as its hashes, in a quarter of the time.
///
/// The value is meant to be kept and filled again for the next text, so that its buffer is allocated once.
package struct WordHashes: Sendable {
    private var storage: [UInt64] = []
    /// The number of words.
    package private(set) var count = 0
    /// One of them is of a script that puts no spaces between words.
    package private(set) var hasUnspaced = false

    package init() {}

    /// Calls `body` with the hashes, in the order of the words.
    package func withHashes<Result>(_ body: (UnsafeBufferPointer<UInt64>) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }

    /// Takes all words out and keeps the buffer.
    package mutating func removeAll() {
        count = 0
        hasUnspaced = false
    }

    /// Adds the words of one more UTF-8 text.
    package mutating func append(
        _ text: UnsafeBufferPointer<UInt8>, unspaced: Words.UnspacedScripts = .together
    ) {
        // No word is shorter than a byte.
        let needed = count + text.count + 1
        if storage.count < needed { storage += repeatElement(0, count: max(needed, storage.count * 2) - storage.count) }
        var number = count
        storage.withUnsafeMutableBufferPointer { storage in
            Words.asciiLowercase.withUnsafeBufferPointer { table in
                var index = 0
                var hash = Words.hashStart
                var isInside = false
                while index < text.count {
                    let lower = table[Int(text[index])]
                    if lower == 0 {
                        if isInside {
                            storage[number] = Words.finish(hash)
                            number += 1
                            hash = Words.hashStart
                            isInside = false
                        }
                        index += 1
                    } else if lower != 0xff {
                        hash = (hash ^ UInt64(lower)) &* Words.hashPrime
                        isInside = true
                        index += 1
                    } else {
                        let step = Self.step(text, index, unspaced)
                        index += step.length
                        if !step.isWord || step.isApart, isInside {
                            storage[number] = Words.finish(hash)
                            number += 1
                            hash = Words.hashStart
                            isInside = false
                        }
                        guard step.isWord else { continue }
                        hasUnspaced = hasUnspaced || step.isUnspaced
                        hash = Self.add(step.lower, to: hash)
                        isInside = true
                        if step.isApart || step.endsWord {
                            storage[number] = Words.finish(hash)
                            number += 1
                            hash = Words.hashStart
                            isInside = false
                        }
                    }
                }
                if isInside {
                    storage[number] = Words.finish(hash)
                    number += 1
                }
            }
        }
        count = number
    }

    /// What a character outside ASCII is to words.
    private struct Step {
        var length: Int
        var isWord: Bool
        var isUnspaced = false
        /// It is a word of its own.
        var isApart = false
        /// A word that it belongs to ends with it.
        var endsWord = false
        var lower: UInt32 = 0
    }

    private static func step(
        _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ unspaced: Words.UnspacedScripts
    ) -> Step {
        let (value, length) = UTF8Decoding.scalar(text, index)
        let info = CharacterInfo.of(value)
        guard info.isWord else { return Step(length: length, isWord: false) }
        var step = Step(length: length, isWord: true, isUnspaced: info.isUnspaced, lower: info.lowercase)
        step.isApart = unspaced == .apart && info.isUnspaced
        switch value {
        case 0x130:
            // Its lower case is an i and a combining dot, which is no letter: the word ends here.
            step.lower = 0x69
            step.endsWord = true
        case FinalSigma.capital: step.lower = FinalSigma.lowercase(text, index)
        default: break
        }
        return step
    }

    /// Takes the UTF-8 bytes of a scalar value into a hash.
    private static func add(_ value: UInt32, to hash: UInt64) -> UInt64 {
        @inline(__always)
        func add(_ hash: UInt64, _ byte: UInt32) -> UInt64 { (hash ^ UInt64(byte)) &* Words.hashPrime }
        switch value {
        case 0..<0x80: return add(hash, value)
        case 0x80..<0x800: return add(add(hash, 0xc0 | value >> 6), 0x80 | value & 0x3f)
        case 0x800..<0x1_0000:
            return add(add(add(hash, 0xe0 | value >> 12), 0x80 | value >> 6 & 0x3f), 0x80 | value & 0x3f)
        default:
            let head = add(add(hash, 0xf0 | value >> 18 & 0x07), 0x80 | value >> 12 & 0x3f)
            return add(add(head, 0x80 | value >> 6 & 0x3f), 0x80 | value & 0x3f)
        }
    }
}
