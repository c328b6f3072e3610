import Articles

/// Reads an archive of a crawl record by record, with constant memory.
///
/// A record that is damaged is a failed part, and reading goes on at the next one that can be found.
final class WARCReader: PartReader {
    let format = "warc"
    private let context: FormatContext
    private let pages = HTMLFormat()
    private var window: ByteWindow
    private var isARC: Bool?
    private var count = 0
    /// Whether there was a record of any kind.
    private var hasRecord = false
    private var failure: (any Error)?

    /// No header of a record is longer.
    private static let headerLimit = 64 << 10

    init(_ source: any ByteSource, _ context: FormatContext) {
        window = ByteWindow(source)
        self.context = context
    }

    func next() throws -> ParsedPart? {
        if let failure { throw failure }
        do {
            while try skipLineEnds() {
                hasRecord = true
                if let content = try readRecord() {
                    count += 1
                    return ParsedPart(number: count, complete: content)
                }
            }
            guard count == 0 else { return nil }
            guard hasRecord else {
                throw ParseError(code: .empty, format: format, message: "there is no record in the file")
            }
            count = 1
            return ParsedPart(number: 1, content: .ignored(.noEntries))
        } catch {
            failure = error
            throw error
        }
    }

    // MARK: Records

    private var place: Int { window.offset + window.start }

    /// Goes to the next record; false at the end.
    private func skipLineEnds() throws -> Bool {
        while true {
            while window.start < window.bytes.count, [0x0a, 0x0d].contains(window.bytes[window.start]) {
                window.start += 1
            }
            if window.count > 0 { return true }
            if window.isAtEnd { return false }
            try window.readMore()
        }
    }

    /// Has at least so many bytes at hand; returns whether there are.
    private func have(_ count: Int) throws -> Bool {
        while window.count < count, !window.isAtEnd { try window.readMore() }
        return window.count >= count
    }

    private func readRecord() throws -> ParsedPart.Content? {
        let start = place
        _ = try have(WARCReader.headerLimit)
        let rest = window.bytes[window.start...]
        let isARC = self.isARC ?? rest.starts(with: "filedesc://".utf8)
        self.isARC = isARC
        let end = isARC ? rest.firstIndex(of: 0x0a).map { $0 + 1 } : HTTPResponse.headerEnd(of: rest)
        guard let end, let header = header(rest[..<end], isARC) else { return try giveUp(start, isARC) }
        window.start = end
        switch header.kind {
        case .other:
            try skip(header.length, start)
            return nil
        case .revisit:
            try skip(header.length, start)
            return .ignored(.revisit)
        case .response, .resource: return try readPage(header, start)
        }
    }

    private func header(_ bytes: ArraySlice<UInt8>, _ isARC: Bool) -> WARCHeader? {
        guard isARC else { return WARCHeader(warc: bytes) }
        var line = bytes.dropLast()
        if line.last == 0x0d { line.removeLast() }
        return WARCHeader(arc: line)
    }

    private func skip(_ length: Int, _ start: Int) throws {
        var left = length
        while left > 0 {
            let step = min(left, window.count)
            window.start += step
            left -= step
            guard left > 0 else { return }
            guard !window.isAtEnd else { throw cut(start) }
            try window.readMore()
        }
    }

    private func cut(_ start: Int) -> ParseError {
        ParseError(
            code: .damagedContainer, format: format, position: .byte(start),
            message: "the archive ends within the record that begins here", looksTruncated: true)
    }

    /// Looks for the next record behind something that is none.
    private func giveUp(_ start: Int, _ isARC: Bool) throws -> ParsedPart.Content {
        let mark: [UInt8] = isARC ? Array("\nhttp".utf8) : Array("\nWARC/".utf8)
        window.start += 1
        while true {
            if let found = window.bytes[window.start...].firstRange(of: mark) {
                window.start = found.lowerBound + 1
                break
            }
            // The mark may lie across the end of what was read.
            window.start = max(window.start, window.bytes.count - mark.count)
            guard !window.isAtEnd else {
                window.start = window.bytes.count
                break
            }
            try window.readMore()
        }
        return .failed(
            ParseError(
                code: .damagedContainer, format: format, position: .byte(start),
                message: "there is no header of a record, or it does not say the record's length"))
    }

    // MARK: Pages

    private func readPage(_ header: WARCHeader, _ start: Int) throws -> ParsedPart.Content? {
        _ = try have(min(header.length, HTTPResponse.headerLimit))
        let head = HTTPResponse(window.bytes[window.start...].prefix(header.length))
        guard isPage(header, head) else {
            try skip(header.length, start)
            return nil
        }
        let limit = context.maximumArticleBytes
        guard header.length <= limit else {
            try skip(header.length, start)
            return .failed(tooLarge(start))
        }
        let isThere = try have(header.length)
        let message = window.bytes[window.start...].prefix(header.length)
        let response = HTTPResponse(message)
        // Some records say a length that is too large.
        guard isThere || response.isWhole else { throw cut(start) }
        window.start += message.count
        let bytes = response.content(upTo: limit)
        guard bytes.count <= limit else { return .failed(tooLarge(start)) }
        return parse(bytes, response, header, start)
    }

    private func isPage(_ header: WARCHeader, _ response: HTTPResponse) -> Bool {
        let types = ["text/html", "application/xhtml+xml"]
        guard header.kind == .response else {
            return header.contentType.map { type in types.contains { type.hasPrefix($0) } } ?? false
        }
        guard header.contentType?.hasPrefix("application/http") ?? true || isARC == true else { return false }
        return response.status == 200 && (response.contentType.map { types.contains($0) } ?? false)
    }

    private func parse(
        _ bytes: [UInt8], _ response: HTTPResponse, _ header: WARCHeader, _ start: Int
    ) -> ParsedPart.Content? {
        var context = context
        context.declaredEncoding = response.charset
        do throws(ParseError) {
            var article = try pages.parse(bytes, context).articles[0]
            if let url = header.url, WebAddress.isAbsolute(url) {
                article.url = article.url ?? url
                if article.uri == nil, WebAddress.hasPath(url) { article.uri = url }
            }
            return .article(article)
        } catch {
            // A crawl has pages that are no articles: lists, forms, the crawler's own tests.
            guard error.code != .noArticle else { return .ignored(.noNews) }
            var error = error
            error.position = .byte(start)
            error.looksTruncated = false
            return .failed(error)
        }
    }

    private func tooLarge(_ start: Int) -> ParseError {
        .overArticleLimit("the page", context, format: format, at: .byte(start))
    }
}
