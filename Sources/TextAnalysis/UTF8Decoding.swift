/// Decoding of single scalars out of bytes; ill-formed bytes count as one U+FFFD each.
package enum UTF8Decoding {
    /// Returns the scalar that starts at `index` and its length in bytes.
    @inline(__always)
    package static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let left = bytes.count - index
        func tail(_ offset: Int) -> UInt32? {
            let byte = bytes[index + offset]
            return byte & 0xc0 == 0x80 ? UInt32(byte & 0x3f) : nil
        }
        if first >= 0xc2, first < 0xe0, left >= 2, let a = tail(1) {
            return (UInt32(first & 0x1f) << 6 | a, 2)
        }
        if first >= 0xe0, first < 0xf0, left >= 3, let a = tail(1), let b = tail(2) {
            let value = UInt32(first & 0x0f) << 12 | a << 6 | b
            if value >= 0x800 { return (value, 3) }
        }
        if first >= 0xf0, first < 0xf5, left >= 4, let a = tail(1), let b = tail(2), let c = tail(3) {
            let value = UInt32(first & 0x07) << 18 | a << 12 | b << 6 | c
            if value >= 0x1_0000, value <= 0x10_ffff { return (value, 4) }
        }
        return (0xfffd, 1)
    }

    /// Returns the scalar that ends before `index`, nil at the start.
    package static func scalar(before index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> (value: UInt32, length: Int)?
    {
        guard index > 0 else { return nil }
        var start = index - 1
        while start > 0, index - start < 4, bytes[start] & 0xc0 == 0x80 { start -= 1 }
        let found = scalar(bytes, start)
        return start + found.length == index ? found : (0xfffd, 1)
    }

    /// Appends the UTF-8 bytes of a scalar value.
    @inline(__always)
    static func append(_ value: UInt32, to output: inout [UInt8]) {
        switch value {
        case 0..<0x80: output.append(UInt8(value))
        case 0x80..<0x800:
            output.append(UInt8(0xc0 | value >> 6))
            output.append(UInt8(0x80 | value & 0x3f))
        case 0x800..<0x1_0000:
            output.append(UInt8(0xe0 | value >> 12))
            output.append(UInt8(0x80 | value >> 6 & 0x3f))
            output.append(UInt8(0x80 | value & 0x3f))
        default:
            output.append(UInt8(0xf0 | value >> 18 & 0x07))
            output.append(UInt8(0x80 | value >> 12 & 0x3f))
            output.append(UInt8(0x80 | value >> 6 & 0x3f))
            output.append(UInt8(0x80 | value & 0x3f))
        }
    }
}
