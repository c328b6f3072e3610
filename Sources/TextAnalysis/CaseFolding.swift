/// Case folding: makes texts that differ only in case equal.
package enum CaseFolding {
    /// Returns the folded text: lower case, with the sharp s as ss and both small sigmas as one.
    package static func fold(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 0x80 {
                    output.append(byte &- 0x41 < 26 ? byte + 32 : byte)
                    index += 1
                    continue
                }
                let (value, length) = UTF8Decoding.scalar(bytes, index)
                index += length
                switch value {
                case 0xdf, 0x1e9e: output += [UInt8(ascii: "s"), UInt8(ascii: "s")]
                case 0x3c2: UTF8Decoding.append(0x3c3, to: &output)
                case 0x130: output += [UInt8(ascii: "i"), 0xcc, 0x87]
                default: UTF8Decoding.append(CharacterInfo.of(value).lowercase, to: &output)
                }
            }
        }
        return output
    }
}
