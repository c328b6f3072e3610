/// The lines of a text that was made for a printer on a wire, where a paragraph begins with an indent and no blank line parts
/// it from the one before: lines within one are joined, those of a table stay.
enum WireParagraphs {
    /// Returns the paragraphs, parted by blank lines.
    ///
    /// - Parameter isTabular: whether every line stays one.
    static func text(of lines: some Sequence<some StringProtocol>, isTabular: Bool = false) -> String {
        var output = ""
        var isAfterBlank = true
        var isAfterRow = false
        for line in lines {
            let text = trimmed(line)
            guard !text.isEmpty else {
                isAfterBlank = true
                continue
            }
            let isRow = isTabular || hasGap(text)
            if !output.isEmpty {
                if isRow, isAfterRow, !isAfterBlank {
                    output += "\n"
                } else if isAfterBlank || isIndented(line) || isRow || isAfterRow {
                    output += "\n\n"
                } else {
                    output += " "
                }
            }
            output += text
            (isAfterBlank, isAfterRow) = (false, isRow)
        }
        return output
    }

    private static func trimmed(_ line: some StringProtocol) -> String {
        var scalars = Substring(line).unicodeScalars
        while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
        while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
        return String(scalars)
    }

    private static func isIndented(_ line: some StringProtocol) -> Bool {
        line.utf8.first == 0x09 || line.utf8.prefix { $0 == 0x20 }.count >= 2
    }

    /// Whether cells stand apart in a line.
    private static func hasGap(_ text: String) -> Bool {
        var spaces = 0
        for byte in text.utf8 {
            if byte == 0x09 { return true }
            spaces = byte == 0x20 ? spaces + 1 : 0
            if spaces >= 3 { return true }
        }
        return false
    }
}
