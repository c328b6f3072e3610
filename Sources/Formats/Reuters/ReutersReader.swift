import Articles

/// Reads an archive record by record, with one of them in memory. A bad record is a failed part, and reading goes on at the
/// next one.
final class ReutersReader: PartReader {
    let format = ReutersFormat.name
    private let context: FormatContext
    private var window: ByteWindow
    private var count = 0
    private var failure: (any Error)?
    /// A place in the file whose line is known.
    private var known = (offset: 0, line: 1)

    private static let start = Array("<reuters".utf8)
    private static let end = Array("</reuters>".utf8)

    init(_ source: any ByteSource, _ context: FormatContext) {
        window = ByteWindow(source)
        self.context = context
    }

    func next() throws -> ParsedPart? {
        if let failure { throw failure }
        do {
            guard try goToRecord() else {
                guard count == 0 else { return nil }
                throw ParseError(
                    code: .empty, format: format, position: .byte(window.offset + window.bytes.count),
                    message: "there is no record in the file", looksTruncated: true)
            }
            let content = try readRecord()
            count += 1
            return ParsedPart(number: count, complete: content)
        } catch {
            failure = error
            throw error
        }
    }

    // MARK: Records

    /// Goes to the next tag of a record; false at the end.
    private func goToRecord() throws -> Bool {
        while true {
            if let found = place(of: ReutersReader.start, from: window.start) {
                window.start = found
                return true
            }
            // A tag may lie across the end of what was read.
            window.start = max(window.start, window.bytes.count - ReutersReader.start.count + 1)
            guard !window.isAtEnd else { return false }
            try window.readMore()
        }
    }

    /// Returns where a tag in lower case stands; nil where it does not.
    private func place(of tag: [UInt8], from start: Int) -> Int? {
        window.bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index + tag.count <= bytes.count {
                if bytes[index] == tag[0], bytes[index + 1] | 0x20 == tag[1] | 0x20,
                    bytes[index..<(index + tag.count)].elementsEqual(tag, by: { $0.lowercased == $1 })
                {
                    return index
                }
                index += 1
            }
            return nil
        }
    }

    /// The line of a place in the window: counted on from the last one that was asked for.
    private func line(of index: Int) -> Int {
        var line = window.lines + 1
        var from = 0
        if known.offset >= window.offset { (line, from) = (known.line, known.offset - window.offset) }
        for byte in window.bytes[from..<index] { line += byte == 0x0a ? 1 : 0 }
        known = (window.offset + index, line)
        return line
    }

    private func readRecord() throws -> ParsedPart.Content {
        let line = line(of: window.start)
        let limit = context.maximumArticleBytes
        var scanned = ReutersReader.start.count
        while true {
            let from = window.start + scanned
            let end = place(of: ReutersReader.end, from: from)
            // Where another record begins before this one ends, its end is missing.
            let other = place(of: ReutersReader.start, from: from).flatMap { $0 < end ?? .max ? $0 : nil }
            if let other {
                window.start = other
                return .failed(error(line, "the record that begins here does not end before the next one"))
            }
            if let end {
                let record = window.bytes[window.start..<(end + ReutersReader.end.count)]
                window.start = record.endIndex
                guard record.count <= limit else { return .failed(tooLarge(line)) }
                return parse(record, line)
            }
            guard !window.isAtEnd else {
                var error = error(line, "the file ends within the record that begins here")
                error.looksTruncated = true
                throw error
            }
            guard window.count <= limit else {
                window.start += ReutersReader.start.count
                return .failed(tooLarge(line))
            }
            scanned = max(scanned, window.count - ReutersReader.end.count + 1)
            try window.readMore()
        }
    }

    private func parse(_ record: ArraySlice<UInt8>, _ line: Int) -> ParsedPart.Content {
        do throws(ParseError) {
            return .article(try ReutersRecord(Array(record), context).article())
        } catch {
            var error = error
            // Where it is in the record is of no use without the record's own place.
            error.position = .line(line)
            return .failed(error)
        }
    }

    private func error(_ line: Int, _ message: String) -> ParseError {
        ParseError(code: .badXML, format: format, position: .line(line), message: message)
    }

    private func tooLarge(_ line: Int) -> ParseError {
        .overArticleLimit("the record", context, format: format, at: .line(line))
    }
}
