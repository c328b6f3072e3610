/// Reads the json frames of DW1 as almost every peer writes them: one flat object of whole numbers, strings without
/// escapes, and arrays or objects of these.
///
/// It gives up on everything else, also on what is no JSON and on members that the caller does not know. Foundation's
/// decoder then has the word, and says what is wrong; it takes some ten times as long, which shows where a frame has a
/// hundred leases.
struct PlainReader {
    private let bytes: [UInt8]
    private var index = 0
    /// The name of the member that is being read.
    private var name = 0..<0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the object that a frame is, all of it; nil where `body` gives up or something is left.
    static func read<Result>(_ bytes: [UInt8], _ body: (inout PlainReader) -> Result?) -> Result? {
        var reader = PlainReader(bytes)
        guard let result = body(&reader) else { return nil }
        reader.skipSpace()
        return reader.index == bytes.count ? result : nil
    }

    /// Reads an object and calls `member` for each value, which reads it; false where it could not.
    mutating func object(_ member: (inout PlainReader) -> Bool) -> Bool {
        guard take("{") else { return false }
        if take("}") { return true }
        repeat {
            guard let name = text(), take(":") else { return false }
            self.name = name
            guard member(&self) else { return false }
        } while take(",")
        return take("}")
    }

    /// Reads an array and calls `element` for each value, which reads it; false where it could not.
    mutating func array(_ element: (inout PlainReader) -> Bool) -> Bool {
        guard take("[") else { return false }
        if take("]") { return true }
        repeat {
            guard element(&self) else { return false }
        } while take(",")
        return take("]")
    }

    /// Whether the member that is being read has this name.
    func isNamed(_ name: StaticString) -> Bool {
        guard self.name.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { wanted in
            for offset in 0..<wanted.count where bytes[self.name.lowerBound + offset] != wanted[offset] { return false }
            return true
        }
    }

    /// Reads a whole number into `value`; false where there is none or it does not fit.
    mutating func integer<Value: FixedWidthInteger>(into value: inout Value?) -> Bool {
        skipSpace()
        let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var magnitude: UInt64 = 0
        while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
            // Eighteen digits fit whatever they are.
            guard index - start < 18 else { return false }
            magnitude = magnitude * 10 + UInt64(digit)
            index += 1
        }
        // No leading zeros, and nothing of a fraction behind it.
        guard index > start, bytes[start] != UInt8(ascii: "0") || index == start + 1, isAtEnd else { return false }
        value = Value(exactly: isNegative ? -Int64(magnitude) : Int64(magnitude))
        return value != nil
    }

    /// Reads a string into `value`; false where there is none.
    mutating func string(into value: inout String?) -> Bool {
        guard let range = text() else { return false }
        value = String(validating: bytes[range], as: UTF8.self)
        return value != nil
    }

    /// Reads an array of strings into `values`.
    mutating func strings(into values: inout [String]?) -> Bool {
        var read: [String] = []
        let isRead = array { reader in
            var value: String?
            guard reader.string(into: &value), let value else { return false }
            read.append(value)
            return true
        }
        values = read
        return isRead
    }

    /// Reads an array of whole numbers into `values`.
    mutating func integers(into values: inout [UInt64]?) -> Bool {
        var read: [UInt64] = []
        let isRead = array { reader in
            var value: UInt64?
            guard reader.integer(into: &value), let value else { return false }
            read.append(value)
            return true
        }
        values = read
        return isRead
    }

    // MARK: The text

    /// A value is over here.
    private var isAtEnd: Bool {
        guard index < bytes.count else { return true }
        switch bytes[index] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0a, 0x0d, 0x09: return true
        default: return false
        }
    }

    /// Where the next string stands, without its quotes; nil where there is none, or one with escapes.
    private mutating func text() -> Range<Int>? {
        guard take("\"") else { return nil }
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return start..<index - 1
            case UInt8(ascii: "\\"), ..<0x20: return nil
            default: index += 1
            }
        }
        return nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0a, 0x0d, 0x09: index += 1
            default: return
            }
        }
    }
}
