/// The parts of a native text, found line by line.
struct NativeLayout {
    /// What reading a text ends in.
    enum Outcome {
        case article(NativeLayout)
        /// Nothing in the text can be seen.
        case empty
        /// The text begins, on this line, with what must follow a headline.
        case noHeadline(line: Int)
    }

    /// The headline, its lines joined by a space.
    private(set) var title = ""
    /// The date as it stands in the text.
    private(set) var dateText: String?
    private(set) var date: DateLine?
    /// The abstract without its label, its lines joined by a space.
    private(set) var abstract: String?
    /// The paragraphs, parted by one blank line.
    private(set) var body: String?
    /// What was doubtful.
    private(set) var warnings: [String] = []

    /// Reads valid UTF-8 text with line feeds from `start`.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Outcome {
        var lines = TextLines(bytes, from: start)
        lines.skipBlank()
        guard let first = lines.line.map(lines.trimmedStart) else { return .empty }
        guard DateLine(bytes[first]) == nil, abstractLabel(bytes[first]) == nil else {
            return .noHeadline(line: lines.number)
        }
        var layout = NativeLayout()
        layout.readHeadline(&lines, bytes)
        layout.readDate(&lines, bytes)
        layout.readAbstract(&lines, bytes)
        layout.readBody(&lines, bytes)
        return .article(layout)
    }

    private mutating func readHeadline(_ lines: inout TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
        var text: [UInt8] = []
        while !lines.isBlank, let line = lines.line.map(lines.trimmedStart) {
            // A date or abstract right under the headline lacks its blank line; it is no part of the headline.
            if !text.isEmpty, DateLine(bytes[line]) != nil || NativeLayout.abstractLabel(bytes[line]) != nil {
                warnings.append("blank_line_missing")
                break
            }
            NativeLayout.join(bytes[line], to: &text)
            lines.advance()
        }
        title = String(decoding: text, as: UTF8.self)
        lines.skipBlank()
    }

    private mutating func readDate(_ lines: inout TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let line = lines.line.map(lines.trimmedStart), let date = DateLine(bytes[line]) else { return }
        self.date = date
        dateText = String(decoding: bytes[line], as: UTF8.self)
        lines.advance()
        lines.skipBlank()
    }

    private mutating func readAbstract(_ lines: inout TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = lines.line.map(lines.trimmedStart), let label = NativeLayout.abstractLabel(bytes[first])
        else { return }
        var text: [UInt8] = []
        var line: Range<Int>? = first.lowerBound + label..<first.upperBound
        while let range = line.map(lines.trimmedStart) {
            if !lines.isInvisible(range) { NativeLayout.join(bytes[range], to: &text) }
            lines.advance()
            line = lines.isBlank ? nil : lines.line
        }
        if !text.isEmpty { abstract = String(decoding: text, as: UTF8.self) }
        lines.skipBlank()
    }

    private mutating func readBody(_ lines: inout TextLines, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = lines.line else { return }
        // No paragraph grows, and each line end in the text pays for one here, so the rest of the text is room enough.
        let text = String(unsafeUninitializedCapacity: bytes.count - first.lowerBound) { output in
            var count = 0
            var blankLines = 0
            func append(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
                _ = output[count...].update(fromContentsOf: line)
                count += line.count
            }
            while let line = lines.line {
                if lines.isBlank {
                    blankLines += 1
                } else {
                    if count > 0 {
                        output[count] = 0x0a
                        count += 1
                        if blankLines > 0 {
                            output[count] = 0x0a
                            count += 1
                        }
                    }
                    // Only a paragraph's first line loses its indent: within one it may be a poem's or a table's.
                    append(bytes[count == 0 || blankLines > 0 ? lines.trimmedStart(line) : line])
                    blankLines = 0
                }
                lines.advance()
            }
            return count
        }
        if !text.isEmpty { body = text }
    }

    /// Returns the length of the label `Abstract:` at the beginning of a line, in any case, nil where there is none.
    static func abstractLabel(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        let label: StaticString = "abstract:"
        let count = label.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        for offset in 0..<count {
            let byte = line[line.startIndex + offset]
            let lower = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            guard lower == label.utf8Start[offset] else { return nil }
        }
        return count
    }

    private static func join(_ line: Slice<UnsafeBufferPointer<UInt8>>, to text: inout [UInt8]) {
        if !text.isEmpty { text.append(0x20) }
        text.append(contentsOf: line)
    }
}
