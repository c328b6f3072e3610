/// One pass over a file's bytes: is it UTF-8, and does it look like text.
struct UTF8Scan {
    /// A sequence that is not UTF-8.
    enum Fault: Equatable {
        /// The sequence at this offset can never be UTF-8.
        case invalid(Int)
        /// The sequence at this offset is right as far as it goes, but the file ends in it.
        case cut(Int)
    }

    /// The first sequence that is not UTF-8; the scan still counts control bytes behind it.
    private(set) var fault: Fault?
    private(set) var hasCarriageReturn = false
    /// Bytes below 0x20 but tab, line feed, form feed and carriage return.
    private(set) var controlBytes = 0
    private(set) var firstControlByte: Int?
    private(set) var firstNUL: Int?

    /// Scans `bytes`, many at a time where they are printable ASCII.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        let high: UInt64 = 0x8080_8080_8080_8080
        let spaces: UInt64 = 0x2020_2020_2020_2020
        let count = bytes.count
        var index = 0
        while index < count {
            // The first term marks bytes below 0x20 (a borrow can only mark too many), the second those above 0x7f.
            if index + 32 <= count {
                let block = raw.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
                let found = (block &- SIMD4(repeating: spaces)) | block
                if (found[0] | found[1] | found[2] | found[3]) & high == 0 {
                    index += 32
                    continue
                }
            }
            if index + 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if ((word &- spaces) | word) & high == 0 {
                    index += 8
                    continue
                }
            }
            let byte = bytes[index]
            if byte >= 0x80 {
                let length = UTF8Scan.sequenceLength(bytes, at: index)
                if length > 0 {
                    index += length
                    continue
                }
                if fault == nil { fault = length == 0 ? .invalid(index) : .cut(index) }
            } else if byte < 0x20 {
                note(byte, at: index)
            }
            index += 1
        }
    }

    private mutating func note(_ byte: UInt8, at index: Int) {
        switch byte {
        case 0x09, 0x0a, 0x0c: break
        case 0x0d: hasCarriageReturn = true
        default:
            controlBytes += 1
            if firstControlByte == nil { firstControlByte = index }
            if byte == 0, firstNUL == nil { firstNUL = index }
        }
    }

    /// Returns the length of the multi-byte sequence at `index`: 0 where it is not UTF-8, -1 where the bytes end in it.
    ///
    /// The ranges are those of table 3-7 of the Unicode standard: no overlong form, no surrogate, nothing above U+10FFFF.
    private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch bytes[index] {
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf1...0xf3: length = 4
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        default: return 0
        }
        guard index + 1 < bytes.count else { return -1 }
        guard second.contains(bytes[index + 1]) else { return 0 }
        for next in index + 2..<max(index + length, index + 2) {
            guard next < bytes.count else { return -1 }
            guard bytes[next] & 0xc0 == 0x80 else { return 0 }
        }
        return length
    }
}
