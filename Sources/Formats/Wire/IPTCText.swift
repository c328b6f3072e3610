import Articles

/// The text of a message of IPTC 7901: keywords that end with a stroke, the headline, who wrote it, and the paragraphs behind
/// a blank line.
struct IPTCText {
    private let header: [String]
    private let lines: [String]
    private let context: FormatContext

    /// Takes the lines of the header behind its first, and those of the text.
    init(_ header: [String], _ lines: [String], _ context: FormatContext) {
        self.header = header
        self.lines = lines
        self.context = context
    }

    /// Sets the words of an article.
    func fill(_ article: inout Article) {
        let rest = lines.drop { $0.allSatisfy(\.isWhitespace) }
        var above = rest.prefix { !$0.allSatisfy(\.isWhitespace) }[...]
        var body = Array(rest[above.endIndex...])
        if body.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            // Without a blank line the first line is the headline, behind the keywords.
            let keywords = above.prefix { WireLine.trimmed($0).hasSuffix("/") }.count
            body = Array(above.dropFirst(keywords + 1))
            above = above.prefix(keywords + 1)
        }
        let keywords = (header + above.prefix { WireLine.trimmed($0).hasSuffix("/") }).map(WireLine.trimmed)
        readKeywords(keywords.filter { !$0.isEmpty }, &article)
        readAbove(above.drop { WireLine.trimmed($0).hasSuffix("/") }.map(WireLine.trimmed), &article)
        takeNotes(&body, &article)
        let text = paragraphs(body)
        guard !text.isEmpty else { return }
        article.body = text
        article.dateline = WireLine.dateline(of: text)
    }

    private func readKeywords(_ lines: [String], _ article: inout Article) {
        guard !lines.isEmpty else { return }
        var line = lines.joined(separator: " ")
        while line.last == "/" { line.removeLast() }
        article.slugline = line.isEmpty ? nil : line
        article.keywords = line.split(separator: "/").map { VisibleText.clean(String($0)) }.filter { !$0.isEmpty }
    }

    private func readAbove(_ lines: [String], _ article: inout Article) {
        var title: [String] = []
        for line in lines {
            if let names = WireLine.byline(line) {
                article.bylines += names
            } else if title.isEmpty, let signal = IPTCText.signal(line) {
                article.signals += signal.isEmpty ? [] : [signal]
                article.ext["take"] = .string(
                    [article.ext["take"]?.stringValue, line].compactMap { $0 }.joined(separator: " "))
            } else {
                title.append(line)
            }
        }
        article.title = title.isEmpty ? nil : title.joined(separator: " ")
    }

    /// What a line in capitals above a headline says of the message; empty for one that is no word of ours, nil for a
    /// headline.
    private static func signal(_ line: String) -> String? {
        let words = line.uppercased()
        guard line == words, line.utf8.count <= 24 else { return nil }
        if words.hasPrefix("CORRECTION") || words.hasPrefix("CORRECTED") { return "correction" }
        if words.hasSuffix(" LEAD") || words == "LEAD" || words.hasPrefix("UPDATE") { return "update" }
        return ["REFILE", "REPEAT", "URGENT", "BULLETIN", "FLASH", "EXTRA"].contains(words) ? "" : nil
    }

    /// Takes the date from the end, and what is said to be for editors alone.
    private func takeNotes(_ body: inout [String], _ article: inout Article) {
        while let last = body.last, last.allSatisfy(\.isWhitespace) { body.removeLast() }
        if let last = body.last, let (date, raw) = WireDate.find(in: last, context) {
            article.setPublished(date, raw: raw)
            body.removeLast()
        }
        let mark = body.firstIndex { line in
            let text = line.lowercased()
            return text.hasPrefix("the following information is not") && text.contains("for publication")
        }
        guard let mark else { return }
        let note = paragraphs(Array(body[(mark + 1)...]))
        article.editorialNote = note.isEmpty ? nil : note
        body.removeSubrange(mark...)
        // The line of stars above it.
        while let last = body.last, last.allSatisfy({ $0.isWhitespace || $0 == "*" || $0 == "_" }) { body.removeLast() }
    }

    /// Where blank lines part paragraphs they alone do; else an indent does.
    private func paragraphs(_ lines: [String]) -> String {
        let lines = Array(lines.drop { $0.allSatisfy(\.isWhitespace) })
        return lines.contains { $0.allSatisfy(\.isWhitespace) }
            ? Paragraphs.rewrapped(lines.joined(separator: "\n")) : WireParagraphs.text(of: lines)
    }
}
