extension Collection<UInt8> {
    /// Returns whether a text stands somewhere in the bytes; `text` is short.
    func contains(sequence text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return text.withUTF8Buffer { text in
            var start = startIndex
            var left = count
            while left >= length {
                if self[start...].starts(with: text) { return true }
                start = index(after: start)
                left -= 1
            }
            return false
        }
    }
}

extension Collection<UInt8> where Index == Int {
    /// Returns the index behind the first place where a text stands; nil where there is none. `text` is short.
    func end(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        return text.withUTF8Buffer { text in
            var start = startIndex
            while start + length <= endIndex {
                if self[start...].starts(with: text) { return start + length }
                start += 1
            }
            return nil
        }
    }

    /// Returns the index behind the `>` that ends a doctype at the beginning, past what it declares between brackets.
    func endOfDoctype() -> Int? {
        var depth = 0
        for (index, byte) in zip(indices, self) {
            switch byte {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ">") where depth <= 0: return index + 1
            default: break
            }
        }
        return nil
    }
}

extension [UInt8] {
    /// Whether the first byte that can be seen is that of a tag: by that most files are known not to be markup.
    func beginsWithTag(within limit: Int) -> Bool {
        for byte in prefix(limit) {
            switch byte {
            // What stands before it in UTF-16, and byte order marks, which are looked at more closely then.
            case 0, 0xef, 0xbb, 0xbf, 0xff, 0xfe: continue
            case let byte where byte.isSpace: continue
            default: return byte == UInt8(ascii: "<")
            }
        }
        return false
    }
}

extension UInt8 {
    /// The byte with A–Z in lower case.
    var lowercased: UInt8 { (0x41...0x5a).contains(self) ? self | 0x20 : self }
    /// Whether it is white space in HTML.
    var isSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
    /// Whether it is 0–9.
    var isDigit: Bool { (0x30...0x39).contains(self) }
    /// Whether it is a–z or A–Z.
    var isLetter: Bool { (0x61...0x7a).contains(self | 0x20) }
}
