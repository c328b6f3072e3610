import Messaging

/// A manual page in the making: the macros of man(7), in ASCII.
struct ManualPage {
    private(set) var text: String
    /// Lines of the source end here.
    private static let width = 78

    /// Begins a page.
    ///
    /// - Parameters:
    ///   - date: the day of the page, as 2025-02-26.
    init(name: String, section: Int, manual: String, date: String) {
        text = """
            .\\" Made by `dropwire man` from the program's own table of commands and its sample configuration.
            .TH \(ManualPage.escaped(name.uppercased())) \(section) \(date) "dropwire \(Version.text)" "\(manual)"
            .nh
            .ad l

            """
    }

    mutating func section(_ title: String) { text += ".SH \(ManualPage.quoted(title))\n" }

    mutating func subsection(_ title: String) { text += ".SS \(ManualPage.quoted(title))\n" }

    /// Adds a line that is set as it stands, with macros and escapes of its own.
    mutating func raw(_ line: String) { text += line + "\n" }

    /// Adds paragraphs, parted by empty lines; what is indented stays as it is.
    ///
    /// - Parameter isFirst: it stands right below a title.
    mutating func paragraphs(_ prose: String, isFirst: Bool = false) {
        var filled: [Substring] = []
        var verbatim: [Substring] = []
        var needsBreak = !isFirst
        for line in prose.split(separator: "\n", omittingEmptySubsequences: false) + [Substring()] {
            let isIndented = line.hasPrefix("  ")
            if !filled.isEmpty, line.isEmpty || isIndented {
                text += (needsBreak ? ".PP\n" : "") + ManualPage.filled(filled.joined(separator: " "))
                filled = []
                needsBreak = true
            }
            if !verbatim.isEmpty, !isIndented {
                example(verbatim.map(String.init))
                verbatim = []
                needsBreak = true
            }
            if isIndented { verbatim.append(line.drop { $0 == " " }) } else if !line.isEmpty { filled.append(line) }
        }
    }

    /// Adds an entry of a list: a tag, which is markup already, and what it means.
    mutating func entry(_ tags: [String], _ prose: String) {
        for (index, tag) in tags.enumerated() { text += (index == 0 ? ".TP\n" : ".TQ\n") + tag + "\n" }
        text += ManualPage.filled(prose)
    }

    /// Adds lines that are set as they are.
    mutating func example(_ lines: [String]) {
        text += ".PP\n.RS 4\n.nf\n"
        for line in lines { text += ManualPage.guarded(ManualPage.escaped(line)) + "\n" }
        text += ".fi\n.RE\n"
    }

    // MARK: Markup

    /// Text in bold.
    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    /// Text in italics.
    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// An operand's words in italics, with brackets and bars between them as they are.
    static func operands(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: /[A-Z]+/) {
            result += escaped(String(rest[..<match.range.lowerBound])) + italic(String(match.output))
            rest = rest[match.range.upperBound...]
        }
        return result + escaped(String(rest))
    }

    /// An option with its value.
    static func option(_ option: Command.Option) -> String {
        bold(option.name) + (option.value.map { " " + operands($0.name) } ?? "")
    }

    /// Prose as lines: what stands in backticks, options and names of pages are bold.
    static func filled(_ prose: String) -> String {
        var marked = ""
        for (index, part) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                marked += bold(String(part))
                continue
            }
            marked += part.split(separator: " ", omittingEmptySubsequences: false).map(markedWord)
                .joined(separator: " ")
        }
        var lines: [String] = []
        var line = ""
        for word in marked.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
        return lines.map { guarded($0) + "\n" }.joined()
    }

    /// A word of prose: options and names of pages are bold.
    private static func markedWord(_ word: Substring) -> String {
        if let match = word.wholeMatch(of: /([("]*)(--[a-z-]*[a-z])(.*)/) {
            return escaped(String(match.output.1)) + bold(String(match.output.2)) + escaped(String(match.output.3))
        }
        if let match = word.wholeMatch(of: /([a-z_.-]+)(\([1-8]\).*)/) {
            return bold(String(match.output.1)) + escaped(String(match.output.2))
        }
        return escaped(String(word))
    }

    /// Text in which no character is taken for roff's own, or for another that looks like it.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\(rs"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\"": result += "\\(dq"
            default:
                if scalar.isASCII {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
                }
            }
        }
        return result
    }

    /// An argument of a macro.
    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// A line that is no request, whatever it begins with.
    private static func guarded(_ line: String) -> String { line.hasPrefix(".") ? "\\&" + line : line }
}
