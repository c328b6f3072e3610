import Articles

/// The formats that files are tried against, in order. The first that recognizes a file reads it.
///
/// This room turns the bytes of a whole file into articles. It does not read files, look at clocks, keep what it has
/// seen or decide what becomes of a file that fails.
package struct FormatRegistry: Sendable {
    private let formats: [any ArticleFormat]

    /// Makes a registry; stricter formats go before more lenient ones.
    package init(_ formats: [any ArticleFormat]) { self.formats = formats }

    /// Every format that Dropwire reads.
    package static let standard = FormatRegistry([
        NativeFormat()  // last: any plain text
    ])

    /// Returns what a file holds; `bytes` are exactly the file's, `name` is its name without directories.
    package func parse(
        _ bytes: [UInt8], name: [UInt8], _ context: FormatContext
    ) throws(ParseError) -> ParsedFile {
        for format in formats where format.recognizes(bytes, name: name) {
            return try format.parse(bytes, context)
        }
        throw ParseError(
            code: .unknownFormat, format: "-",
            message:
                "the content is of no format that is known, which are \(formats.map(\.name).joined(separator: ", "))")
    }
}
