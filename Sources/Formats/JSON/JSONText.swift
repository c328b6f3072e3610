import JSON

/// Strings of JSON as fields are.
enum JSONText {
    /// The text of a string without space around it; nil where there is nothing else, or it is no string.
    static func trimmed(_ value: JSONElement) -> String? {
        value.withText { bytes -> String? in
            var range = bytes.indices
            while let first = range.first, bytes[first] <= 0x20 { range = first + 1..<range.upperBound }
            while let last = range.last, bytes[last] <= 0x20 { range = range.lowerBound..<last }
            return range.isEmpty ? nil : String(decoding: bytes[range], as: UTF8.self)
        } ?? nil
    }
}
