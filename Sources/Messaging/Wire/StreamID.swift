/// The name of one log: a UUID of 16 bytes, made with its database.
package struct StreamID: Sendable, Hashable, Codable, CustomStringConvertible {
    // Two numbers and no array: every record's position has one, and is copied often.
    /// The first eight bytes, big-endian.
    let high: UInt64
    /// The last eight.
    let low: UInt64

    /// Takes the two halves.
    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes 16 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        func number(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: number(bytes.prefix(8)), low: number(bytes.dropFirst(8)))
    }

    /// The 16 bytes.
    package var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
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
        var (high, low) = (UInt64(0), UInt64(0))
        var place = 0
        for byte in text.utf8 {
            // One UUID has one text.
            let isBetween = place == 8 || place == 13 || place == 18 || place == 23
            guard place < 36, isBetween == (byte == UInt8(ascii: "-")) else { return nil }
            if !isBetween {
                let digit: UInt8
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 0x30
                case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 0x61 + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 0x41 + 10
                default: return nil
                }
                if place < 18 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            }
            place += 1
        }
        guard place == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// The UUID's text, lower case.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var count = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    text[count] = UInt8(ascii: "-")
                    count += 1
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> (60 - 4 * (digit & 15))) & 15
                text[count] = value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
                count += 1
            }
            return count
        }
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
