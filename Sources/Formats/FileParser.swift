import Articles

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

    /// Makes a parser.
    package init(formats: FormatRegistry = .standard, rules: ContainerRules = ContainerRules()) {
        self.formats = formats
        self.rules = rules
    }

    /// How many of a file's first bytes ``isReadInPieces(_:name:)`` looks at.
    package static let sniffedBytes = ContainerKind.sniffedBytes

    /// Whether a file is read piece by piece, so that it may be larger than what is held in memory.
    ///
    /// - Parameters:
    ///   - start: its first ``sniffedBytes``, or more, or all where it has fewer.
    ///   - name: its name without directories.
    package func isReadInPieces(_ start: [UInt8], name: [UInt8]) -> Bool {
        rules.opensContainers && ContainerKind(start, name: name) != nil
    }

    /// Returns what a file that is not read in pieces holds; a container is refused.
    package func parse(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) throws(ParseError) -> ParsedFile {
        if let kind = ContainerKind(bytes, name: name) {
            throw ParseError(
                code: .unknownFormat, format: kind.name, message: "containers are not opened in this directory",
                hint: "set containers = true for the drop directory and retry")
        }
        return try formats.parseMember(bytes, name: name, context)
    }

    /// Opens a file of which all bytes are in memory.
    package func open(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) -> any PartReader {
        guard rules.opensContainers, let kind = ContainerKind(bytes, name: name) else {
            return WholeFileReader { () throws(ParseError) in try parse(bytes, name: name, context) }
        }
        return ContainerReader(kind, HeldBytes(bytes), name: name, context, formats: formats, rules: rules)
    }

    /// Opens a file of which nothing was read; `context.bytes` is its size.
    ///
    /// - Throws: what the source throws while the first bytes are read. What is wrong with the content is told by the
    ///   first ``PartReader/next()``.
    package func open(_ source: any ByteSource, name: [UInt8], _ context: FormatContext) throws -> any PartReader {
        let start = try source.readFully(FileParser.sniffedBytes)
        if rules.opensContainers, let kind = ContainerKind(start, name: name) {
            var whole = source
            if let seekable = source as? any SeekableByteSource {
                try seekable.seek(to: 0)
            } else {
                whole = ContinuedBytes(start, source)
            }
            return ContainerReader(kind, whole, name: name, context, formats: formats, rules: rules)
        }
        let limit = context.maximumArticleBytes
        let bytes = try start + source.readFully(max(0, limit + 1 - start.count))
        return WholeFileReader { () throws(ParseError) in
            guard bytes.count <= limit else {
                throw ParseError(
                    code: .tooLarge, format: "-",
                    message: "the article has more than \(limit) bytes, which is max_article_bytes",
                    hint: "raise the limit of the drop directory and retry")
            }
            return try parse(bytes, name: name, context)
        }
    }
}
