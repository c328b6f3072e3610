/// How a text begins that is not laid out as the native format is.
enum PlainLayout: Equatable {
    /// Lines with a name and a value, as `Title: Bridge closed`, and a blank line; the text begins at `end`.
    case header([Field], end: Int)
    /// The first line is the headline, and the text goes on with the next.
    case headline(Range<Int>, end: Int)
    /// It begins with a text that is too long for a headline.
    case text

    /// A line of a header.
    struct Field: Equatable {
        var name: String
        var value: String
    }

    /// A longer line is no headline.
    private static let headlineLimit = 300
    /// A block of so many bytes is a headline of several lines, where more follows.
    private static let blockLimit = 250
    /// Likewise, where nothing follows.
    private static let wholeLimit = 120
    /// More lines are no header.
    private static let lineLimit = 64

    /// Returns the layout of a text; nil where it is that of the native format.
    static func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ mapping: FieldMapping) -> PlainLayout? {
        var lines = PlainLines(bytes, from: start)
        lines.skipBlank()
        var block: [Range<Int>] = []
        while block.count < lineLimit, let line = lines.next(), !line.isEmpty { block.append(line) }
        guard let first = block.first, DateLine(bytes[first]) == nil, hasWord(bytes[first]) else { return nil }
        let behind = lines.place
        if let fields = fields(block.map { bytes[$0] }, mapping) { return .header(fields, end: behind) }
        guard first.count <= headlineLimit else { return .text }
        guard block.count > 1, DateLine(bytes[block[1]]) == nil,
            NativeLayout.abstractLabel(bytes[block[0]]) == nil, NativeLayout.abstractLabel(bytes[block[1]]) == nil
        else { return nil }
        lines.skipBlank()
        if PlainCredits.isCredit(bytes[block[1]]) { return .headline(first, end: block[1].lowerBound) }
        let isWhole = lines.isAtEnd
        let size = block[block.count - 1].upperBound - first.lowerBound
        guard isWhole ? block.count > 2 || size > wholeLimit : size > blockLimit else { return nil }
        // A paragraph that was broken at a width goes on in small letters.
        let longest = block.lazy.map(\.count).max() ?? 0
        let isBroken = longest >= 40 && first.count * 4 >= longest * 3
        if isBroken, let next = bytes[block[1]].first, (0x61...0x7a).contains(next) { return .text }
        return .headline(first, end: block[1].lowerBound)
    }

    /// Whether a letter or a digit stands in a line.
    private static func hasWord(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        if line.contains(where: { $0.isLetter || $0.isDigit }) { return true }
        return String(decoding: line.prefix(headlineLimit), as: UTF8.self).unicodeScalars.contains {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
    }

    /// Returns the fields of a header; nil where a line is none, or no field is the title.
    private static func fields(_ lines: [Slice<UnsafeBufferPointer<UInt8>>], _ mapping: FieldMapping) -> [Field]? {
        var fields: [Field] = []
        for line in lines {
            if line.first == 0x20 || line.first == 0x09, !fields.isEmpty {
                fields[fields.count - 1].value += " " + String(decoding: line.trimmed(), as: UTF8.self)
                continue
            }
            let name = line.prefix(40).prefix { $0 != UInt8(ascii: ":") }
            guard !name.isEmpty, name.endIndex < line.endIndex, line[name.endIndex] == UInt8(ascii: ":"),
                name.allSatisfy({ $0.isLetter || $0.isDigit || $0 >= 0x80 || [0x20, 0x2d, 0x5f].contains($0) })
            else { return nil }
            fields.append(
                Field(
                    name: String(decoding: name.trimmed(), as: UTF8.self),
                    value: String(decoding: line[(name.endIndex + 1)...].trimmed(), as: UTF8.self)))
        }
        let hasTitle = fields.contains { field in
            var name = field.name
            let places = name.withUTF8 { mapping.places(of: $0) }
            return !field.value.isEmpty && mapping.ways[places].contains { $0.field == .title }
        }
        return hasTitle ? fields : nil
    }
}
