/// A value of a parsed text, read from simdjson's tape: each word has its kind in the upper eight bits.
///
/// It is valid until its parser reads another text; to use it later is a programmer's error and traps.
package struct JSONElement {
    /// What a value is.
    package enum Kind: Sendable, Equatable {
        case object, array, string, integer, number, boolean, null
    }

    private let parser: JSONParser
    private let generation: Int
    /// The word of the tape where it begins.
    let index: Int

    init(parser: JSONParser, generation: Int, index: Int) {
        self.parser = parser
        self.generation = generation
        self.index = index
    }

    func at(_ index: Int) -> JSONElement { JSONElement(parser: parser, generation: generation, index: index) }

    private func word(_ index: Int) -> UInt64 {
        precondition(generation == parser.generation, "the parser has read another text meanwhile")
        return parser.tape[index]
    }

    private var tag: UInt8 { UInt8(word(index) >> 56) }

    /// What it is.
    package var kind: Kind {
        switch tag {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "l"), UInt8(ascii: "u"): .integer
        case UInt8(ascii: "d"): .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        default: .null
        }
    }

    package var isNull: Bool { tag == UInt8(ascii: "n") }

    /// The index behind it.
    var end: Int {
        switch tag {
        case UInt8(ascii: "{"), UInt8(ascii: "["): Int(word(index) & 0xffff_ffff)
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
        default: index + 1
        }
    }

    // MARK: Simple values

    /// Calls with the UTF-8 of a string; nil for anything else.
    package func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        guard tag == UInt8(ascii: "\"") else { return nil }
        let start = parser.strings + Int(word(index) & 0x00ff_ffff_ffff_ffff)
        let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return try body(UnsafeBufferPointer(start: start + 4, count: Int(count)))
    }

    /// The text of a string.
    package var text: String? { withText { String(decoding: $0, as: UTF8.self) } }

    /// A whole number that 64 bits with a sign can hold.
    package var integer: Int64? {
        switch tag {
        case UInt8(ascii: "l"): Int64(bitPattern: word(index + 1))
        case UInt8(ascii: "u"): Int64(exactly: word(index + 1))
        default: nil
        }
    }

    /// Any number.
    package var number: Double? {
        switch tag {
        case UInt8(ascii: "l"): Double(Int64(bitPattern: word(index + 1)))
        case UInt8(ascii: "u"): Double(word(index + 1))
        case UInt8(ascii: "d"): Double(bitPattern: word(index + 1))
        default: nil
        }
    }

    package var boolean: Bool? {
        switch tag {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// Returns whether it is this string.
    package func isText(_ text: StaticString) -> Bool {
        withText { own in
            text.withUTF8Buffer { own.count == $0.count && own.elementsEqual($0) }
        } ?? false
    }

    // MARK: What it consists of

    /// The elements of an array; none for anything else.
    package var elements: [JSONElement] {
        guard tag == UInt8(ascii: "[") else { return [] }
        var elements: [JSONElement] = []
        var place = index + 1
        let last = end - 1
        while place < last {
            let element = at(place)
            elements.append(element)
            place = element.end
        }
        return elements
    }

    /// The value of an object's member by its name, the first where there are several; nil where there is none.
    package subscript(_ name: StaticString) -> JSONElement? {
        guard tag == UInt8(ascii: "{") else { return nil }
        var place = index + 1
        let last = end - 1
        while place < last {
            let value = at(place + 1)
            if at(place).isText(name) { return value }
            place = value.end
        }
        return nil
    }
}
