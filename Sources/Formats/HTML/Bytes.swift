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
