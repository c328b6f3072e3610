import Glibc

/// Makes XML as people and programs write it fit for a parser: what would end the reading of a whole feed is put right
/// where it is plain what was meant.
///
/// Names of HTML's entities become their characters, a `&` that begins none becomes `&amp;`, and characters that XML does
/// not have are left out. The declaration and the doctype are, too: the bytes are UTF-8 by now, and what a document
/// declares is not used. CDATA sections and comments stay as they are.
struct XMLRepair {
    /// The repaired document.
    private(set) var bytes: [UInt8] = []
    /// Whether anything was put right that a strict parser would refuse.
    private(set) var isRepaired = false
    private let source: UnsafeBufferPointer<UInt8>

    static func repair(_ document: [UInt8]) -> (bytes: [UInt8], isRepaired: Bool) {
        document.withUnsafeBufferPointer { source in
            var repair = XMLRepair(source)
            repair.run()
            return (repair.bytes, repair.isRepaired)
        }
    }

    /// Returns text or markup with its references alone put right.
    static func references(in text: [UInt8]) -> [UInt8] {
        text.withUnsafeBufferPointer { source in
            var repair = XMLRepair(source)
            var index = 0
            while index < source.count {
                if source[index] == UInt8(ascii: "&") {
                    index = repair.reference(index)
                } else {
                    repair.bytes.append(source[index])
                    index += 1
                }
            }
            return repair.bytes
        }
    }

    private init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
        bytes.reserveCapacity(source.count + source.count / 16 + 64)
    }

    private mutating func run() {
        var index = 0
        // What stands before the first tag is no part of the document.
        while index < source.count, source[index] != UInt8(ascii: "<") { index += 1 }
        if source[..<index].contains(where: { $0 > 0x20 }) { isRepaired = true }
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "<"): index = tag(index)
            case UInt8(ascii: "&"): index = reference(index)
            case 0..<0x20 where ![0x09, 0x0a, 0x0d].contains(source[index]):
                isRepaired = true
                index += 1
            case 0xef where isNoCharacter(index): index += 3
            case 0xc2 where index + 1 < source.count && source[index + 1] < 0xa0: index = control(index)
            default:
                let start = index
                while index < source.count, !XMLRepair.isSpecial[Int(source[index])] { index += 1 }
                if index == start { index += 1 }
                bytes.append(contentsOf: source[start..<index])
            }
        }
    }

    private static let isSpecial: [Bool] = (0..<256).map { byte in
        byte == 0x3c || byte == 0x26 || byte == 0xef || byte == 0xc2
            || byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d
    }

    /// U+FFFE and U+FFFF.
    private func isNoCharacter(_ index: Int) -> Bool {
        index + 2 < source.count && source[index + 1] == 0xbf && source[index + 2] >= 0xbe
    }

    /// A control character of Latin 1, which is one of windows-1252 that somebody converted.
    private mutating func control(_ index: Int) -> Int {
        isRepaired = true
        if let scalar = HTMLEntities.windows1252[UInt32(source[index + 1])] {
            bytes.append(contentsOf: UTF8.encode(scalar)!)
        }
        return index + 2
    }

    // MARK: Markup

    private func starts(_ index: Int, _ text: StaticString) -> Bool {
        index + text.utf8CodeUnitCount <= source.count
            && memcmp(source.baseAddress! + index, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Returns the index behind the first `text` from `index` on; nil where there is none.
    private func end(of text: StaticString, from index: Int) -> Int? {
        var start = index
        while start < source.count,
            let found = memchr(source.baseAddress! + start, Int32(text.utf8Start.pointee), source.count - start)
        {
            let place = found - UnsafeMutableRawPointer(mutating: source.baseAddress!)
            if starts(place, text) { return place + text.utf8CodeUnitCount }
            start = place + 1
        }
        return nil
    }

    /// Takes a section, comment, declaration or doctype as a whole; of a tag its first byte.
    private mutating func tag(_ index: Int) -> Int {
        if starts(index, "<![CDATA[") { return copy(index, to: end(of: "]]>", from: index)) }
        if starts(index, "<!--") { return leaveOut(index, to: end(of: "-->", from: index)) }
        if starts(index, "<?") { return leaveOut(index, to: end(of: "?>", from: index)) }
        if starts(index, "<!DOCTYPE") || starts(index, "<!doctype") {
            return leaveOut(index, to: source[index...].endOfDoctype())
        }
        bytes.append(source[index])
        return index + 1
    }

    private mutating func copy(_ index: Int, to end: Int?) -> Int {
        let end = end ?? source.count
        for byte in source[index..<end] {
            if byte < 0x20, byte != 0x09, byte != 0x0a, byte != 0x0d { isRepaired = true } else { bytes.append(byte) }
        }
        return end
    }

    /// Line ends stay, so that lines have the numbers that they had.
    private mutating func leaveOut(_ index: Int, to end: Int?) -> Int {
        let end = end ?? source.count
        for byte in source[index..<end] where byte == 0x0a { bytes.append(byte) }
        return end
    }

    // MARK: References

    private mutating func reference(_ index: Int) -> Int {
        var end = index + 1
        while end < source.count, end - index < 34, source[end].isLetter || source[end].isDigit || source[end] == 0x23 {
            end += 1
        }
        let name = source[(index + 1)..<end]
        guard end < source.count, source[end] == UInt8(ascii: ";"), !name.isEmpty else { return literal(index) }
        if name.first == UInt8(ascii: "#") { return number(name.dropFirst(), index, end + 1) }
        let text = String(decoding: name, as: UTF8.self)
        if ["amp", "lt", "gt", "quot", "apos"].contains(text) {
            bytes.append(contentsOf: source[index...end])
            return end + 1
        }
        isRepaired = true
        guard let character = HTMLEntities.character(text) else { return literal(index) }
        bytes.append(contentsOf: character.utf8)
        return end + 1
    }

    private mutating func literal(_ index: Int) -> Int {
        isRepaired = true
        bytes.append(contentsOf: "&amp;".utf8)
        return index + 1
    }

    private mutating func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>, _ index: Int, _ end: Int) -> Int {
        let text = String(decoding: digits, as: UTF8.self)
        let value = text.hasPrefix("x") || text.hasPrefix("X") ? UInt32(text.dropFirst(), radix: 16) : UInt32(text)
        guard let value else { return literal(index) }
        // Numbers of windows-1252, as browsers read them.
        if let scalar = HTMLEntities.windows1252[value] ?? Unicode.Scalar(value),
            scalar.value >= 0x20 || [0x09, 0x0a, 0x0d].contains(scalar.value), scalar.value != 0xfffe,
            scalar.value != 0xffff
        {
            switch scalar {
            case "&", "<", ">", "\"", "'": bytes.append(contentsOf: source[index..<end])
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        } else {
            isRepaired = true
        }
        return end
    }
}
