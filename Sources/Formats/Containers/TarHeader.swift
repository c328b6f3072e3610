/// What a tar is recognized by: the first of its headers.
enum TarHeader {
    static let size = 512

    /// Whether bytes begin with a header: the word `ustar` in its place, or the header's checksum, which tars from before
    /// that word have as well.
    static func begins(_ start: [UInt8]) -> Bool {
        guard start.count >= size else { return false }
        // A text may have the word there, but no NUL.
        if start[257] == UInt8(ascii: "u"), start[257..<262].elementsEqual("ustar".utf8), start[..<size].contains(0) {
            return true
        }
        return hasChecksum(start)
    }

    /// Whether bytes are an empty tar, as far as they can be seen: nothing but the mark of the end.
    static func isEnd(_ start: [UInt8]) -> Bool { start.count >= size && start.allSatisfy { $0 == 0 } }

    private static func hasChecksum(_ start: [UInt8]) -> Bool {
        // Six octal digits, perhaps led by spaces, and then NUL and space in either order.
        guard start[154] == 0 || start[154] == 0x20, start[155] == 0 || start[155] == 0x20 else { return false }
        var expected = 0
        for byte in start[148..<154] {
            switch byte {
            case 0x20: continue
            case 0x30...0x37: expected = expected << 3 | Int(byte - 0x30)
            default: return false
            }
        }
        var sum = 8 * 0x20
        for (index, byte) in start.prefix(size).enumerated() where !(148..<156).contains(index) { sum += Int(byte) }
        return sum == expected
    }
}
