/// Joins the lines of a mail's text between those that keep their ends: what is quoted, and what stands below the mark of a
/// signature.
struct MailParagraphs {
    private var output: [UInt8] = []
    /// The lines that are not yet written.
    private var run = 0..<0
    private var isVerbatim = false
    private var isSignature = false
    private var followsBlank = false
    /// Whether the last line is blank.
    private var endsBlank = false
    /// Whether no line keeps its end, so that it is a text like any other.
    private(set) var isPlain = true

    /// Takes a line; `range` is where it stands, with its end.
    mutating func take(
        _ line: Slice<UnsafeBufferPointer<UInt8>>, _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>
    ) {
        let isBlank = line.allSatisfy(\.isSpace)
        isSignature = isSignature || line.elementsEqual("-- ".utf8) || line.elementsEqual("--".utf8)
        let keeps = isSignature || line.first == UInt8(ascii: ">")
        // A blank line goes with what is before it.
        if keeps != isVerbatim, !isBlank {
            flush(bytes)
            isVerbatim = keeps
            isPlain = false
            run = range
        }
        run = run.lowerBound..<range.upperBound
        endsBlank = isBlank
    }

    /// Returns the whole text, in valid UTF-8 as it was.
    mutating func made(from bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        flush(bytes)
        run = 0..<0
        return output
    }

    private mutating func flush(_ bytes: UnsafeBufferPointer<UInt8>) {
        let text =
            isVerbatim
            ? MailParagraphs.trimmingEnds(bytes, run)
            : Array(Paragraphs.rewrapped(String(decoding: bytes[run], as: UTF8.self)).utf8)
        if !text.isEmpty {
            if !output.isEmpty { output.append(contentsOf: followsBlank ? [0x0a, 0x0a] : [0x0a]) }
            output.append(contentsOf: text)
            followsBlank = false
        }
        followsBlank = followsBlank || endsBlank
    }

    /// The lines without space at their ends, and without blank lines at the beginning and the end; several become one.
    private static func trimmingEnds(_ bytes: UnsafeBufferPointer<UInt8>, _ run: Range<Int>) -> [UInt8] {
        var output: [UInt8] = []
        var lines = MailLines(UnsafeBufferPointer(rebasing: bytes[run]))
        var isAfterBlank = true
        while let line = lines.next() {
            var end = line.endIndex
            while end > line.startIndex, line[end - 1].isSpace { end -= 1 }
            let isBlank = end == line.startIndex
            if isBlank, isAfterBlank { continue }
            output.append(contentsOf: line[..<end])
            output.append(0x0a)
            isAfterBlank = isBlank
        }
        while output.last == 0x0a { output.removeLast() }
        return output
    }
}
