package import Articles

/// Why bytes are not an article of a format.
package struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the file the cause is.
    package enum Position: Sendable, Equatable, CustomStringConvertible {
        /// A line, from 1.
        case line(Int)
        /// An offset in bytes, from 0.
        case byte(Int)

        /// The position as `line 3` or `byte 17`.
        package var description: String {
            switch self {
            case .line(let number): "line \(number)"
            case .byte(let offset): "byte \(offset)"
            }
        }
    }

    /// The word for programs.
    package var code: ReasonCode
    /// The format that was tried, for example `native`.
    package var format: String
    package var position: Position?
    /// The cause, for people.
    package var message: String
    /// What to do about it, where that is known.
    package var hint: String?
    /// Whether the file may have been read before it was complete.
    package var looksTruncated: Bool

    /// Makes an error.
    package init(
        code: ReasonCode, format: String, position: Position? = nil, message: String, hint: String? = nil,
        looksTruncated: Bool = false
    ) {
        self.code = code
        self.format = format
        self.position = position
        self.message = message
        self.hint = hint
        self.looksTruncated = looksTruncated
    }

    /// Something in a file that is larger than the articles of its directory may be.
    ///
    /// - Parameter what: what it is, as `the mail`.
    static func overArticleLimit(
        _ what: String, _ context: FormatContext, format: String, at position: Position? = nil
    ) -> ParseError {
        ParseError(
            code: .tooLarge, format: format, position: position,
            message: "\(what) has more than \(context.maximumArticleBytes) bytes, which is max_article_bytes",
            hint: "raise the limit of the drop directory and retry")
    }

    /// The error without its hint, as `parse as native: line 3: the cause`.
    package var cause: String {
        let operation = format == "-" ? "" : "parse as \(format): "
        return operation + (position.map { "\($0): " } ?? "") + message
    }

    /// The error as `parse as native: line 3: the cause (the hint)`.
    package var description: String { cause + (hint.map { " (\($0))" } ?? "") }
}
