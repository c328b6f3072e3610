/// What stands before the content of a record, in WARC 0.17 to 1.1 (ISO 28500) or in ARC 1 and 2.
struct WARCHeader {
    /// What a record is for.
    enum Kind: Equatable {
        /// What a server answered.
        case response
        /// A file without the protocol around it, or one that was converted.
        case resource
        /// The same answer as at an earlier visit, which is not repeated here.
        case revisit
        case other
    }

    var kind = Kind.other
    /// The address that was visited.
    var url: String?
    /// The content's type; of a response it is that of the protocol.
    var contentType: String?
    /// The content's length.
    var length: Int

    /// Reads the header of a WARC record, from its version line to the blank line; nil where it is none, or says no length.
    init?(warc text: ArraySlice<UInt8>) {
        guard text.starts(with: "WARC/".utf8) else { return nil }
        let fields = HeaderFields(text.drop { $0 != 0x0a }.dropFirst())
        guard let number = fields["content-length"], let length = Int(number), length >= 0 else { return nil }
        self.length = length
        switch fields["warc-type"]?.lowercased() {
        case "response": kind = .response
        case "resource", "conversion": kind = .resource
        case "revisit": kind = .revisit
        default: kind = .other
        }
        // Some write it in angle brackets, as identifiers are.
        url = fields["warc-target-uri"].map {
            $0.hasPrefix("<") && $0.hasSuffix(">") ? String($0.dropFirst().dropLast()) : $0
        }
        contentType = fields["content-type"]?.lowercased()
    }

    /// Reads the line before a record of ARC: address, IP address, date, type and length; an address may have spaces.
    init?(arc line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count >= 5, let length = Int(String(decoding: parts[parts.count - 1], as: UTF8.self)), length >= 0
        else { return nil }
        self.length = length
        // The second version has more between the type and the length.
        let date = parts.indices.last { index in
            parts[index].count == 14 && parts[index].allSatisfy(\.isDigit)
        }
        guard let date, date >= 2, date + 1 < parts.count else { return nil }
        let address = String(decoding: Array(parts[..<(date - 1)].joined(separator: [0x20])), as: UTF8.self)
        url = address
        contentType = String(decoding: parts[date + 1], as: UTF8.self).lowercased()
        kind = address.hasPrefix("http") ? .response : .other
    }
}
