/// A part of a file that gave no article while others may have.
package struct FailedPart: Sendable, Equatable {
    /// The part's place in its file, from 1.
    package var part: Int
    package var error: ParseError

    /// Makes a failed part.
    package init(part: Int, error: ParseError) {
        self.part = part
        self.error = error
    }
}
