package import Articles

extension FormatRegistry {
    /// Returns what a file holds that is no container of a kind that is opened.
    func parseMember(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        if let foreign = ForeignContainer(bytes) { throw foreign.error }
        return try parse(bytes, name: name, context)
    }
}

/// Turns files into parts: what is compressed or an archive is opened, everything else goes to the format that it is of.
package struct FileParser: Sendable {
    private let formats: FormatRegistry
    private let rules: ContainerRules
    private let kinds: Set<Article.Kind>

    /// Makes a parser.
    ///
    /// - Parameter kinds: articles of other kinds are ignored with that reason.
    package init(
        formats: FormatRegistry = .standard, rules: ContainerRules = ContainerRules(),
        kinds: Set<Article.Kind> = Set(Article.Kind.allCases)
    ) {
        self.formats = formats
        self.rules = rules
        self.kinds = kinds
    }

    /// How many of a file's first bytes ``isReadInPieces(_:name:)`` looks at: a doctype may stand before what tells.
    package static let sniffedBytes = max(ContainerKind.sniffedBytes, XMLRoot.limit)

    /// Whether a file is read piece by piece, so that it may be larger than what is held in memory.
    ///
    /// - Parameters:
    ///   - start: its first ``sniffedBytes``, or more, or all where it has fewer.
    ///   - name: its name without directories.
    package func isReadInPieces(_ start: [UInt8], name: [UInt8]) -> Bool {
        rules.opensContainers && ContainerKind(start, name: name) != nil || formats.streamed(start, name: name) != nil
    }

    /// Returns what a file that is not read in pieces holds; a container is refused.
    package func parse(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        if let kind = ContainerKind(bytes, name: name) {
            throw ParseError(
                code: .unknownFormat, format: kind.name, message: "containers are not opened in this directory",
                hint: "set containers = true for the drop directory and retry")
        }
        var file = try formats.parseMember(bytes, name: name, context)
        file.keep(only: kinds)
        return file
    }

    /// Opens a file of which all bytes are in memory.
    package func open(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) -> any PartReader {
        wanted(openAny(bytes, name: name, withInner(context)))
    }

    private func openAny(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) -> any PartReader {
        if rules.opensContainers, let kind = ContainerKind(bytes, name: name) {
            return ContainerReader(kind, HeldBytes(bytes), name: name, context, formats: formats, rules: rules)
        }
        if let reader = formats.open(bytes, name: name, context, { HeldBytes(bytes) }) { return reader }
        return WholeFileReader { () throws(ParseError) in try parse(bytes, name: name, context) }
    }

    /// Opens a file of which nothing was read; `context.bytes` is its size.
    ///
    /// - Throws: what the source throws while the first bytes are read. What is wrong with the content is told by the
    ///   first ``PartReader/next()``.
    package func open(_ source: any ByteSource, name: [UInt8], _ context: FormatContext) throws -> any PartReader {
        wanted(try openAny(source, name: name, withInner(context)))
    }

    private func withInner(_ context: FormatContext) -> FormatContext {
        var context = context
        context.inner = InnerFiles(formats: formats.unforced, rules: rules)
        return context
    }

    private func wanted(_ reader: any PartReader) -> any PartReader {
        kinds.count == Article.Kind.allCases.count ? reader : KindReader(reader, kinds)
    }

    private func openAny(_ source: any ByteSource, name: [UInt8], _ context: FormatContext) throws -> any PartReader {
        let start = try source.readFully(FileParser.sniffedBytes)
        func whole() throws -> any ByteSource {
            guard let seekable = source as? any SeekableByteSource else { return ContinuedBytes(start, source) }
            try seekable.seek(to: 0)
            return seekable
        }
        if rules.opensContainers, let kind = ContainerKind(start, name: name) {
            return ContainerReader(kind, try whole(), name: name, context, formats: formats, rules: rules)
        }
        if let reader = try formats.open(start, name: name, context, whole) { return reader }
        let limit = context.maximumArticleBytes
        let bytes = try start + source.readFully(max(0, limit + 1 - start.count))
        return WholeFileReader { () throws(ParseError) in
            guard bytes.count <= limit else {
                throw ParseError.overArticleLimit("the article", context, format: "-")
            }
            return try parse(bytes, name: name, context)
        }
    }
}
