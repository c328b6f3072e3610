/// Reads one JSON text (RFC 8259) from bytes that people wrote: an error says where it is, and whether the text looks cut.
///
/// It is strict: no comments, no closing commas, no member twice. A byte order mark is taken.
package struct JSONReader {
    /// Why bytes are no JSON text.
    package struct Fault: Error, Sendable, Equatable {
        /// The line, from 1.
        package var line: Int
        /// The cause, for people.
        package var message: String
        /// The text ends where it should go on.
        package var isCut: Bool
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private let maximumDepth: Int

    /// Returns the value that the whole text is.
    ///
    /// - Parameter maximumDepth: arrays and objects nested deeper are refused.
    package static func read(_ bytes: [UInt8], maximumDepth: Int = 64) throws(Fault) -> JSONValue {
        let result: Result<JSONValue, Fault> = bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer, maximumDepth: maximumDepth)
            do throws(Fault) { return .success(try reader.text()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private mutating func text() throws(Fault) -> JSONValue {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard index == bytes.count else { throw fault("something follows the end of the value") }
        return value
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(Fault) -> JSONValue {
        skipSpace()
        guard let first = next else { throw cut() }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("there is no value where one should be")
        }
    }

    private mutating func object(depth: Int) throws(Fault) -> JSONValue {
        try enter(depth)
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard next != nil else { throw cut() }
            guard next == UInt8(ascii: "\"") else { throw fault("a member's name in \"…\" is missing") }
            let start = index
            let name = try string()
            skipSpace()
            guard next != nil else { throw cut() }
            guard take(":") else { throw fault("the : behind the name \"\(name)\" is missing") }
            let value = try value(depth: depth)
            guard members.updateValue(value, forKey: name) == nil else {
                index = start
                throw fault("the member \"\(name)\" stands there twice")
            }
            skipSpace()
            if take("}") { return .object(members) }
            guard next != nil else { throw cut() }
            guard take(",") else { throw fault("a , or } is missing behind the member \"\(name)\"") }
        }
    }

    private mutating func array(depth: Int) throws(Fault) -> JSONValue {
        try enter(depth)
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try value(depth: depth))
            skipSpace()
            if take("]") { return .array(values) }
            guard next != nil else { throw cut() }
            guard take(",") else { throw fault("a , or ] is missing behind a value") }
        }
    }

    private mutating func enter(_ depth: Int) throws(Fault) {
        guard depth <= maximumDepth else { throw fault("values are nested more than \(maximumDepth) deep") }
        index += 1
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Fault) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw cut() }
            guard bytes[index] == word.utf8Start[offset] else { throw fault("there is no value where one should be") }
            index += 1
        }
        return value
    }

    private mutating func number() throws(Fault) -> JSONValue {
        let start = index
        _ = take("-")
        let isZero = next == UInt8(ascii: "0")
        let count = try digits()
        guard !isZero || count == 1 else { throw fault("a number begins with 0") }
        var isInteger = true
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw fault("the number \(text) is too large") }
        return .number(value)
    }

    @discardableResult
    private mutating func digits() throws(Fault) -> Int {
        let start = index
        while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
        guard index > start else { throw next == nil ? cut() : fault("a digit is missing in a number") }
        return index - start
    }

    // MARK: Strings

    private mutating func string() throws(Fault) -> String {
        index += 1
        var text: [UInt8] = []
        var start = index
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[start..<index])
                guard let string = String(validating: text, as: UTF8.self) else { throw fault("a string is not UTF-8") }
                index += 1
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[start..<index])
                index += 1
                try escape(&text)
                start = index
            case ..<0x20: throw fault("a string has a control character that is not escaped")
            default: index += 1
            }
        }
        throw cut()
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Fault) {
        guard let byte = next else { throw cut() }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xd800...0xdbff).contains(code) {
                // The half of a character; the other half must follow.
                guard take("\\"), take("u") else { throw next == nil ? cut() : fault("half a character is escaped") }
                let low = try unit()
                guard (0xdc00...0xdfff).contains(low) else { throw fault("half a character is escaped") }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a character is escaped") }
            text.append(contentsOf: UTF8.encode(scalar)!)
        default:
            index -= 1
            throw fault("a \\ stands before what it cannot escape")
        }
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw cut() }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are missing behind \\u")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    // MARK: The text

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
    }

    private func fault(_ message: String) -> Fault { Fault(line: line, message: message, isCut: false) }

    private func cut() -> Fault {
        let message = bytes.allSatisfy { $0 <= 0x20 } ? "there is nothing in it" : "the text ends too early"
        return Fault(line: line, message: message, isCut: true)
    }

    private var line: Int { 1 + bytes[..<min(index, bytes.count)].count { $0 == 0x0a } }
}
