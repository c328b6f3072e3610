/// The fields of a mail's header, or of a part's (RFC 5322, section 2.2), with values as they were sent: neither
/// decoded nor freed of comments.
struct MailHeader {
    /// A field's name in lower case and its value, its lines joined.
    struct Field {
        var name: String
        var value: [UInt8]
    }

    private(set) var fields: [Field] = []
    /// There were more fields, or longer ones, than any mail has; they were passed over.
    private(set) var isCut = false

    /// More than any mail has: those of a mail that came through many hands are about a hundred.
    private static let maximumFields = 1000
    /// No value is longer: thousands of addresses in it are too many already.
    private static let maximumValue = 64 << 10
    private static let maximumName = 76

    /// The value of the first field of a name in lower case.
    subscript(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    /// The values of all fields of a name in lower case.
    func all(_ name: String) -> [[UInt8]] { fields.filter { $0.name == name }.map(\.value) }

    /// Returns the fields from the second of a name on; nil where there is one at most.
    func second(_ name: String) -> MailHeader? {
        let places = fields.indices.filter { fields[$0].name == name }
        guard places.count > 1 else { return nil }
        var header = MailHeader()
        header.fields = Array(fields[places[1]...])
        return header
    }

    /// Takes a line, without its end; false where it is no line of a header.
    mutating func take(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let first = line.first else { return false }
        if first == 0x20 || first == 0x09 {
            // Before the first field it goes on with nothing.
            guard !fields.isEmpty else { return false }
            goOn(line)
            return true
        }
        guard let colon = MailHeader.colon(in: line) else { return false }
        guard fields.count < MailHeader.maximumFields else {
            isCut = true
            return true
        }
        let name = line[..<colon].trimmed().map(\.lowercased)
        fields.append(Field(name: String(decoding: name, as: UTF8.self), value: []))
        append(line[(colon + 1)...].trimmed())
        return true
    }

    private mutating func goOn(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        guard !isCut else { return }
        fields[fields.count - 1].value.append(0x20)
        append(line.trimmed())
    }

    private mutating func append(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        let room = MailHeader.maximumValue - fields[fields.count - 1].value.count
        if text.count > room { isCut = true }
        fields[fields.count - 1].value.append(contentsOf: text.prefix(max(0, room)))
    }

    /// Returns where the colon behind a field's name is: the name has no space in it, though old mail has some behind
    /// it.
    static func colon(in line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var end = line.startIndex
        while end < line.endIndex, line[end] > 0x20, line[end] < 0x7f, line[end] != UInt8(ascii: ":") { end += 1 }
        guard end > line.startIndex, end - line.startIndex <= maximumName else { return nil }
        while end < line.endIndex, line[end] == 0x20 || line[end] == 0x09 { end += 1 }
        return end < line.endIndex && line[end] == UInt8(ascii: ":") ? end : nil
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The bytes without white space at both ends.
    func trimmed() -> Self {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start].isSpace { start += 1 }
        while end > start, self[end - 1].isSpace { end -= 1 }
        return self[start..<end]
    }
}
