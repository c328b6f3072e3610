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
        var output = ""
        var run: [Substring] = []
        var blankBefore = false
        var isVerbatim = false
        var isSignature = false
        func flush() {
            let joined = run.joined(separator: "\n")
            let made = isVerbatim ? trimmingEnds(joined) : Paragraphs.rewrapped(joined)
            if !made.isEmpty {
                if !output.isEmpty { output += blankBefore ? "\n\n" : "\n" }
                output += made
                blankBefore = false
            }
            if run.last?.utf8.allSatisfy(\.isSpace) == true { blankBefore = true }
            run.removeAll()
        }
        for line in text.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let isBlank = line.utf8.allSatisfy(\.isSpace)
            isSignature = isSignature || line == "-- " || line == "--"
            let keeps = isSignature || line.utf8.first == UInt8(ascii: ">")
            // A blank line goes with what is before it.
            if keeps != isVerbatim, !isBlank {
                flush()
                isVerbatim = keeps
            }
            run.append(line)
        }
        flush()
        return output
    }

    /// The lines without space at their ends, and without blank lines at the beginning and the end; several become one.
    private static func trimmingEnds(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = line
            while let last = line.utf8.last, last.isSpace { line = line.dropLast() }
            if line.isEmpty, lines.last?.isEmpty ?? true { continue }
            lines.append(line)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
