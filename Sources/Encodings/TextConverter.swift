import Glibc

/// Converts text to UTF-8 by iconv(3).
package enum TextConverter {
    /// What a conversion gives.
    package struct Output: Sendable {
        /// Valid UTF-8.
        package var text: [UInt8]
        /// How many bytes were no text in that encoding; U+FFFD stands for each.
        package var replaced: Int

        /// Makes an outcome.
        package init(text: [UInt8], replaced: Int) {
            self.text = text
            self.replaced = replaced
        }
    }

    /// Returns `bytes` as UTF-8; nil where the machine lacks the conversion.
    package static func utf8(from bytes: [UInt8], in encoding: TextEncoding) -> Output? {
        guard let converter = iconv_open("UTF-8", encoding.converterName),
            converter != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        defer { iconv_close(converter) }
        var output = Output(text: [], replaced: 0)
        output.text.reserveCapacity(bytes.count + bytes.count / 2)
        let unit = encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 1
        bytes.withUnsafeBytes { input in
            withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { piece in
                var next = UnsafeMutablePointer(
                    mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
                var left = input.count
                while left > 0 {
                    var end = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var room = piece.count
                    let result = iconv(converter, &next, &left, &end, &room)
                    let code = errno
                    output.text.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[..<(piece.count - room)]))
                    guard result == -1, code != E2BIG else { continue }
                    output.text.append(contentsOf: [0xef, 0xbf, 0xbd])
                    output.replaced += 1
                    let skipped = min(unit, left)
                    next = next.map { $0 + skipped }
                    left -= skipped
                }
            }
        }
        return output
    }
}
