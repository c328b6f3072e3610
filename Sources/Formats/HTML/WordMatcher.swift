/// Finds which of many words stand in a text of ASCII, in one pass (the automaton of Aho and Corasick).
///
/// A text is seen in lower case, as letters and the gaps between them; what is no letter is a gap, and so is the place
/// where `camelCase` humps. A `|` in a word asks for a gap, so that `|ad|` is in `top-ad` and not in `header`.
struct WordMatcher: Sendable {
    /// Next state by state and symbol: 0–25 are letters, 26 is a gap.
    private let next: [UInt16]
    /// What the words that end in a state stand for.
    private let meaning: [UInt32]
    private static let symbols = 27
    private static let gap = 26

    /// Makes a matcher of words, each list with the bits that it stands for.
    init(_ lists: [(meaning: UInt32, words: String)]) {
        var next: [[Int]] = [[Int](repeating: -1, count: WordMatcher.symbols)]
        var meaning: [UInt32] = [0]
        for (bits, words) in lists {
            for word in words.split(whereSeparator: \.isWhitespace) {
                var state = 0
                for byte in word.utf8 {
                    let symbol = byte == UInt8(ascii: "|") ? WordMatcher.gap : Int(byte) - 0x61
                    precondition((0..<WordMatcher.symbols).contains(symbol), "'\(word)' is no word for a matcher")
                    if next[state][symbol] < 0 {
                        next[state][symbol] = next.count
                        next.append([Int](repeating: -1, count: WordMatcher.symbols))
                        meaning.append(0)
                    }
                    state = next[state][symbol]
                }
                meaning[state] |= bits
            }
        }
        var fallback = [Int](repeating: 0, count: next.count)
        var queue: [Int] = []
        for symbol in 0..<WordMatcher.symbols {
            if next[0][symbol] < 0 { next[0][symbol] = 0 } else { queue.append(next[0][symbol]) }
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            meaning[state] |= meaning[fallback[state]]
            for symbol in 0..<WordMatcher.symbols {
                let target = next[state][symbol]
                if target < 0 {
                    next[state][symbol] = next[fallback[state]][symbol]
                } else {
                    fallback[target] = next[fallback[state]][symbol]
                    queue.append(target)
                }
            }
        }
        self.next = next.flatMap { $0.map { UInt16($0) } }
        self.meaning = meaning
    }

    /// Returns the bits of every word in a text.
    func meanings(in text: ArraySlice<UInt8>) -> UInt32 {
        var found: UInt32 = 0
        var state = 0
        var previousIsLower = false
        next.withUnsafeBufferPointer { next in
            meaning.withUnsafeBufferPointer { meaning in
                @inline(__always) func step(_ symbol: Int) {
                    state = Int(next[state * WordMatcher.symbols + symbol])
                    found |= meaning[state]
                }
                step(WordMatcher.gap)
                text.withUnsafeBufferPointer { text in
                    for byte in text {
                        switch byte {
                        case 0x61...0x7a:
                            step(Int(byte) - 0x61)
                            previousIsLower = true
                        case 0x41...0x5a:
                            if previousIsLower { step(WordMatcher.gap) }
                            step(Int(byte) - 0x41)
                            previousIsLower = false
                        default:
                            step(WordMatcher.gap)
                            previousIsLower = false
                        }
                    }
                }
                step(WordMatcher.gap)
            }
        }
        return found
    }
}
