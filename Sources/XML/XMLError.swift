/// Why a document is not well-formed, in libxml2's words.
package struct XMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The code of `xmlParserErrors`.
    package var code: Int32
    /// The line, from 1; 0 where it is not known.
    package var line: Int
    /// libxml2's sentence.
    package var message: String

    /// Whether the document ended before it was complete.
    package var isPremature = false

    /// The error as `line 3: the sentence`.
    package var description: String { line > 0 ? "line \(line): \(message)" : message }
}
