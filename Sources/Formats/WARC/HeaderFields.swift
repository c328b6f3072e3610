/// The fields of a header as HTTP, WARC and mail write it: a name, a colon and a value a line; a line that begins with space
/// goes on with the one before.
struct HeaderFields {
    private var fields: [(name: String, value: String)] = []

    /// Reads the lines of a header.
    init(_ text: ArraySlice<UInt8>) {
        for line in text.split(separator: 0x0a) {
            var line = line
            if line.last == 0x0d { line.removeLast() }
            if line.first == 0x20 || line.first == 0x09, let last = fields.indices.last {
                fields[last].value += " " + HeaderFields.trimmed(line)
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = HeaderFields.trimmed(line[..<colon]).lowercased()
            fields.append((name, HeaderFields.trimmed(line[(colon + 1)...])))
        }
    }

    /// The value of the first field of a name in lower case.
    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
