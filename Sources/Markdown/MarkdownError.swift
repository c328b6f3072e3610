/// Why a text of Markdown is not taken.
package enum MarkdownError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Its HTML would be larger than so many bytes.
    case tooLarge(limit: Int)
    /// It could not be read, for want of memory.
    case failed

    /// The reason as a sentence.
    package var description: String {
        switch self {
        case .tooLarge(let limit): "its HTML has more than \(limit) bytes"
        case .failed: "there is no memory to read it"
        }
    }
}
