import Articles

/// Names of articles where a standard asks for a URI.
enum WebName {
    /// Returns the publisher's name where it is a URI, else one that is made of the article's id.
    static func of(_ article: Article) -> String {
        article.uri.flatMap { isURI($0) ? $0 : nil } ?? "urn:dropwire:\(article.id)"
    }

    /// Whether a text is a URI with a scheme, by the characters of RFC 3986.
    static func isURI(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon + 1 < bytes.count,
            isLetter(bytes[0])
        else { return false }
        let isScheme = bytes[..<colon].allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
        guard isScheme else { return false }
        for (index, byte) in bytes.enumerated() where !isLetter(byte) && !isDigit(byte) {
            if byte == UInt8(ascii: "%") {
                guard index + 2 < bytes.count, isHexadecimal(bytes[index + 1]), isHexadecimal(bytes[index + 2]) else {
                    return false
                }
            } else if !"-._~:/?#[]@!$&'()*+,;=".utf8.contains(byte) {
                return false
            }
        }
        return bytes.count { $0 == UInt8(ascii: "#") } <= 1
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
}
