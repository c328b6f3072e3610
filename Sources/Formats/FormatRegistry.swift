import Articles

/// The formats that files are tried against, in order. The first that recognizes a file reads it.
///
/// This room turns the bytes of a whole file into articles. It does not read files, look at clocks, keep what it has
/// seen or decide what becomes of a file that fails.
package struct FormatRegistry: Sendable {
    private let formats: [any ArticleFormat]
    /// Where one format reads what it would not recognize, too: all of them.
    private let others: [any ArticleFormat]?

    /// Makes a registry; stricter formats go before more lenient ones.
    package init(_ formats: [any ArticleFormat]) { self.init(formats, others: nil) }

    private init(_ formats: [any ArticleFormat], others: [any ArticleFormat]?) {
        self.formats = formats
        self.others = others
    }

    private var isForced: Bool { others != nil }

    /// The registry that recognizes what lies in a file, whose own format is said beforehand.
    var unforced: FormatRegistry { others.map { FormatRegistry($0) } ?? self }

    /// Returns the format that recognizes a file; nil where none does.
    func format(of bytes: [UInt8], name: [UInt8]) -> (any ArticleFormat)? {
        formats.first { $0.recognizes(bytes, name: name) }
    }

    /// Every format that Dropwire reads.
    package static let standard = standard(fields: .usual)

    /// Every format, where members of JSON objects mean what a mapping says.
    package static func standard(fields: FieldMapping) -> FormatRegistry {
        FormatRegistry([
            HTMLFormat(),
            FeedFormat(),
            WARCFormat(),
            MailFormat(),
            MboxFormat(),
            JSONFormat(mapping: fields),
            NativeFormat(),  // last: any plain text
        ])
    }

    /// Returns the format of a file that is read piece by piece; nil where it is read as a whole.
    ///
    /// - Parameter start: its first bytes.
    func streamed(_ start: [UInt8], name: [UInt8]) -> (any StreamedFormat)? {
        if isForced { return formats.first as? any StreamedFormat }
        for case let format as any StreamedFormat in formats where format.recognizes(start, name: name) {
            return format
        }
        return nil
    }

    /// The names of the formats, as a configuration has them.
    package var names: [String] { formats.map(\.name) }

    /// The registry of one format, which reads every file, whatever it looks like; nil where no format has that name.
    package func only(_ name: String) -> FormatRegistry? {
        formats.first { $0.name == name }.map { FormatRegistry([$0], others: formats) }
    }

    /// Returns what a file holds; `bytes` are exactly the file's, `name` is its name without directories.
    package func parse(
        _ bytes: [UInt8], name: [UInt8], _ context: FormatContext
    ) throws(ParseError) -> ParsedFile {
        if isForced, let format = formats.first { return try format.parse(bytes, context) }
        for format in formats where format.recognizes(bytes, name: name) {
            return try format.parse(bytes, context)
        }
        throw ParseError(
            code: .unknownFormat, format: "-",
            message:
                "the content is of no format that is known, which are \(names.joined(separator: ", "))")
    }
}
