/// Base64 of the model's table: Foundation's would be all that the room needs of it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Returns the digits without padding.
    static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(digits[Int(bits >> count & 0x3f)])
            }
        }
        if count > 0 { output.append(digits[Int(bits << (6 - count) & 0x3f)]) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Returns the bytes; what is no digit is passed over.
    static func decode(_ text: [UInt8]) -> [UInt8] {
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        var output: [UInt8] = []
        output.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for digit in text where values[Int(digit)] != 0xff {
            bits = bits << 6 | UInt32(values[Int(digit)])
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return output
    }
}
