/// Base 64 (RFC 4648, section 4), with white space passed over.
enum Base64 {
    /// Returns the text that is encoded; nil where it is no base 64, or no UTF-8.
    static func decode(_ text: String) -> String? {
        guard let bytes = bytes(of: text.utf8) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Returns the bytes that are encoded; nil where it is no base 64.
    static func bytes(of text: some Sequence<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            let value: UInt32
            switch byte {
            case 0x41...0x5a: value = UInt32(byte - 0x41)
            case 0x61...0x7a: value = UInt32(byte - 0x61) + 26
            case 0x30...0x39: value = UInt32(byte - 0x30) + 52
            case 0x2b, 0x2d: value = 62
            case 0x2f, 0x5f: value = 63
            case 0x3d, 0x09...0x0d, 0x20: continue
            default: return nil
            }
            bits = bits << 6 | value
            count += 1
            if count == 4 {
                output += [
                    UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                    UInt8(truncatingIfNeeded: bits),
                ]
                (bits, count) = (0, 0)
            }
        }
        switch count {
        case 2: output.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3: output += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
        case 1: return nil
        default: break
        }
        return output
    }
}
