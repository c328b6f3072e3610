/// JSON as it stands in pages, as a tree in one piece of memory: nodes in order, each with where its subtree ends.
///
/// What pages carry is often not quite JSON: line ends within strings, commas before a closing bracket, comment marks
/// around it, an end that is missing. A strict parser would give nothing for them, so this reads what it can and stops
/// where it cannot.
struct LinkedData {
    /// A value.
    struct Node {
        enum Kind { case object, array, string, other }
        var kind: Kind
        /// Where its key stands in ``LinkedData/bytes``, within an object.
        var key: Range<Int>
        /// Where its text stands in ``LinkedData/bytes``, for a string, a number or a word.
        var text: Range<Int>
        /// The index of what it stands in; -1 for a root.
        var parent: Int
        /// The index behind its last descendant.
        var end: Int
    }

    private(set) var nodes: [Node] = []
    /// Keys and strings, their escapes resolved.
    private(set) var bytes: [UInt8] = []

    private static let depthLimit = 64
    private static let nodeLimit = 100_000

    /// Adds the values of a script's text.
    mutating func read(_ text: ArraySlice<UInt8>) {
        var reader = Reader(text: text, position: text.startIndex)
        while reader.skipToValue(), nodes.count < LinkedData.nodeLimit {
            let before = reader.position
            guard value(&reader, key: 0..<0, parent: -1, depth: 0), reader.position > before else { return }
        }
    }

    // MARK: Looking up

    /// The members of an object or the elements of an array, by index.
    func children(of index: Int) -> [Int] {
        var children: [Int] = []
        var child = index + 1
        while child < nodes[index].end {
            children.append(child)
            child = nodes[child].end
        }
        return children
    }

    /// Returns the member of an object by its key.
    func member(_ key: StaticString, of index: Int) -> Int? {
        guard nodes[index].kind == .object else { return nil }
        var child = index + 1
        while child < nodes[index].end {
            if key.withUTF8Buffer({ bytes[nodes[child].key].elementsEqual($0) }) { return child }
            child = nodes[child].end
        }
        return nil
    }

    /// Returns the text of a string, number or word; of an array the first that is one; of an object its value or name; nil
    /// for what has more bytes than `limit`.
    func text(_ index: Int?, limit: Int = 10_000) -> String? {
        guard let index else { return nil }
        switch nodes[index].kind {
        case .string, .other:
            guard nodes[index].text.count <= limit else { return nil }
            let text = String(decoding: bytes[nodes[index].text], as: UTF8.self)
            return text.isEmpty || text == "null" ? nil : text
        case .array: return children(of: index).lazy.compactMap { text($0, limit: limit) }.first
        case .object:
            let value = member("@value", of: index) ?? member("name", of: index) ?? member("url", of: index)
            return text(value, limit: limit)
        }
    }

    /// Returns the text of an object's member.
    func text(_ key: StaticString, of index: Int) -> String? { text(member(key, of: index)) }

    /// Returns the texts of a member that is one value or an array of them.
    func texts(_ key: StaticString, of index: Int) -> [String] {
        guard let member = member(key, of: index) else { return [] }
        return nodes[member].kind == .array
            ? children(of: member).compactMap { text($0) } : [text(member)].compactMap(\.self)
    }

    /// Returns whether an object is of a type, without the vocabulary's address.
    func isType(_ index: Int, _ matches: (ArraySlice<UInt8>) -> Bool) -> Bool {
        guard let type = member("@type", of: index) else { return false }
        let values = nodes[type].kind == .array ? children(of: type) : [type]
        return values.contains { value in
            guard nodes[value].kind == .string else { return false }
            let name = bytes[nodes[value].text]
            let start = name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: ":") }
            return matches(start.map { name[($0 + 1)...] } ?? name)
        }
    }

    /// Returns the object that another one names by `@id`; the object itself where it names none.
    func resolved(_ index: Int) -> Int {
        guard nodes[index].kind == .object, nodes[index].end - index == 2, let id = member("@id", of: index) else {
            return index
        }
        let name = bytes[nodes[id].text]
        for other in nodes.indices where nodes[other].kind == .object && nodes[other].end - other > 2 {
            if let own = member("@id", of: other), bytes[nodes[own].text] == name { return other }
        }
        return index
    }

    // MARK: Reading

    private mutating func value(_ reader: inout Reader, key: Range<Int>, parent: Int, depth: Int) -> Bool {
        guard depth < LinkedData.depthLimit, nodes.count < LinkedData.nodeLimit else { return false }
        reader.skipSpace()
        guard let byte = reader.peek else { return false }
        let index = nodes.count
        nodes.append(Node(kind: .other, key: key, text: 0..<0, parent: parent, end: index + 1))
        defer { nodes[index].end = nodes.count }
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isObject = byte == UInt8(ascii: "{")
            nodes[index].kind = isObject ? .object : .array
            reader.position += 1
            return members(&reader, of: index, isObject: isObject, depth: depth)
        case UInt8(ascii: "\""):
            nodes[index].kind = .string
            let start = bytes.count
            let isWhole = reader.string(into: &bytes)
            nodes[index].text = start..<bytes.count
            return isWhole
        default:
            let start = bytes.count
            while let next = reader.peek, !next.isSpace, ![0x2c, 0x5d, 0x7d, 0x3a, 0x22].contains(next) {
                bytes.append(next)
                reader.position += 1
            }
            nodes[index].text = start..<bytes.count
            return bytes.count > start
        }
    }

    private mutating func members(_ reader: inout Reader, of index: Int, isObject: Bool, depth: Int) -> Bool {
        while true {
            reader.skipSpace()
            guard let byte = reader.peek else { return false }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                reader.position += 1
                return true
            }
            if byte == UInt8(ascii: ",") {
                reader.position += 1
                continue
            }
            var key = 0..<0
            if isObject {
                guard byte == UInt8(ascii: "\"") else { return false }
                let start = bytes.count
                guard reader.string(into: &bytes) else { return false }
                key = start..<bytes.count
                reader.skipSpace()
                guard reader.peek == UInt8(ascii: ":") else { return false }
                reader.position += 1
            }
            guard value(&reader, key: key, parent: index, depth: depth + 1) else { return false }
        }
    }
}

extension LinkedData {
    private struct Reader {
        let text: ArraySlice<UInt8>
        var position: Int

        var peek: UInt8? { position < text.endIndex ? text[position] : nil }

        mutating func skipSpace() {
            while let byte = peek, byte.isSpace || byte == 0xef || byte == 0xbb || byte == 0xbf { position += 1 }
        }

        /// Goes to the next `{` or `[`, past comment marks and what else may stand around; false where there is none.
        mutating func skipToValue() -> Bool {
            while let byte = peek, byte != UInt8(ascii: "{"), byte != UInt8(ascii: "[") { position += 1 }
            if text[position...].starts(with: "[CDATA[".utf8) {
                position += 7
                return skipToValue()
            }
            return peek != nil
        }

        /// Appends a string's text and goes behind its closing quote; false where there is none.
        mutating func string(into output: inout [UInt8]) -> Bool {
            position += 1
            while let byte = peek {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return true
                case UInt8(ascii: "\\"): escape(into: &output)
                case 0..<0x20: output.append(0x20)
                default: output.append(byte)
                }
            }
            return false
        }

        private mutating func escape(into output: inout [UInt8]) {
            guard let byte = peek else { return }
            position += 1
            switch byte {
            case UInt8(ascii: "n"), UInt8(ascii: "r"): output.append(0x0a)
            case UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"): output.append(0x20)
            case UInt8(ascii: "u"):
                guard let first = hexadecimal() else { return }
                var value = first
                if (0xd800..<0xdc00).contains(first), peek == UInt8(ascii: "\\"),
                    position + 1 < text.endIndex, text[position + 1] == UInt8(ascii: "u")
                {
                    let mark = position
                    position += 2
                    if let second = hexadecimal(), (0xdc00..<0xe000).contains(second) {
                        value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
                    } else {
                        position = mark
                    }
                }
                output.append(contentsOf: String(Unicode.Scalar(value) ?? "\u{fffd}").utf8)
            default: output.append(byte)
            }
        }

        private mutating func hexadecimal() -> UInt32? {
            guard position + 4 <= text.endIndex else { return nil }
            var value: UInt32 = 0
            for byte in text[position..<position + 4] {
                switch byte {
                case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
                case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x61 + 10)
                default: return nil
                }
            }
            position += 4
            return value
        }
    }
}
