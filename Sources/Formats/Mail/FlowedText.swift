/// Text of a mail as a body has it: lines that were broken for the way are joined, what is quoted and what stands below
/// the mark of a signature keep their lines.
enum FlowedText {
    /// Returns the text of a part whose lines say where they may be joined (RFC 3676).
    static func unflowed(_ text: String, deletesSpace: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        var depth: Int?
        for line in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false) {
            var line = line.last == 0x0d ? line.dropLast() : line
            let quotes = line.prefix { $0 == UInt8(ascii: ">") }.count
            line = line.dropFirst(quotes)
            if line.first == 0x20 { line = line.dropFirst() }
            let isMark = line.elementsEqual("-- ".utf8)
            if depth == quotes, !isMark {
                output.append(contentsOf: line)
            } else {
                if depth != nil { output.append(0x0a) }
                if quotes > 0 {
                    output.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: quotes))
                    if !line.isEmpty { output.append(0x20) }
                }
                output.append(contentsOf: line)
            }
            depth = nil
            if line.last == 0x20, !isMark {
                depth = quotes
                if deletesSpace { output.removeLast() }
            } else {
                output.append(0x0a)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Returns paragraphs, parted by blank lines.
    static func paragraphs(_ text: String) -> String {
        var text = text
        let output: [UInt8]? = text.withUTF8 { bytes in
            var paragraphs = MailParagraphs()
            var lines = MailLines(bytes)
            var start = 0
            while let line = lines.next() {
                paragraphs.take(line, start..<lines.place, of: bytes)
                start = lines.place
            }
            return paragraphs.isPlain ? nil : paragraphs.made(from: bytes)
        }
        return output.map { String(decoding: $0, as: UTF8.self) } ?? Paragraphs.rewrapped(text)
    }
}
