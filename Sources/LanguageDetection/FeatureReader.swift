/// Reads letters out of UTF-8 and gives the features by which languages are told apart: the n-grams of the characters of
/// each word, with the word's ends as characters, and the word itself; each as a number that is spread evenly.
///
/// Only the words of shared scripts have features. Everything that is no letter parts words. Ill-formed bytes part words,
/// too.
package struct FeatureReader: ~Copyable {
    /// The longest n-gram.
    package static let longest = 5
    /// The numbers of features are below two to the power of this.
    package static let bits: UInt32 = 24
    /// A longer run of letters is read as several words.
    private static let longestWord = 40
    /// What stands for the ends of a word.
    private static let end: UInt32 = 0x5f

    /// The bytes of the letters of each script: a letter of Han says as much as three of Latin.
    package private(set) var bytes = [32 of Int](repeating: 0)
    /// The letters of each script.
    package private(set) var letters = [32 of Int](repeating: 0)

    private var script = Script.other
    /// The last characters of the word, the latest first.
    private var window: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)
    /// The letters of the word that is being read.
    private var count = 0
    private var word: UInt32 = 0

    /// Makes a reader.
    package init() {}

    /// Reads a text.
    ///
    /// - Parameter body: called with the number of each feature and the script of its word, in their order.
    @inline(__always)
    package mutating func read(_ text: Span<UInt8>, _ body: (UInt32, Script) -> Void) {
        var index = 0
        let table = Letter.table
        while index < text.count {
            let (value, length) = FeatureReader.scalar(text, index)
            index += length
            let letter = value < table.count ? table[Int(value)] : Letter.beyondTable(value)
            guard let script = letter.script else {
                // The apostrophe belongs to the word: it tells French and Italian from others. So do marks that are set
                // on letters, which are left out.
                if value == 0x27 || value == 0x2019, count > 0, self.script.isShared {
                    add(0x27, body)
                } else if !(0x300..<0x370).contains(value) {
                    finish(body)
                }
                continue
            }
            if (0x300..<0x370).contains(value) { continue }
            bytes[Int(script.rawValue)] += length
            letters[Int(script.rawValue)] += 1
            if !script.isShared {
                finish(body)
                continue
            }
            if script != self.script || count >= FeatureReader.longestWord {
                finish(body)
                self.script = script
            }
            add(letter.lowercase, body)
        }
        finish(body)
    }

    @inline(__always)
    private mutating func add(_ character: UInt32, _ body: (UInt32, Script) -> Void) {
        if count == 0 {
            window.0 = FeatureReader.end
            word = 0x8765_4321
        }
        count += 1
        word = FeatureReader.mix(word, character)
        shift(character)
        // With the start of the word there is one character more than letters.
        grams(1...min(count + 1, FeatureReader.longest), body)
    }

    @inline(__always)
    private mutating func finish(_ body: (UInt32, Script) -> Void) {
        guard count > 0 else { return }
        shift(FeatureReader.end)
        grams(2...min(count + 2, FeatureReader.longest), body)
        body(FeatureReader.spread(word, 77), script)
        count = 0
    }

    @inline(__always)
    private mutating func shift(_ character: UInt32) {
        window = (character, window.0, window.1, window.2, window.3)
    }

    /// Gives the n-grams that end with the latest character.
    @inline(__always)
    private func grams(_ lengths: ClosedRange<Int>, _ body: (UInt32, Script) -> Void) {
        var hash = FeatureReader.mix(0x1234_5678, window.0 &+ 1)
        if lengths.lowerBound == 1 { body(FeatureReader.spread(hash, 1), script) }
        hash = FeatureReader.mix(hash, window.1 &+ 1)
        body(FeatureReader.spread(hash, 2), script)
        if lengths.upperBound == 2 { return }
        hash = FeatureReader.mix(hash, window.2 &+ 1)
        body(FeatureReader.spread(hash, 3), script)
        if lengths.upperBound == 3 { return }
        hash = FeatureReader.mix(hash, window.3 &+ 1)
        body(FeatureReader.spread(hash, 4), script)
        if lengths.upperBound == 4 { return }
        hash = FeatureReader.mix(hash, window.4 &+ 1)
        body(FeatureReader.spread(hash, 5), script)
    }

    @inline(__always)
    private static func mix(_ hash: UInt32, _ character: UInt32) -> UInt32 {
        let mixed = (hash ^ character) &* 0x9e37_79b1
        return mixed ^ mixed >> 15
    }

    @inline(__always)
    private static func spread(_ hash: UInt32, _ length: UInt32) -> UInt32 {
        var spread = hash ^ length &* 0x85eb_ca6b
        spread = (spread ^ spread >> 16) &* 0x7feb_352d
        return (spread ^ spread >> 15) >> (32 - bits)
    }

    /// Returns the scalar at a place and its length in bytes; ill-formed bytes are one U+FFFD each.
    @inline(__always)
    private static func scalar(_ text: Span<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let first = text[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        guard first >= 0xc2, first < 0xf5, index + length <= text.count else { return (0xfffd, 1) }
        var value = UInt32(first) & (0x7f >> UInt32(length))
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xc0 == 0x80 else { return (0xfffd, 1) }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        return (value, length)
    }
}
