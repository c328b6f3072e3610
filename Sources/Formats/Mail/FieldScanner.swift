/// Takes a structured field apart (RFC 5322, section 3.2): atoms, quoted strings, comments and what stands between.
struct FieldScanner {
    /// A piece of a field.
    enum Token: Equatable {
        /// What is neither quoted nor special.
        case atom([UInt8])
        case quoted([UInt8])
        case comment([UInt8])
        /// One of `<>@,;:=[]`, as the scanner was told.
        case special(UInt8)
    }

    private let bytes: [UInt8]
    private let specials: [UInt8]
    private var place = 0
    /// Whether white space stood before the last token.
    private(set) var followsSpace = false

    /// Makes a scanner; `specials` are taken as tokens of their own.
    init(_ bytes: [UInt8], specials: StaticString) {
        self.bytes = bytes
        self.specials = specials.withUTF8Buffer { Array($0) }
    }

    /// Takes a token; nil at the end.
    mutating func next() -> Token? {
        let start = place
        while place < bytes.count, bytes[place].isSpace { place += 1 }
        followsSpace = place > start
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "\""): return .quoted(quoted())
        case UInt8(ascii: "("): return .comment(comment())
        case let byte where specials.contains(byte):
            place += 1
            return .special(byte)
        default: return .atom(atom())
        }
    }

    private mutating func atom() -> [UInt8] {
        let start = place
        while place < bytes.count, !bytes[place].isSpace, bytes[place] != UInt8(ascii: "("),
            bytes[place] != UInt8(ascii: "\"") || place == start, !specials.contains(bytes[place])
        {
            place += 1
        }
        return Array(bytes[start..<place])
    }

    /// A quoted string; one that does not end goes to the end of the field.
    private mutating func quoted() -> [UInt8] {
        place += 1
        var output: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count { place += 1 }
            output.append(bytes[place])
            place += 1
        }
        place = min(bytes.count, place + 1)
        return output
    }

    /// A comment without its brackets; comments in it keep theirs.
    private mutating func comment() -> [UInt8] {
        place += 1
        var depth = 1
        var output: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "\\"), place + 1 < bytes.count {
                place += 1
                output.append(bytes[place])
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") { depth -= 1 }
                if depth == 0 {
                    place += 1
                    break
                }
                output.append(byte)
            }
            place += 1
        }
        return output
    }
}
