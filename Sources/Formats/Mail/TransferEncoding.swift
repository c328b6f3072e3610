/// How the content of a part is written for its way (RFC 2045, section 6). What is broken in it is passed over or taken
/// as it is; nothing fails.
enum TransferEncoding {
    /// Returns the content of a part.
    ///
    /// - Parameter name: the field's value in lower case.
    static func decode(_ content: Slice<UnsafeBufferPointer<UInt8>>, _ name: String?) -> [UInt8] {
        switch name {
        // Behind the filling stands what a list's server put there.
        case "base64":
            base64(
                content[
                    ..<(content.firstIndex(of: UInt8(ascii: "=")).map { min(content.endIndex, $0 + 2) }
                        ?? content.endIndex)])
        case "quoted-printable": quotedPrintable(content)
        case "x-uuencode", "uuencode", "x-uue", "uue": uudecoded(content)
        default: Array(content)
        }
    }

    /// Returns what base 64 stands for; other characters, and filling before the end, are passed over.
    static func base64(_ text: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3 + 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text {
            let value = values[Int(byte)]
            guard value < 64 else {
                // Filling: what follows begins anew, as where pieces that were encoded apart were put together.
                if value == 64, count > 1 { flush(&output, &bits, &count) }
                continue
            }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count == 4 {
                output.append(UInt8(truncatingIfNeeded: bits >> 16))
                output.append(UInt8(truncatingIfNeeded: bits >> 8))
                output.append(UInt8(truncatingIfNeeded: bits))
                (bits, count) = (0, 0)
            }
        }
        flush(&output, &bits, &count)
        return output
    }

    private static func flush(_ output: inout [UInt8], _ bits: inout UInt32, _ count: inout Int) {
        if count == 2 { output.append(UInt8(truncatingIfNeeded: bits >> 4)) }
        if count == 3 {
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        }
        (bits, count) = (0, 0)
    }

    /// The value of each character of base 64; 64 is filling, 255 is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, letter) in letters.utf8.enumerated() { values[Int(letter)] = UInt8(value) }
        values[Int(UInt8(ascii: "="))] = 64
        return values
    }()

    /// Returns what quoted-printable stands for.
    private static func quotedPrintable(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            guard byte == UInt8(ascii: "=") else {
                // Space at a line's end was put there on the way.
                if byte == 0x0a {
                    var hasReturn = false
                    if output.last == 0x0d {
                        output.removeLast()
                        hasReturn = true
                    }
                    while output.last == 0x20 || output.last == 0x09 { output.removeLast() }
                    if hasReturn { output.append(0x0d) }
                }
                output.append(byte)
                index += 1
                continue
            }
            if index + 2 < text.endIndex, let high = text[index + 1].hexDigit, let low = text[index + 2].hexDigit {
                output.append(high << 4 | low)
                index += 3
                // An encoded space at a line's end is meant to be there.
                continue
            }
            var end = index + 1
            while end < text.endIndex, text[end] == 0x20 || text[end] == 0x09 || text[end] == 0x0d { end += 1 }
            if end == text.endIndex || text[end] == 0x0a {
                index = min(text.endIndex, end + 1)
            } else {
                output.append(byte)
                index += 1
            }
        }
        return output
    }

    /// Returns what uuencode stands for, from the line that begins it.
    private static func uudecoded(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var output: [UInt8] = []
        var isInside = false
        for line in text.split(separator: 0x0a) {
            if !isInside {
                isInside = line.starts(with: "begin ".utf8)
                continue
            }
            guard let first = line.first, first != UInt8(ascii: "`"), !line.starts(with: "end".utf8) else { break }
            var left = Int((first &- 32) & 63)
            var index = line.startIndex + 1
            while left > 0, index < line.endIndex {
                func value(_ offset: Int) -> UInt32 {
                    index + offset < line.endIndex ? UInt32((line[index + offset] &- 32) & 63) : 0
                }
                let bits = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3)
                for shift in [16, 8, 0] where left > 0 {
                    output.append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
                    left -= 1
                }
                index += 4
            }
        }
        return output
    }
}
