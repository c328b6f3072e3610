/// Takes a mail apart into its parts, in one pass over its lines.
///
/// A part ends where a line with the boundary of any of the parts around it stands, so that one whose last boundary is
/// missing ends where the next outside of it begins.
struct MIMEReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var lines: MailLines
    /// The boundaries of the parts around, from the outermost.
    private var boundaries: [[UInt8]] = []
    /// The boundary that was met last: the place of its line and what the line says.
    private var met: Met?
    private var count = 0
    private(set) var warnings: Set<String> = []

    /// A line that parts.
    private struct Met {
        /// The index in ``boundaries``.
        var level: Int
        var isLast: Bool
        /// Where the content before it ends.
        var end: Int
        /// Where the line behind it begins.
        var next: Int
    }

    /// How deep parts may lie in parts: what is deeper is text.
    static let maximumDepth = 20
    /// How many parts a mail may have: what follows is passed over.
    static let maximumParts = 1000
    /// No boundary may be longer than 70; some are.
    private static let maximumBoundary = 250

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        lines = MailLines(bytes)
    }

    /// Reads the whole message.
    mutating func read() -> MIMEPart { part(isMessage: true, usual: "text/plain") }

    private mutating func part(isMessage: Bool, usual: StaticString) -> MIMEPart {
        count += 1
        let header = readHeader(isMessage: isMessage)
        if header.isCut { warnings.insert("header_cut") }
        let type = MIMEValue(header["content-type"] ?? usual.withUTF8Buffer { Array($0) })
        var part = MIMEPart(header: header, type: type, content: lines.place..<lines.place)
        let start = lines.place
        // The header itself ended at a boundary.
        if met != nil {
            part.content = start..<start
            return part
        }
        if type.value.hasPrefix("multipart/"), boundaries.count < MIMEReader.maximumDepth,
            let boundary = type.bytes("boundary").map(MIMEReader.trimmed) ?? foundBoundary(from: start)
        {
            readParts(of: &part, boundary)
            if part.parts.isEmpty, met == nil, let other = foundBoundary(from: start), other != boundary {
                warnings.insert("boundary_guessed")
                part.isUnclosed = false
                lines.place = start
                readParts(of: &part, other)
            }
            if part.isUnclosed { warnings.insert("boundary_missing") }
            part.content = start..<max(start, met?.end ?? bytes.count)
        } else {
            if boundaries.count >= MIMEReader.maximumDepth { warnings.insert("nested_too_deep") }
            met = nextBoundary()
            part.content = start..<max(start, met?.end ?? bytes.count)
        }
        return part
    }

    /// Reads the parts of a part, up to a boundary of one around it.
    private mutating func readParts(of part: inout MIMEPart, _ boundary: [UInt8]) {
        boundaries.append(boundary)
        let level = boundaries.count - 1
        defer { boundaries.removeLast() }
        let start = lines.place
        met = nextBoundary()
        // The line before the first part is missing, so that its fields stand in the header around it.
        if let header = part.header.second("content-type"), let end = met?.end, end > start {
            part.parts.append(
                MIMEPart(header: header, type: MIMEValue(header["content-type"] ?? []), content: start..<end))
            warnings.insert("boundary_missing")
        }
        while let found = met, found.level == level, !found.isLast {
            lines.place = found.next
            guard count < MIMEReader.maximumParts else {
                warnings.insert("too_many_parts")
                met = nextBoundary()
                continue
            }
            met = nil
            part.parts.append(
                self.part(
                    isMessage: false,
                    usual: part.type.value == "multipart/digest" ? "message/rfc822" : "text/plain"))
        }
        if let found = met, found.level == level, found.isLast {
            // What follows is for programs that know no parts, up to a boundary of a part around.
            lines.place = found.next
            boundaries[level] = []
            met = nextBoundary()
        } else {
            part.isUnclosed = true
        }
    }

    // MARK: Headers

    private mutating func readHeader(isMessage: Bool) -> MailHeader {
        var header = MailHeader()
        if isMessage {
            let rest = bytes[lines.place...]
            if rest.starts(with: [0xef, 0xbb, 0xbf]) { lines.place += 3 }
            while lines.place < bytes.count, bytes[lines.place] == 0x0a || bytes[lines.place] == 0x0d {
                lines.place += 1
            }
        }
        while true {
            let start = lines.place
            guard let line = lines.next() else { return header }
            if line.isEmpty { return header }
            if let found = boundary(line, from: start) {
                met = found
                return header
            }
            if header.take(line) { continue }
            // A line that is none: the text begins without a blank line, unless the next goes on with the header.
            if line.allSatisfy(\.isSpace) {
                return header
            }
            var ahead = lines
            let goesOn =
                ahead.next().map { MailHeader.colon(in: $0) != nil || $0.first == 0x20 || $0.first == 0x09 } ?? false
            let isMark = line.starts(with: "From ".utf8) || line.starts(with: ">From ".utf8)
            if !goesOn && !isMark || !isMessage && header.fields.isEmpty {
                lines.place = start
                return header
            }
            warnings.insert("header_malformed")
        }
    }

    // MARK: Boundaries

    private static func trimmed(_ boundary: [UInt8]) -> [UInt8] {
        var boundary = boundary.prefix(maximumBoundary)
        while boundary.last?.isSpace == true { boundary.removeLast() }
        return Array(boundary)
    }

    /// Goes to the next line that is a boundary of a part around.
    private mutating func nextBoundary() -> Met? {
        while !lines.isAtEnd {
            let start = lines.place
            if bytes[start] == UInt8(ascii: "-"), start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "-") {
                guard let line = lines.next() else { return nil }
                if let found = boundary(line, from: start) { return found }
            } else {
                lines.place = MailLines.lineFeed(in: bytes, from: start).map { $0 + 1 } ?? bytes.count
            }
        }
        return nil
    }

    private func boundary(_ line: Slice<UnsafeBufferPointer<UInt8>>, from start: Int) -> Met? {
        guard line.count > 2, line.starts(with: "--".utf8) else { return nil }
        let text = line.dropFirst(2)
        for level in boundaries.indices.reversed() where !boundaries[level].isEmpty {
            let boundary = boundaries[level]
            guard text.starts(with: boundary) else { continue }
            let rest = text.dropFirst(boundary.count)
            let isLast = rest.starts(with: "--".utf8)
            guard rest.dropFirst(isLast ? 2 : 0).allSatisfy(\.isSpace) else { continue }
            // The line end before a boundary is the boundary's.
            var end = start
            if end > 0, bytes[end - 1] == 0x0a { end -= 1 }
            if end > 0, end < start, bytes[end - 1] == 0x0d { end -= 1 }
            return Met(level: level, isLast: isLast, end: end, next: lines.place)
        }
        return nil
    }

    /// Looks for what could be the boundary of a part that names none, or one that is not there: a line with two
    /// hyphens that a field follows.
    private func foundBoundary(from start: Int) -> [UInt8]? {
        var lines = MailLines(bytes, from: start)
        while let line = lines.next() {
            guard line.count > 3, line.count < MIMEReader.maximumBoundary, line.starts(with: "--".utf8) else {
                continue
            }
            if boundary(line, from: 0) != nil { return nil }
            var ahead = lines
            guard let next = ahead.next(), next.prefix(8).map(\.lowercased).elementsEqual("content-".utf8),
                MailHeader.colon(in: next) != nil
            else { continue }
            return MIMEReader.trimmed(Array(line.dropFirst(2)))
        }
        return nil
    }
}
