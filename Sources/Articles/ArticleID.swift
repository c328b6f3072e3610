import Hashing

/// The content-derived name of an article: 32 lower-case hexadecimal digits.
///
/// It is the first half of the SHA-256 over six fields in this order: source, uri, version, title, published, body.
/// Each field is a 32-bit big-endian count of UTF-8 bytes followed by these bytes; an absent field is the count
/// 0xFFFFFFFF alone. The same article therefore has the same id within its source, on any machine.
public struct ArticleID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The 32 digits.
    public let description: String

    /// Takes an id from a record; nil where `text` is not 32 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let isID =
            text.utf8.count == 32
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard isID else { return nil }
        description = String(text)
    }

    /// Derives the id of an article from its six fields.
    public init(source: String, uri: String?, version: String?, title: String?, published: String?, body: String?) {
        var digest = SHA256()
        for field in [source, uri, version, title, published, body] {
            guard var field else {
                digest.update([0xff, 0xff, 0xff, 0xff])
                continue
            }
            field.withUTF8 { text in
                let count = UInt32(truncatingIfNeeded: text.count).bigEndian
                withUnsafeBytes(of: count) { digest.update($0) }
                digest.update(UnsafeRawBufferPointer(text))
            }
        }
        description = Hexadecimal.encode(digest.finish().prefix(16))
    }

    /// Reads the 32 digits.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = ArticleID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not 32 hexadecimal digits"))
        }
        self = id
    }

    /// Writes the 32 digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
