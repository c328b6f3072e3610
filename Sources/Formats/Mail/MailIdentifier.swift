/// Identifiers of messages and of their parts: `<2026.1@agency.example>`.
enum MailIdentifier {
    /// Returns the identifiers of a field without their brackets; without any brackets its words.
    static func all(in field: [UInt8]) -> [String] {
        var output: [String] = []
        var index = 0
        while let start = field[index...].firstIndex(of: UInt8(ascii: "<")),
            let end = field[start...].firstIndex(of: UInt8(ascii: ">"))
        {
            if let text = identifier(field[(start + 1)..<end]) { output.append(text) }
            index = end + 1
            if output.count == maximum { return output }
        }
        guard output.isEmpty, !field.contains(UInt8(ascii: "<")) else { return output }
        return field.split(whereSeparator: \.isSpace).prefix(1).compactMap {
            $0.contains(UInt8(ascii: "@")) ? identifier($0) : nil
        }
    }

    /// No thread is deeper that anybody follows.
    private static let maximum = 200

    private static func identifier(_ bytes: ArraySlice<UInt8>) -> String? {
        let text = bytes.filter { $0 > 0x20 && $0 != 0x7f }
        guard !text.isEmpty, text.count <= 1000 else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns an identifier as an address (RFC 2392); what such an address cannot have is escaped.
    static func uri(_ identifier: String, scheme: StaticString = "mid") -> String {
        var output = "\(scheme):"
        for byte in identifier.utf8 {
            if byte.isLetter || byte.isDigit || allowed.contains(byte) {
                output.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                output += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return output
    }

    private static let allowed = Set("-._~!$&'()*+,;=:@".utf8)
}
