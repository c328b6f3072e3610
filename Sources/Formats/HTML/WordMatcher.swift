/// Finds which of many words and phrases stand in a text, in one pass (the automaton of Aho and Corasick).
///
/// A text is seen in lower case, as letters and the gaps between them; a run of what are no letters is one gap. In a pattern
/// `|` stands for a gap, `^` for the text's beginning and `$` for its end, so that `|ad|` is in `top-ad` and not in
/// `header`. Beyond ASCII bytes are taken as they are.
struct WordMatcher: Sendable {
    /// What is matched.
    enum Kind {
        /// Names in code: `camelCase` has a gap where it humps, and what is not ASCII is a gap.
        case names
        /// What people read.
        case prose
    }

    /// Next state by state and symbol.
    private let next: [UInt16]
    /// What the patterns that end in a state stand for.
    private let meaning: [UInt32]
    private let kind: Kind

    // The symbols: 0–25 are letters, then these, then 64 for the bytes from 0x80 on by their low six bits.
    private static let gap = 26
    private static let start = 27
    private static let end = 28
    private static let high = 29
    private static let symbols = 93

    /// Makes a matcher of lists of patterns, each list with the bits that it stands for.
    init(_ kind: Kind, _ lists: [(meaning: UInt32, patterns: String)]) {
        self.kind = kind
        var next: [[Int]] = [[Int](repeating: -1, count: WordMatcher.symbols)]
        var meaning: [UInt32] = [0]
        for (bits, patterns) in lists {
            for pattern in patterns.split(whereSeparator: \.isWhitespace) {
                var state = 0
                for byte in pattern.utf8 {
                    let symbol = WordMatcher.symbol(ofPattern: byte)
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
        precondition(next.count <= Int(UInt16.max), "the patterns are too many for a matcher")
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

    private static func symbol(ofPattern byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "|"): return gap
        case UInt8(ascii: "^"): return start
        case UInt8(ascii: "$"): return end
        case 0x61...0x7a: return Int(byte) - 0x61
        case 0x80...0xff: return high + Int(byte & 0x3f)
        default: preconditionFailure("a pattern has letters and the signs | ^ $ alone")
        }
    }

    /// Returns the bits of every pattern in a text.
    func meanings(in text: ArraySlice<UInt8>) -> UInt32 {
        var found: UInt32 = 0
        var state = 0
        var previousIsLower = false
        var isInGap = true
        let seesHumps = kind == .names
        next.withUnsafeBufferPointer { next in
            meaning.withUnsafeBufferPointer { meaning in
                @inline(__always) func step(_ symbol: Int) {
                    state = Int(next[state &* WordMatcher.symbols &+ symbol])
                    found |= meaning[state]
                    isInGap = false
                }
                @inline(__always) func gap() {
                    if !isInGap { step(WordMatcher.gap) }
                    isInGap = true
                }
                step(seesHumps ? WordMatcher.gap : WordMatcher.start)
                isInGap = true
                text.withUnsafeBufferPointer { text in
                    for byte in text {
                        switch byte {
                        case 0x61...0x7a:
                            step(Int(byte) - 0x61)
                            previousIsLower = true
                        case 0x41...0x5a:
                            if seesHumps, previousIsLower { gap() }
                            step(Int(byte) - 0x41)
                            previousIsLower = false
                        case 0x80...0xff where !seesHumps:
                            step(WordMatcher.high + Int(byte & 0x3f))
                        default:
                            gap()
                            previousIsLower = false
                        }
                    }
                }
                // The end is seen with the gap before it and without, as a text may end in a full stop.
                if seesHumps {
                    gap()
                } else {
                    let before = state
                    step(WordMatcher.end)
                    state = before
                    gap()
                }
            }
        }
        return found
    }
}
