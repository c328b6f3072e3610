import Glibc

/// Plain text as a body has it: paragraphs parted by one blank line, no lines that a printer's width broke.
enum Paragraphs {
    /// A line of a text that was broken at a width.
    private static let widths = 40...110

    /// Returns the paragraphs of a text.
    ///
    /// Where blank lines part them, lines within one are joined if they look broken at a width, and stay otherwise (a
    /// table, a poem). Without blank lines each line is a paragraph, unless lines look broken at a width: then one ends
    /// where a line is clearly shorter and ends a sentence, or where the next is indented.
    static func text(of text: String) -> String { made(of: text, keepsLines: false) }

    /// Likewise, but a line that was not broken at a width stays a line where no blank line is beside it.
    static func rewrapped(_ text: String) -> String { made(of: text, keepsLines: true) }

    private static func made(of text: String, keepsLines: Bool) -> String {
        var text = text
        let other: String? = text.withUTF8 { bytes in
            if isParted(bytes) { return nil }
            guard has(0x0a, bytes) || has(0x0d, bytes) else { return trimmed(bytes[...]) }
            return String(decoding: joined(lines(of: bytes), keepsLines: keepsLines), as: UTF8.self)
        }
        // As it is, where it is as it should be: a long text is not copied.
        return other ?? text
    }

    /// Returns a text whose single line ends mean nothing, as in XML: each becomes a space, blank lines stay.
    static func unwrapped(_ text: String) -> String {
        text.split(separator: /\n[ \t\r]*\n\s*/).map { paragraph in
            paragraph.split(whereSeparator: \.isNewline).map { line in
                String(line.drop { $0 == " " || $0 == "\t" })
            }.joined(separator: " ")
        }.joined(separator: "\n\n")
    }

    private static func has(_ byte: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.baseAddress.map { memchr($0, byte, bytes.count) != nil } ?? false
    }

    /// Whether the only line ends of a text are single blank lines between paragraphs.
    private static func isParted(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first, first > 0x20, let last = bytes.last, last > 0x20, !has(0x0d, bytes) else {
            return false
        }
        var start = 0
        while let found = memchr(bytes.baseAddress! + start, 0x0a, bytes.count - start) {
            let place = found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
            guard place + 2 < bytes.count, bytes[place - 1] > 0x20, bytes[place + 1] == 0x0a, bytes[place + 2] > 0x20
            else {
                return false
            }
            start = place + 2
        }
        return true
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(decoding: bytes.drop { $0 <= 0x20 }.trimmingEnd(), as: UTF8.self)
    }

    private typealias Line = Slice<UnsafeBufferPointer<UInt8>>

    /// The lines without space at their ends; CRLF, CR and LF end one.
    private static func lines(of bytes: UnsafeBufferPointer<UInt8>) -> [Line] {
        var lines: [Line] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0a || byte == 0x0d {
                lines.append(bytes[start..<index].trimmingEnd())
                if byte == 0x0d, index + 1 < bytes.count, bytes[index + 1] == 0x0a { index += 1 }
                start = index + 1
            }
            index += 1
        }
        lines.append(bytes[start..<bytes.count].trimmingEnd())
        return lines
    }

    private static func joined(_ lines: [Line], keepsLines: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(lines.reduce(0) { $0 + $1.count + 2 })
        let hasBlank = lines.drop { $0.isEmpty }.reversed().drop { $0.isEmpty }.contains { $0.isEmpty }
        var block: [Line] = []
        func flush() {
            defer { block.removeAll(keepingCapacity: true) }
            guard !block.isEmpty else { return }
            let isBroken = isBrokenAtWidth(block)
            let width = block.lazy.map(\.count).max() ?? 0
            for (index, line) in block.enumerated() {
                // Within a paragraph an indent may be a poem's or a table's.
                let text = index == 0 || isBroken ? line.drop { $0 <= 0x20 } : line
                if index == 0 {
                    if !output.isEmpty { output.append(contentsOf: [0x0a, 0x0a]) }
                } else if isBroken {
                    let previous = block[index - 1]
                    let ends = !hasBlank && (endsParagraph(previous, width) || isIndented(line))
                    output.append(contentsOf: ends ? [0x0a, 0x0a] : [0x20])
                } else {
                    output.append(contentsOf: hasBlank || keepsLines ? [0x0a] : [0x0a, 0x0a])
                }
                output.append(contentsOf: text)
            }
        }
        for line in lines {
            if line.isEmpty { flush() } else { block.append(line) }
        }
        flush()
        return output
    }

    /// Whether lines look like those of a text that was broken at a width: most are nearly as long as the longest.
    private static func isBrokenAtWidth(_ lines: [Line]) -> Bool {
        guard lines.count > 1, let longest = lines.lazy.map(\.count).max(), widths.contains(longest) else {
            return false
        }
        // Cells of a table stand apart.
        guard !lines.contains(where: { $0.contains(UInt8(ascii: "\t")) || hasGap($0) }) else { return false }
        let long = lines.dropLast().count { $0.count * 4 >= longest * 3 }
        return long * 4 >= (lines.count - 1) * 3
    }

    private static func hasGap(_ line: Line) -> Bool {
        var spaces = 0
        for byte in line.drop(while: { $0 <= 0x20 }) {
            spaces = byte == 0x20 ? spaces + 1 : 0
            if spaces >= 3 { return true }
        }
        return false
    }

    private static func endsParagraph(_ line: Line, _ width: Int) -> Bool {
        guard line.count * 4 < width * 3, let last = line.last else { return false }
        return [0x2e, 0x21, 0x3f, 0x22, 0x3a].contains(last) || last >= 0x80
    }

    private static func isIndented(_ line: Line) -> Bool {
        (line.first == 0x20 && line.dropFirst().first == 0x20) || line.first == 0x09
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// The bytes without space at their end.
    fileprivate func trimmingEnd() -> Self {
        var end = endIndex
        while end > startIndex, self[end - 1] <= 0x20 { end -= 1 }
        return self[startIndex..<end]
    }
}
