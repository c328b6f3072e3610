/// Why bytes are no JSON text, in simdjson's words. It does not know where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The library's number.
    package let code: Int32
    package let description: String
}
