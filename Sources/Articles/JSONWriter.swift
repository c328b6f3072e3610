/// A writer of one JSON text into a byte array, for records on the hot path (about four times JSONEncoder's rate).
///
/// The caller opens and closes objects and arrays in order; commas are placed by the writer. Absent is absent: the
/// `field` functions write nothing for nil, and nothing for an empty array.
package struct JSONWriter: Sendable {
    /// The UTF-8 bytes written so far.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Makes an empty writer.
    package init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    // MARK: Structure

    /// Opens an object.
    package mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
    }

    /// Closes an object.
    package mutating func endObject() {
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Opens an array.
    package mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
    }

    /// Closes an array.
    package mutating func endArray() {
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a member's name; its value follows.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member's name that is not known beforehand; its value follows.
    package mutating func key(text name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    /// Writes a string, escaped as RFC 8259 asks.
    package mutating func string(_ value: String) {
        separate()
        var value = value
        value.withUTF8 { appendEscaped($0) }
        needsComma = true
    }

    /// Writes an integer.
    package mutating func integer(_ value: some BinaryInteger) {
        if let small = Int64(exactly: value) { return integer(small) }
        separate()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    /// Writes an integer; a reply of shared work has three a record.
    package mutating func integer(_ value: UInt64) {
        separate()
        appendDigits(of: value)
        needsComma = true
    }

    /// Writes an integer.
    package mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(of: value.magnitude)
        needsComma = true
    }

    /// Writes a number; what JSON cannot say (infinite, not a number) becomes 0.
    package mutating func number(_ value: Double) {
        separate()
        bytes.append(contentsOf: (value.isFinite ? String(value) : "0").utf8)
        needsComma = true
    }

    /// Writes true or false.
    package mutating func boolean(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Writes null.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
        needsComma = true
    }

    /// Writes a value that is JSON already.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    // MARK: Members

    /// Writes a member, nothing for nil.
    package mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// Writes a member, nothing for nil.
    package mutating func field(_ name: StaticString, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        key(name)
        integer(value)
    }

    /// Writes a member.
    package mutating func field(_ name: StaticString, _ value: UInt64) {
        key(name)
        integer(value)
    }

    /// Writes a member.
    package mutating func field(_ name: StaticString, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// Writes a member, nothing for nil.
    package mutating func field(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    /// Writes a member.
    package mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        boolean(value)
    }

    /// Writes an array of strings, nothing for an empty one.
    package mutating func field(_ name: StaticString, _ values: [String]) {
        guard !values.isEmpty else { return }
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    /// Writes an array of strings, also an empty one: for replies in which the member is promised.
    package mutating func array(_ name: StaticString, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    /// Writes an array of integers, also an empty one.
    package mutating func array(_ name: StaticString, _ values: [UInt64]) {
        key(name)
        beginArray()
        for value in values { integer(value) }
        endArray()
    }

    // MARK: Bytes

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// None of eight bytes is a control character, a quote, a backslash or DEL. Bytes of 0x80 and above are plain; a byte
    /// after one that is not plain may be taken for one, which only costs a look.
    private static func isPlain(_ word: UInt64) -> Bool { marks(word) & 0x8080_8080_8080_8080 == 0 }

    /// The same of 32 bytes.
    private static func isPlain(_ block: SIMD4<UInt64>) -> Bool {
        (marks(block[0]) | marks(block[1]) | marks(block[2]) | marks(block[3])) & 0x8080_8080_8080_8080 == 0
    }

    /// The high bit of a byte says whether it needs a look.
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func zeroes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        return ((word &- ones &* 0x20) & ~word) | zeroes(word ^ (ones &* 0x22)) | zeroes(word ^ (ones &* 0x5c))
            | zeroes(word ^ (ones &* 0x7f))
    }

    private mutating func appendDigits(of value: UInt64) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        var (low, high) = (start, bytes.count - 1)
        while low < high {
            bytes.swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
    }

    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        // Once for a long text, with room for its escapes: to grow in the middle would copy what is written.
        if text.count > 4096 { bytes.reserveCapacity(bytes.count + text.count + text.count >> 4 + 1024) }
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        var index = 0
        let raw = UnsafeRawBufferPointer(text)
        while index < text.count {
            // Many bytes at once while none of them needs a look.
            if index + 32 <= text.count,
                JSONWriter.isPlain(raw.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self))
            {
                index += 32
                continue
            }
            if index + 8 <= text.count,
                JSONWriter.isPlain(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            {
                index += 8
                continue
            }
            let byte = text[index]
            index += 1
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x7f { continue }
            if start < index - 1 { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index - 1])) }
            start = index
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(byte)
            case 0x0a: appendEscape(UInt8(ascii: "n"))
            case 0x0d: appendEscape(UInt8(ascii: "r"))
            case 0x09: appendEscape(UInt8(ascii: "t"))
            default:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }
}
