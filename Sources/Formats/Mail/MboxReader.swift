import Articles

/// Reads a mailbox mail by mail, with one of them in memory. A bad mail is a failed part, and reading goes on behind
/// it.
final class MboxReader: PartReader {
    let format = "mbox"
    private let context: FormatContext
    private var window: ByteWindow
    private var message: MailReader?
    private var count = 0

    /// How much of a mail is looked at for the end of its header.
    private static let headerLimit = 64 << 10

    init(_ source: any ByteSource, _ context: FormatContext) {
        window = ByteWindow(source)
        self.context = context
    }

    func next() throws -> ParsedPart? {
        while true {
            if let message {
                if let part = try message.next() { return numbered(part) }
                self.message = nil
            }
            guard try skipBlankLines() else { break }
            if let part = try readMessage() { return numbered(part) }
        }
        guard count == 0 else { return nil }
        return numbered(ParsedPart(number: 1, content: .ignored(.noEntries)))
    }

    private func numbered(_ part: ParsedPart) -> ParsedPart {
        count += 1
        var part = part
        part.number = count
        if case .article(var article) = part.content {
            article.ingest.part = count
            part.content = .article(article)
        }
        return part
    }

    // MARK: Mails

    private func skipBlankLines() throws -> Bool {
        while true {
            while window.count > 0, [0x0a, 0x0d].contains(window.bytes[window.start]) { window.start += 1 }
            if window.count > 0 { return true }
            if window.isAtEnd { return false }
            try window.readMore()
        }
    }

    private func have(_ count: Int) throws -> Bool {
        while window.count < count, !window.isAtEnd { try window.readMore() }
        return window.count >= count
    }

    /// Begins the next mail; gives a part where it is too large to be read.
    private func readMessage() throws -> ParsedPart? {
        let place = window.offset + window.start
        let limit = context.maximumArticleBytes
        _ = try have(MboxReader.headerLimit)
        let announced = try announcedEnd(upTo: limit)
        guard let end = try announced ?? foundEnd(upTo: limit) else {
            try skipMessage()
            let error = ParseError.overArticleLimit("the mail", context, format: format, at: .byte(place))
            return ParsedPart(number: 0, content: .failed(error))
        }
        let bytes = window.bytes[window.start..<(window.start + end)]
        window.start += end
        let isInternal = bytes.prefix(1024).contains(sequence: "FOLDER INTERNAL DATA")
        // What a mail program notes of the mailbox in a mail of its own.
        guard !isInternal else { return nil }
        let mail = MboxReader.unquoted(bytes)
        message = MailReader(mail, context, format: format, position: .byte(place))
        return nil
    }

    /// Returns how many bytes a mail has by the length in its header; nil where there is none, or it is not true.
    private func announcedEnd(upTo limit: Int) throws -> Int? {
        let (start, length) = window.bytes[window.start...].withUnsafeBufferPointer { bytes in
            var lines = MailLines(bytes)
            _ = lines.next()
            var length: Int?
            while let line = lines.next(), !line.isEmpty, lines.place < MboxReader.headerLimit {
                guard line.count > 15, line.prefix(15).map(\.lowercased).elementsEqual("content-length:".utf8) else {
                    continue
                }
                length = Int(String(decoding: line.dropFirst(15).trimmed(), as: UTF8.self))
            }
            return (lines.place, length)
        }
        guard let length, length >= 0, length <= limit, start + length <= limit else { return nil }
        let end = start + length
        _ = try have(end + MboxSeparator.lookAhead)
        guard window.count >= end else { return nil }
        let isAtEnd = window.isAtEnd
        let isTrue = window.bytes[window.start...].withUnsafeBufferPointer { bytes in
            var next = end
            while next < bytes.count, next < end + 4, bytes[next] == 0x0a || bytes[next] == 0x0d { next += 1 }
            return next == bytes.count && isAtEnd || MboxSeparator.isAt(next, in: bytes)
        }
        return isTrue ? end : nil
    }

    /// Returns how many bytes a mail has by the next line that parts; nil where they are more than the limit.
    private func foundEnd(upTo limit: Int) throws -> Int? {
        var scanned = 1
        while true {
            if let found = separator(from: scanned) { return found <= limit + 1 ? found : nil }
            if window.isAtEnd { return window.count <= limit ? window.count : nil }
            guard window.count <= limit else { return nil }
            // A line may be cut by the end of what was read.
            scanned = max(1, window.count - MboxSeparator.lookAhead)
            try window.readMore()
        }
    }

    /// Goes behind a mail that is not held.
    private func skipMessage() throws {
        window.start += 1
        while true {
            if let found = separator(from: 0) {
                window.start += found
                return
            }
            window.start =
                window.isAtEnd
                ? window.bytes.count : max(window.start, window.bytes.count - MboxSeparator.lookAhead)
            guard !window.isAtEnd else { return }
            try window.readMore()
        }
    }

    /// How far it is to the next line that parts.
    private func separator(from start: Int) -> Int? {
        window.bytes[window.start...].withUnsafeBufferPointer {
            MboxSeparator.next(in: $0, from: start)
        }
    }

    /// Returns a mail without the line before it, and without the marks before `From` in its text; where such a line
    /// stands there without a mark, none was put.
    private static func unquoted(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer { bytes in
            let first = MailLines.lineFeed(in: bytes, from: 0).map { $0 + 1 } ?? bytes.count
            let bytes = UnsafeBufferPointer(rebasing: bytes[first...])
            guard MboxSeparator.lineFeed(before: ">", in: bytes, from: 0) != nil else { return Array(bytes) }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            var lines = MailLines(bytes)
            var start = 0
            while let line = lines.next() {
                if line.first == UInt8(ascii: ">"),
                    line.drop(while: { $0 == UInt8(ascii: ">") }).starts(with: "From ".utf8)
                {
                    start += 1
                } else if line.starts(with: "From ".utf8) {
                    return Array(bytes)
                }
                output.append(contentsOf: bytes[start..<lines.place])
                start = lines.place
            }
            return output
        }
    }
}
