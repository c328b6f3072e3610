/// Looks for references to entities that are neither XML's nor HTML's.
enum EntityScan {
    /// Returns the first such reference with its line, from 1; nil where there is none.
    static func unknown(in text: [UInt8]) -> (name: String, line: Int)? {
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "<"), text[index...].starts(with: "<![CDATA[".utf8) {
                index = text[index...].end(of: "]]>") ?? text.count
            } else if text[index] == UInt8(ascii: "<"), text[index...].starts(with: "<!--".utf8) {
                index = text[index...].end(of: "-->") ?? text.count
            } else if text[index] == UInt8(ascii: "&") {
                let name = text[(index + 1)...].prefix(64).prefix {
                    $0.isLetter || $0.isDigit || [0x2d, 0x2e, 0x5f].contains($0)
                }
                let end = name.endIndex
                if let first = name.first, first.isLetter || first == 0x5f, end < text.count,
                    text[end] == UInt8(ascii: ";")
                {
                    let name = String(decoding: name, as: UTF8.self)
                    if !xml.contains(name), HTMLEntities.character(name) == nil {
                        return (name, 1 + text[..<index].count { $0 == 0x0a })
                    }
                }
                index = end
            } else {
                index += 1
            }
        }
        return nil
    }

    private static let xml: Set<String> = ["amp", "lt", "gt", "quot", "apos"]
}
