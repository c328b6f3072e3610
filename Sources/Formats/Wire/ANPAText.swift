import Articles

/// The text of a message of ANPA 1312. Lines that begin with a circumflex say what stands above the text: its slug, the
/// headline, a note to editors, who wrote it. A paragraph begins with a tab.
struct ANPAText {
    private let lines: [String]
    private let header: ANPAHeader
    private let context: FormatContext

    init(_ lines: [Substring], _ header: ANPAHeader, _ context: FormatContext) {
        self.lines = lines.map(WireLine.set)
        self.header = header
        self.context = context
    }

    /// Sets the words of an article.
    func fill(_ article: inout Article) {
        let rest = lines.drop { $0.allSatisfy(\.isWhitespace) }
        let hasMarks = rest.first?.first == "^"
        let above = rest.prefix { line in
            hasMarks ? line.first == "^" || line.allSatisfy(\.isWhitespace) : !ANPAText.isParagraph(line)
        }
        readAbove(above.map(WireLine.trimmed).filter { !$0.isEmpty }, &article)
        var body = Array(rest[above.endIndex...])
        takeDate(&body, &article)
        let text = WireParagraphs.text(
            of: body.map { $0.first == "^" ? "  " + WireLine.trimmed($0) : $0 }, isTabular: header.isTabular)
        guard !text.isEmpty else { return }
        article.body = text
        article.dateline = WireLine.dateline(of: text)
    }

    private static func isParagraph(_ line: String) -> Bool { line.first == "\t" || line.hasPrefix("   ") }

    private func readAbove(_ lines: [String], _ article: inout Article) {
        var isAfterByline = false
        for line in lines {
            let wasAfterByline = isAfterByline
            isAfterByline = false
            if let names = WireLine.byline(line) {
                article.bylines += names
                isAfterByline = true
            } else if wasAfterByline {
                article.ext["byline_title"] = .string(line)
            } else if article.title == nil, let slug = slug(line) {
                article.slugline = slug
            } else if isNote(line) {
                article.editorialNote = [article.editorialNote, line].compactMap { $0 }.joined(separator: " ")
            } else if article.title == nil {
                article.title = line
            } else if line.lowercased().contains(" photo ") {
                article.ext["photos"] = .string(line)
            } else {
                article.abstract = [article.abstract, line].compactMap { $0 }.joined(separator: " ")
            }
        }
    }

    /// A line that says the whole slug and the number of words, as `BC-Harbour-Grain, 1st Ld,105`; nil where it is none.
    private func slug(_ line: String) -> String? {
        guard let first = header.slugline else { return nil }
        // The header has room for some twenty letters of it.
        let key = TextKey.of(line.utf8)
        guard key.starts(with: TextKey.of(first.utf8.prefix(12))) else { return nil }
        let parts = line.split(separator: ",")
        let words = parts.last.map { $0.allSatisfy { $0.isNumber || $0 == " " } } ?? false
        return (words ? parts.dropLast() : parts[...]).first.map(String.init)
    }

    private func isNote(_ line: String) -> Bool {
        let start = line.lowercased().drop { $0 == "(" }
        return start.hasPrefix("eds:") || start.hasPrefix("eds ") || start.hasPrefix("editor")
    }

    /// Takes the date from the end of the text, where it stands there.
    private func takeDate(_ body: inout [String], _ article: inout Article) {
        while let last = body.last, last.allSatisfy(\.isWhitespace) { body.removeLast() }
        guard let last = body.last, let (date, raw) = WireDate.find(in: last, context) else { return }
        article.setPublished(date, raw: raw)
        body.removeLast()
    }
}
