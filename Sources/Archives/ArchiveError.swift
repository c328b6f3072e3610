/// Why compressed data or an archive cannot be read.
package struct ArchiveError: Error, Equatable, CustomStringConvertible {
    /// How much cannot be read any more.
    package enum Extent: Sendable {
        /// The entry; the next one may be good.
        case entry
        /// Everything that follows.
        case rest
    }

    /// What was being done: `read zip`, `decompress gzip`.
    package let operation: String
    /// The library's own sentence, or ours where it has none.
    package let message: String
    /// How far the input had been used, in bytes.
    package let position: Int
    package let extent: Extent
    /// The input ended where more was expected.
    package let isTruncated: Bool

    package var description: String { "\(operation): byte \(position): \(message)" }
}
