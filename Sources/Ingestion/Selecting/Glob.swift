/// A pattern of names: `*` and `?` for characters within a name, `[a-z]` and `[!a-z]` for one of them, `\` before a
/// character that means itself.
///
/// A pattern with a slash is matched against the path below the drop directory; there `*` stays within one name, `**/` is
/// any number of directories, and `/**` at the end is everything below. Names need not be UTF-8: a byte that is no
/// character counts as one.
struct Glob: Sendable, Equatable {
    enum Token: Sendable, Equatable {
        case byte(UInt8)
        /// `?`
        case character
        /// `*`
        case run
        case set(CharacterSet)
        /// `**/`
        case parts
        /// `**` at the end
        case rest
    }

    /// One of the characters, or none of them.
    struct CharacterSet: Sendable, Equatable {
        var isNegated = false
        var ranges: [ClosedRange<UInt32>] = []

        func contains(_ character: UInt32) -> Bool { ranges.contains { $0.contains(character) } != isNegated }
    }

    /// Most patterns are one of these: they need no search.
    private enum Shape: Sendable, Equatable {
        case literal([UInt8]), suffix([UInt8]), prefix([UInt8]), general
    }

    /// It is matched against the path.
    let isPath: Bool
    private let tokens: [Token]
    private let shape: Shape

    /// Reads a pattern; nil where ``problem(_:)`` says why it is none.
    init?(_ text: String) {
        var parser = GlobParser(text)
        guard let tokens = parser.tokens() else { return nil }
        isPath = text.contains("/")
        self.tokens = tokens
        shape = isPath ? .general : Glob.shape(of: tokens)
    }

    /// Returns what is wrong with a pattern; nil where it is one.
    static func problem(_ text: String) -> String? {
        if text.isEmpty { return "is empty" }
        var parser = GlobParser(text)
        return parser.tokens() == nil ? parser.problem : nil
    }

    private static func shape(of tokens: [Token]) -> Shape {
        func literal(_ tokens: some Sequence<Token>) -> [UInt8]? {
            var bytes: [UInt8] = []
            for token in tokens {
                guard case .byte(let byte) = token else { return nil }
                bytes.append(byte)
            }
            return bytes
        }
        if let bytes = literal(tokens) { return .literal(bytes) }
        if tokens.first == .run, let bytes = literal(tokens.dropFirst()) { return .suffix(bytes) }
        if tokens.last == .run, let bytes = literal(tokens.dropLast()) { return .prefix(bytes) }
        return .general
    }

    /// Returns whether a whole name is of the pattern, or a whole path where ``isPath``.
    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        switch shape {
        case .literal(let bytes): text.count == bytes.count && text.elementsEqual(bytes)
        case .suffix(let bytes): text.count >= bytes.count && text.suffix(bytes.count).elementsEqual(bytes)
        case .prefix(let bytes): text.count >= bytes.count && text.prefix(bytes.count).elementsEqual(bytes)
        case .general: search(text)
        }
    }

    /// Goes through the text once; after a mismatch it takes one more character into the last `*`, or one more directory
    /// into the last `**/`. Earlier ones need no second try: what they took is the least that fits.
    private func search(_ text: ArraySlice<UInt8>) -> Bool {
        let slash = UInt8(ascii: "/")
        var place = text.startIndex
        var index = 0
        var run: (index: Int, place: Int)?
        var parts: (index: Int, place: Int)?
        while true {
            if index == tokens.count {
                if place == text.endIndex { return true }
            } else {
                switch tokens[index] {
                case .rest: return place < text.endIndex
                case .run:
                    run = (index, place)
                    index += 1
                    continue
                case .parts:
                    parts = (index, place)
                    run = nil
                    index += 1
                    continue
                case .byte(let byte):
                    if place < text.endIndex, text[place] == byte {
                        place += 1
                        index += 1
                        continue
                    }
                case .character, .set:
                    if place < text.endIndex, text[place] != slash {
                        let (character, length) = Glob.character(of: text, at: place)
                        var isOfSet = true
                        if case .set(let set) = tokens[index] { isOfSet = set.contains(character) }
                        if isOfSet {
                            place += length
                            index += 1
                            continue
                        }
                    }
                }
            }
            if let last = run, last.place < text.endIndex, text[last.place] != slash {
                let next = last.place + Glob.character(of: text, at: last.place).length
                run = (last.index, next)
                (index, place) = (last.index + 1, next)
            } else if let last = parts, let end = text[last.place...].firstIndex(of: slash) {
                parts = (last.index, end + 1)
                run = nil
                (index, place) = (last.index + 1, end + 1)
            } else {
                return false
            }
        }
    }

    /// The character at a place and its length in bytes; a byte that is none counts as one beyond all characters.
    static func character(of text: ArraySlice<UInt8>, at place: Int) -> (character: UInt32, length: Int) {
        let first = text[place]
        guard first >= 0x80 else { return (UInt32(first), 1) }
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
        if place + length <= text.endIndex,
            let decoded = String(validating: text[place..<place + length], as: UTF8.self),
            let scalar = decoded.unicodeScalars.first, decoded.unicodeScalars.count == 1
        {
            return (scalar.value, length)
        }
        return (0x11_0000 + UInt32(first), 1)
    }
}
