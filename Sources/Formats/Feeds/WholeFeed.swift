import Articles

/// Reads a feed, which is held in memory as a whole.
final class WholeFeed: PartReader {
    let format = FeedFormat.name
    private let source: any ByteSource
    private let context: FormatContext
    private var parts: (any PartReader)?

    init(_ source: any ByteSource, _ context: FormatContext) {
        self.source = source
        self.context = context
    }

    func next() throws -> ParsedPart? {
        if let parts { return try parts.next() }
        let limit = context.maximumArticleBytes
        let bytes = try source.readFully(limit + 1)
        guard bytes.count <= limit else {
            throw ParseError.overArticleLimit("the feed", context, format: format)
        }
        let opened = try FeedFormat.read(bytes, context)
        parts = opened
        return try opened.next()
    }
}
