/// A key of a terminal.
package enum Key: Sendable, Equatable {
    case character(Character)
    case up, down, left, right, pageUp, pageDown, home, end, tab, backTab, escape

    /// Reads what a terminal sends in one go; what is not known is left out.
    static func read(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        var rest = Array(bytes)[...]
        while let first = rest.popFirst() {
            switch first {
            case 0x1b where rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O"):
                rest.removeFirst()
                let end = rest.firstIndex { (0x40...0x7e).contains($0) } ?? rest.endIndex
                let sequence = String(decoding: rest[..<min(end + 1, rest.endIndex)], as: UTF8.self)
                rest = rest[min(end + 1, rest.endIndex)...]
                if let key = sequences[sequence] { keys.append(key) }
            case 0x1b: keys.append(.escape)
            case 0x09: keys.append(.tab)
            case 0x20...0x7e: keys.append(.character(Character(UnicodeScalar(first))))
            default: continue
            }
        }
        return keys
    }

    private static let sequences: [String: Key] = [
        "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end, "1~": .home, "4~": .end, "5~": .pageUp,
        "6~": .pageDown, "Z": .backTab,
    ]
}
