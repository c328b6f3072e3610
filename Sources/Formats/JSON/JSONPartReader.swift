import Articles
import Encodings
import JSON

/// Reads a text of JSON value by value: one object, a list of objects, or objects behind each other with or without line
/// ends between them (NDJSON). Each is an article, or what its dialect makes of it.
///
/// A bad line of NDJSON is a failed part and the next line goes on; within a list there is no such place, but an object
/// whose brackets match is one that others follow.
final class JSONPartReader: PartReader {
    private enum Layout {
        /// Nothing was read yet.
        case unknown
        /// Objects, each on a line as far as was seen.
        case lines
        /// Objects over several lines.
        case sequence
        /// A list's elements.
        case list
        case end
    }

    private(set) var format = JSONFormat.name
    private let context: FormatContext
    private let dialects: JSONDialects
    private let parser = JSONParser()
    private var window: ByteWindow
    private var layout = Layout.unknown
    private var parts: [ParsedPart].SubSequence = []
    private var count = 0
    private var hasFormat = false
    /// The dialects of which it was told why.
    private var explained: Set<String> = []
    /// The encoding of the whole text.
    private var encoding = TextEncoding.utf8
    private var failure: (any Error)?

    init(_ source: any ByteSource, _ context: FormatContext, _ dialects: JSONDialects) {
        window = ByteWindow(source)
        self.context = context
        self.dialects = dialects
    }

    func next() throws -> ParsedPart? {
        if let failure { throw failure }
        do {
            while true {
                if let part = parts.popFirst() { return part }
                guard layout != .end else { return nil }
                if layout == .unknown { try begin() } else { try readValue() }
            }
        } catch {
            failure = error
            throw error
        }
    }

    // MARK: Layout

    private func begin() throws {
        while window.count < 4, !window.isAtEnd { try window.readMore() }
        if let wide = JSONEncoding.wide(window.bytes) { try convert(from: wide) }
        if window.bytes.starts(with: [0xef, 0xbb, 0xbf]) { window.start = 3 }
        try skipSpace(andCommas: false)
        switch peek {
        case UInt8(ascii: "["):
            window.start += 1
            layout = .list
            try skipSpace(andCommas: false)
            if peek == UInt8(ascii: "]") { add(.ignored(.noEntries), nil) }
        case UInt8(ascii: "{"): layout = .lines
        case nil: throw error(.empty, "there is no text in the file")
        default: throw error(.unknownFormat, "a { or [ is missing at the beginning", at: window.start)
        }
    }

    /// A text in UTF-16 is converted as a whole: nobody streams it.
    private func convert(from wide: TextEncoding) throws {
        while !window.isAtEnd, window.count <= context.maximumArticleBytes { try window.readMore() }
        guard window.count <= context.maximumArticleBytes,
            let converted = TextConverter.utf8(from: window.bytes, in: wide)
        else {
            throw error(
                .tooLarge, "a text in \(wide) of more than \(context.maximumArticleBytes) bytes is not converted")
        }
        window.replace(converted.text)
        encoding = wide
    }

    private var peek: UInt8? { window.start < window.bytes.count ? window.bytes[window.start] : nil }

    /// Skips space, and the marks that RFC 7464 has before each text.
    private func skipSpace(andCommas skipsCommas: Bool) throws {
        while true {
            while let byte = peek, byte <= 0x20 || skipsCommas && byte == UInt8(ascii: ",") { window.start += 1 }
            guard window.count == 0, !window.isAtEnd else { return }
            try window.readMore()
        }
    }

    private func readValue() throws {
        try skipSpace(andCommas: true)
        guard let byte = peek else {
            if layout == .list { try endOfList() }
            layout = .end
            return
        }
        if layout == .list, byte == UInt8(ascii: "]") {
            window.start += 1
            return try endOfText()
        }
        guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") else { return try readStray() }
        switch layout {
        case .lines: try readLine()
        default: try readBalanced()
        }
    }

    private func endOfList() throws {
        throw error(.badJSON, "the list that begins with [ does not end", at: window.bytes.count, isCut: true)
    }

    private func endOfText() throws {
        layout = .end
        try skipSpace(andCommas: false)
        guard peek != nil else { return }
        add(.failed(error(.badJSON, "something follows the end of the list", at: window.start)), nil)
    }

    // MARK: Values

    /// Reads an object that is expected to stand on one line.
    private func readLine() throws {
        var searched = window.start
        var end: Int?
        while true {
            end = window.bytes.withUnsafeBufferPointer { JSONScan.lineEnd(of: $0, from: searched) }
            if end != nil || window.isAtEnd { break }
            if window.count > context.maximumArticleBytes { break }
            let length = window.count
            try window.readMore()
            searched = window.start + length
        }
        let line = window.start..<(end ?? window.bytes.count)
        if line.count <= context.maximumArticleBytes, let value = try? parser.parse(window.bytes, line) {
            let bytes = line
            window.start = line.upperBound
            return take(value, bytes)
        }
        try readBalanced()
    }

    /// Reads a value to the bracket that ends it.
    private func readBalanced() throws {
        let limit = context.maximumArticleBytes
        var end: Int?
        while true {
            end = window.bytes.withUnsafeBufferPointer { JSONScan.end(of: $0, from: window.start) }
            if end != nil || window.isAtEnd || window.count > limit { break }
            try window.readMore()
        }
        guard let end, end - window.start <= limit else { return try giveUpValue(isTooLarge: window.count > limit) }
        let range = window.start..<end
        do {
            let value = try parser.parse(window.bytes, range)
            if layout == .lines, hasLineEnd(range) { layout = .sequence }
            window.start = end
            take(value, range)
        } catch {
            if let (text, guess) = JSONEncoding.guessed(window.bytes, range), let value = try? parser.parse(text) {
                window.start = end
                return take(value, range, guess)
            }
            // A line of NDJSON is where reading goes on, whatever its brackets say.
            let bad = range.lowerBound..<(layout == .list ? end : min(end, nextLine(from: range.lowerBound) ?? end))
            fail(bad, error)
            window.start = bad.upperBound
        }
    }

    /// Returns the end of a line behind which another object begins at once, as in NDJSON.
    private func nextLine(from start: Int) -> Int? {
        guard let end = window.bytes.withUnsafeBufferPointer({ JSONScan.lineEnd(of: $0, from: start) }),
            end + 1 < window.bytes.count, window.bytes[end + 1] == UInt8(ascii: "{")
        else { return nil }
        return end
    }

    private func hasLineEnd(_ range: Range<Int>) -> Bool {
        window.bytes.withUnsafeBufferPointer { JSONScan.lineEnd(of: $0, from: range.lowerBound) }
            .map { $0 < range.upperBound } ?? false
    }

    /// A value that does not end, or is too large: only behind a line of NDJSON others follow.
    private func giveUpValue(isTooLarge: Bool) throws {
        let start = window.start
        let failed =
            isTooLarge
            ? tooLarge(at: start)
            : located(start..<window.bytes.count) ?? cut(start)
        let isLine = nextLine(from: start) != nil || count > 0 && layout == .lines
        guard layout != .list, isLine || isTooLarge && layout == .lines else {
            if count == 0 || layout == .list { throw failed }
            layout = .end
            return add(.failed(failed), nil)
        }
        while true {
            if let end = window.bytes.withUnsafeBufferPointer({ JSONScan.lineEnd(of: $0, from: window.start) }) {
                let bytes = window.start == start && !isTooLarge ? Array(window.bytes[start..<end]) : nil
                window.start = end + 1
                return add(.failed(failed), bytes)
            }
            guard !window.isAtEnd else { break }
            window.start = window.bytes.count
            try window.readMore()
        }
        layout = .end
        // The last line of a file that is still written may be complete in a moment.
        if failed.looksTruncated { throw failed }
        add(.failed(failed), nil)
    }

    /// Reads what stands where an object should begin.
    private func readStray() throws {
        let start = window.start
        guard layout == .lines else {
            throw error(.badJSON, "there is no object { … } where the next one should begin", at: start)
        }
        var end: Int?
        while true {
            end = window.bytes.withUnsafeBufferPointer { JSONScan.lineEnd(of: $0, from: window.start) }
            if end != nil || window.isAtEnd || window.count > context.maximumArticleBytes { break }
            try window.readMore()
        }
        let stop = end ?? window.bytes.count
        let failed = error(.badJSON, "there is no object { … } where one should begin", at: window.start)
        add(.failed(failed), Array(window.bytes[window.start..<stop]))
        window.start = stop
    }

    // MARK: What comes of values

    private func take(_ value: JSONElement, _ range: Range<Int>, _ guess: TextEncoding? = nil) {
        guard let object = JSONObject(value) else {
            return add(
                .failed(error(.noArticle, "it is a list within a list, not an object", at: range.lowerBound)), nil)
        }
        let dialect = dialects.dialect(of: object)
        note(dialect)
        var taken: [ParsedPart] = []
        for content in dialect.read(object, context) {
            count += 1
            var content = content
            var bytes: [UInt8]?
            switch content {
            case .article(var article):
                article.ingest.part = count
                article.ingest.encoding = (guess ?? encoding).description
                if guess != nil { article.ingest.warnings.append("encoding_guessed") }
                article.deriveID()
                content = .article(article)
            case .failed(var error):
                error.position = .line(window.line(of: range.lowerBound))
                content = .failed(error)
                bytes = Array(window.bytes[range])
            case .ignored: break
            }
            taken.append(ParsedPart(number: count, content: content, bytes: bytes))
        }
        parts = taken[...]
    }

    /// The file is of the dialect of its objects, or just JSON where they differ.
    private func note(_ dialect: any JSONDialect) {
        if let explain = context.explain, explained.insert(dialect.name).inserted {
            explain(Explanation(.dialect, dialect.name, reason: dialect.sign))
        }
        if !hasFormat {
            hasFormat = true
            format = dialect.name
        } else if format != dialect.name {
            format = JSONFormat.name
        }
    }

    private func fail(_ range: Range<Int>, _ error: JSONError) {
        let failed =
            located(range) ?? self.error(.badJSON, error.description.lowercased(), at: range.lowerBound)
        add(.failed(failed), Array(window.bytes[range]))
    }

    private func add(_ content: ParsedPart.Content, _ bytes: [UInt8]?) {
        count += 1
        parts = [ParsedPart(number: count, content: content, bytes: bytes)]
    }

    // MARK: Errors

    private func error(
        _ code: ReasonCode, _ message: String, at index: Int? = nil, isCut: Bool = false
    ) -> ParseError {
        ParseError(
            code: code, format: JSONFormat.name, position: index.map { .line(window.line(of: $0)) }, message: message,
            looksTruncated: isCut)
    }

    private func cut(_ index: Int) -> ParseError {
        error(.badJSON, "the object that begins here does not end", at: index, isCut: window.isAtEnd)
    }

    private func tooLarge(at index: Int) -> ParseError {
        .overArticleLimit("the object", context, format: JSONFormat.name, at: .line(window.line(of: index)))
    }

    /// Reads a bad text again with a reader that is slow and knows where it is.
    private func located(_ range: Range<Int>) -> ParseError? {
        guard range.count <= 8 << 20 else { return nil }
        do throws(JSONReader.Fault) {
            _ = try JSONReader.read(Array(window.bytes[range]))
            return nil
        } catch {
            var failure = self.error(
                .badJSON, error.message, isCut: error.isCut && range.upperBound == window.bytes.count)
            failure.position = .line(window.line(of: range.lowerBound) - 1 + error.line)
            return failure
        }
    }
}
