/// A line of a wire message.
enum WireLine {
    /// Returns a line without control characters.
    static func plain(_ line: Substring) -> String {
        String(
            String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f || $0 == "\t" }))
    }

    /// Returns a line of ANPA 1312 as it is meant: marks for the typesetter are left out, quotes and dashes become those of
    /// print.
    static func set(_ line: Substring) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in line.unicodeScalars {
            switch scalar.value {
            // A tab line, and the bands that give way where a line is set.
            case 0x08, 0x10: scalars.append(" ")
            case 0x09, 0x20...0x7e, 0xa0...: scalars.append(scalar)
            default: break
            }
        }
        return String(scalars).replacing("``", with: "“").replacing("''", with: "”").replacing(" _ ", with: " — ")
    }

    /// The name in a line that says who wrote it, as `By INES AALTO=`; nil where it is none.
    static func byline(_ line: String) -> [String]? {
        let text = trimmed(line)
        guard text.lowercased().hasPrefix("by "), text.utf8.count <= 120 else { return nil }
        let names = BylineText.names(text)
        return names.isEmpty ? [String(text.dropFirst(3))] : names
    }

    /// Returns a line without space, and without the marks that set it in the middle or end it.
    static func trimmed(_ line: String) -> String {
        var text = line[...]
        while let first = text.first, first.isWhitespace || first == "^" { text.removeFirst() }
        while let last = text.last, last.isWhitespace || last == "<" || last == "=" { text.removeLast() }
        return String(text)
    }

    /// The place and the agency that a text begins with, as `TURKU, Finland (AP)`; nil where it begins otherwise.
    static func dateline(of body: String) -> String? {
        let start = body.prefix(120).prefix { !$0.isNewline }
        guard let open = start.firstIndex(of: "("), let close = start[open...].firstIndex(of: ")") else { return nil }
        let behind = start[start.index(after: close)...].drop { $0 == " " }
        guard let mark = behind.first, "-–—_:".contains(mark), start.first?.isUppercase == true,
            start[start.index(after: open)..<close].utf8.count <= 20, start[..<open].utf8.count <= 60
        else { return nil }
        return String(start[...close])
    }
}
