/// The words of one text: lower-cased bytes, a 64-bit hash each, and where they stand in the text.
///
/// The words are those that Python's `re.findall(r"\w+", text.lower())` finds: runs of letters, numbers and underscores.
/// The value is meant to be kept and filled again for the next text, so that its buffers are allocated once.
/// It does not stem, drop stop words or normalize beyond lower case.
package struct Words: Sendable {
    /// What counts as a word in scripts that put no spaces between words.
    package enum UnspacedScripts: Sendable {
        /// A whole run, as the regular expression has it.
        case together
        /// Every character for itself, so that n-grams of words are n-grams of characters there.
        case apart
    }

    /// The lower-cased bytes of all words, one after the other.
    package private(set) var bytes: [UInt8] = []
    /// The end of each word in ``bytes``; it starts where the one before ends.
    package private(set) var ends: [Int] = []
    /// The hash of each word's lower-cased bytes, as ``hash(of:)`` gives it.
    package private(set) var hashes: [UInt64] = []
    /// Where each word starts in the text, in bytes.
    package private(set) var starts: [Int] = []
    /// Where each word ends in the text, in bytes.
    package private(set) var stops: [Int] = []
    /// Each word's shape in the text.
    package private(set) var shapes: [Shape] = []

    /// How a word is written.
    package struct Shape: OptionSet, Sendable {
        package let rawValue: UInt8
        // Inlinable, for it is asked of every word by other rooms: a call each would be a fifth of what they do.
        @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The first character is upper-case.
        @inlinable package static var capitalized: Shape { Shape(rawValue: 1) }
        /// It has an upper-case character past the first.
        @inlinable package static var upperInside: Shape { Shape(rawValue: 2) }
        /// It has a digit.
        @inlinable package static var digits: Shape { Shape(rawValue: 4) }
        /// It is of a script without spaces.
        @inlinable package static var unspaced: Shape { Shape(rawValue: 8) }
        /// All of `member` is in it.
        @inlinable package func contains(_ member: Shape) -> Bool { rawValue & member.rawValue == member.rawValue }
    }

    package init() {}

    /// The number of words.
    package var count: Int { ends.count }

    /// Returns the lower-cased bytes of one word.
    package func word(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Returns one word, lower-cased.
    package func text(_ index: Int) -> String { String(decoding: word(index), as: UTF8.self) }

    /// Replaces the words by those of `text`.
    package mutating func scan(_ text: String, unspaced: UnspacedScripts = .together) {
        var text = text
        text.withUTF8 { scan($0, unspaced: unspaced) }
    }

    /// Replaces the words by those of `text`.
    package mutating func scan(_ text: [UInt8], unspaced: UnspacedScripts = .together) {
        text.withUnsafeBufferPointer { scan($0, unspaced: unspaced) }
    }

    /// Replaces the words by those of a UTF-8 text.
    package mutating func scan(_ text: UnsafeBufferPointer<UInt8>, unspaced: UnspacedScripts = .together) {
        removeAll()
        append(text, unspaced: unspaced)
    }

    /// Takes all words out and keeps the buffers.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        stops.removeAll(keepingCapacity: true)
        shapes.removeAll(keepingCapacity: true)
    }

    /// Adds the words of one more UTF-8 text; their places count from its own start.
    package mutating func append(_ text: UnsafeBufferPointer<UInt8>, unspaced: UnspacedScripts = .together) {
        bytes.reserveCapacity(bytes.count + text.count)
        Self.asciiLowercase.withUnsafeBufferPointer { table in
            var index = 0
            let count = text.count
            while index < count {
                let kind = table[Int(text[index])]
                if kind == 0 {
                    index += 1
                } else {
                    index = appendWord(text, index, table, unspaced)
                }
            }
        }
    }

    /// Reads the word that starts at `start` (or nothing, where a character outside ASCII is none) and returns its end.
    @inline(__always)
    private mutating func appendWord(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ table: UnsafeBufferPointer<UInt8>,
        _ unspaced: UnspacedScripts
    ) -> Int {
        var index = start
        var hash = Self.hashStart
        var shape = Shape()
        let count = text.count
        while index < count {
            let byte = text[index]
            let lower = table[Int(byte)]
            if lower == 0 { break }
            if lower == 0xff {
                // A word with a character outside ASCII takes the slow way, with the same hash.
                return appendUnicodeWord(text, start, unspaced)
            }
            if lower != byte { shape.insert(index == start ? .capitalized : .upperInside) }
            if byte <= 0x39 { shape.insert(.digits) }
            hash = (hash ^ UInt64(lower)) &* Self.hashPrime
            index += 1
        }
        // At once: to append each byte by itself would take most of the time.
        let word = UnsafeBufferPointer(rebasing: text[start..<index])
        if shape.isDisjoint(with: [.capitalized, .upperInside]) {
            bytes.append(contentsOf: word)
        } else {
            for byte in word { bytes.append(table[Int(byte)]) }
        }
        finishWord(start, index, hash, shape)
        return index
    }

    private mutating func appendUnicodeWord(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ unspaced: UnspacedScripts
    ) -> Int {
        var index = start
        let first = bytes.count
        var shape = Shape()
        while index < text.count {
            let (value, length) = UTF8Decoding.scalar(text, index)
            let info = CharacterInfo.of(value)
            guard info.isWord else { break }
            let isApart = unspaced == .apart && info.isUnspaced
            if isApart, bytes.count > first { break }
            if info.isUppercase { shape.insert(index == start ? .capitalized : .upperInside) }
            if info.isDigit { shape.insert(.digits) }
            if info.isUnspaced { shape.insert(.unspaced) }
            index += length
            switch value {
            case 0x130:
                // Its lower case is an i and a combining dot, which is no letter: the word ends here.
                bytes.append(UInt8(ascii: "i"))
                finishWord(start, index, Self.rawHash(bytes[first...]), shape)
                return index
            case FinalSigma.capital: UTF8Decoding.append(FinalSigma.lowercase(text, index - length), to: &bytes)
            default: UTF8Decoding.append(info.lowercase, to: &bytes)
            }
            if isApart { break }
        }
        guard index > start else { return start + UTF8Decoding.scalar(text, start).length }
        finishWord(start, index, Self.rawHash(bytes[first...]), shape)
        return index
    }

    @inline(__always)
    private mutating func finishWord(_ start: Int, _ end: Int, _ hash: UInt64, _ shape: Shape) {
        ends.append(bytes.count)
        hashes.append(Self.finish(hash))
        starts.append(start)
        stops.append(end)
        shapes.append(shape)
    }

    // MARK: Hashing

    /// Returns the hash of a lower-cased word, the same that ``hashes`` holds for it.
    package static func hash(of word: some Sequence<UInt8>) -> UInt64 {
        finish(rawHash(word))
    }

    private static func rawHash(_ word: some Sequence<UInt8>) -> UInt64 {
        var hash = hashStart
        for byte in word { hash = (hash ^ UInt64(byte)) &* hashPrime }
        return hash
    }

    // FNV-1a over the bytes, finished as in MurmurHash3 so that every bit depends on every byte.
    static let hashStart: UInt64 = 0xcbf2_9ce4_8422_2325
    static let hashPrime: UInt64 = 0x100_0000_01b3

    @inline(__always)
    static func finish(_ hash: UInt64) -> UInt64 {
        var mixed = hash
        mixed ^= mixed >> 33
        mixed &*= 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        mixed &*= 0xc4ce_b9fe_1a85_ec53
        mixed ^= mixed >> 33
        return mixed
    }

    /// For each byte: 0 where it is in no word, 0xff outside ASCII, else its lower case.
    static let asciiLowercase: [UInt8] = (0..<256).map { value in
        switch UInt8(value) {
        case 0x41...0x5a: UInt8(value) + 32
        case 0x61...0x7a, 0x30...0x39, 0x5f: UInt8(value)
        case 0x80...0xff: 0xff
        default: 0
        }
    }
}
