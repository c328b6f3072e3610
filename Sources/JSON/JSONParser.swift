import CSimdJSON

/// Parses JSON texts (RFC 8259) with simdjson, one after the other, in memory that it uses again.
///
/// It is strict: valid UTF-8, no comments, no closing commas. What it gives is read in place and is gone with the next text.
/// It has one user.
package final class JSONParser {
    private let handle: OpaquePointer
    /// The number of the text that the tape is of.
    private(set) var generation = 0
    private(set) var tape: UnsafePointer<UInt64>
    private(set) var strings: UnsafePointer<UInt8>
    private var longest = 0
    /// Memory for a longer text is given back before the next one.
    private static let kept = 4 << 20

    /// Makes a parser.
    ///
    /// - Parameter maximumDepth: arrays and objects nested deeper are refused.
    package init(maximumDepth: Int = 64) {
        guard let made = csimdjson_make(maximumDepth) else { fatalError("there is no memory for a JSON parser") }
        handle = made
        // Nothing is read before the first text is there.
        tape = UnsafePointer(bitPattern: 8)!
        strings = UnsafePointer(bitPattern: 8)!
    }

    deinit { csimdjson_free(handle) }

    /// Returns the value that a text is; elements of earlier texts may no longer be used.
    ///
    /// The corresponding C++ function is `simdjson::dom::parser::parse`.
    ///
    /// - Parameter range: where in `bytes` the text stands.
    package func parse(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONError) -> JSONElement {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        generation += 1
        if longest > JSONParser.kept {
            csimdjson_shrink(handle)
            longest = 0
        }
        longest = max(longest, range.count)
        let code = bytes.withUnsafeBufferPointer {
            csimdjson_parse(handle, $0.baseAddress.map { $0 + range.lowerBound }, range.count)
        }
        guard code == 0, let tape = csimdjson_tape(handle), let strings = csimdjson_strings(handle) else {
            throw JSONError(code: code, description: String(cString: csimdjson_message(code)))
        }
        self.tape = tape
        self.strings = strings
        return JSONElement(parser: self, generation: generation, index: 1)
    }

    /// Returns the value that a text is.
    package func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONElement { try parse(bytes, bytes.indices) }
}
