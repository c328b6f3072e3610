import Articles

/// The formats that files are tried against, in order. The first that recognizes a file reads it.
///
/// This room turns the bytes of a whole file into articles. It does not read files, look at clocks, keep what it has
/// seen or decide what becomes of a file that fails.
package struct FormatRegistry: Sendable {
    private let formats: [any ArticleFormat]
    /// Where one format reads what it would not recognize, too: all of them.
    private let others: [any ArticleFormat]?
    /// How many formats there are to the last that reads piece by piece. Whether a file is one for that is asked of these
    /// alone: behind them are texts, most of all files, whose whole content would be looked at twice.
    private let streamedCount: Int

    /// Makes a registry; stricter formats go before more lenient ones.
    package init(_ formats: [any ArticleFormat]) { self.init(formats, others: nil) }

    private init(_ formats: [any ArticleFormat], others: [any ArticleFormat]?) {
        self.formats = formats
        self.others = others
        streamedCount = formats.lastIndex { $0 is any StreamedFormat }.map { $0 + 1 } ?? 0
    }

    private var isForced: Bool { others != nil }

    /// The registry that recognizes what lies in a file, whose own format is said beforehand.
    var unforced: FormatRegistry { others.map { FormatRegistry($0) } ?? self }

    /// Returns the format that reads a file: the one that was asked for, or the first that recognizes it; nil where none
    /// does.
    func format(of bytes: [UInt8], name: [UInt8]) -> (any ArticleFormat)? {
        find(bytes, name: name, among: formats.count)?.format
    }

    private typealias Found = (format: any ArticleFormat, index: Int, sign: String)

    /// Asks the first formats, one after the other.
    private func find(_ bytes: [UInt8], name: [UInt8], among count: Int) -> Found? {
        if isForced, let format = formats.first { return (format, 0, "it is the format that was asked for") }
        for (index, format) in formats.prefix(count).enumerated() {
            if let sign = format.sign(of: bytes, name: name) { return (format, index, sign) }
        }
        return nil
    }

    private func explain(_ found: Found, to context: FormatContext) {
        guard let explain = context.explain else { return }
        explain(
            Explanation(
                .format, found.format.name, reason: found.sign, triedBefore: formats[..<found.index].map(\.name)))
    }

    /// Every format that Dropwire reads.
    package static let standard = standard(fields: .usual)

    /// Every format, where members of JSON objects and of front matter mean what a mapping says.
    package static func standard(fields: FieldMapping) -> FormatRegistry {
        FormatRegistry([
            HTMLFormat(),
            FeedFormat(),
            NewsMLG2Format(),
            NewsML1Format(),
            NITFFormat(),
            WARCFormat(),
            ReutersFormat(),
            WireFormat(),
            MailFormat(),
            MboxFormat(),
            JSONFormat(mapping: fields),
            MarkdownFormat(mapping: fields),
            PlainFormat(mapping: fields),
            NativeFormat(),  // last: any plain text
        ])
    }

    /// Returns the format of a file that is read piece by piece; nil where it is read as a whole.
    ///
    /// - Parameter start: its first bytes.
    func streamed(_ start: [UInt8], name: [UInt8]) -> (any StreamedFormat)? {
        find(start, name: name, among: streamedCount)?.format as? any StreamedFormat
    }

    /// Opens a file that is read piece by piece; nil where it is read as a whole.
    ///
    /// - Parameters:
    ///   - start: its first bytes.
    ///   - source: all of it, of which nothing was read.
    func open(
        _ start: [UInt8], name: [UInt8], _ context: FormatContext, _ source: () throws -> any ByteSource
    ) rethrows -> (any PartReader)? {
        guard let found = find(start, name: name, among: streamedCount),
            let format = found.format as? any StreamedFormat
        else { return nil }
        explain(found, to: context)
        return format.open(try source(), context)
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
        if let found = find(bytes, name: name, among: formats.count) {
            explain(found, to: context)
            return try found.format.parse(bytes, context)
        }
        throw ParseError(
            code: .unknownFormat, format: "-",
            message:
                "the content is of no format that is known, which are \(names.joined(separator: ", "))")
    }
}
