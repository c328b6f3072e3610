/// The name of one log: a UUID of 16 bytes, made with its database.
package struct StreamID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The 16 bytes.
    package let bytes: [UInt8]

    /// Takes 16 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Makes a new random name (UUID version 4, RFC 9562).
    package static func random() -> StreamID {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        return StreamID(bytes: bytes)!
    }

    /// Reads the text form of a UUID; nil where it is not one.
    package init?(_ text: some StringProtocol) {
        var digits: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: "-") {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - 0x30)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(byte - 0x61 + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digits.append(byte - 0x41 + 10)
            default: return nil
            }
        }
        guard digits.count == 32, text.utf8.count == 36 else { return nil }
        bytes = stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The UUID's text, lower case.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let stream = StreamID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a UUID"))
        }
        self = stream
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
