import Articles

/// Lines right below a headline that say who wrote the text and when.
enum PlainCredits {
    /// A longer line is of the text.
    private static let limit = 80

    /// Takes such lines from the beginning of a text with line feeds.
    static func take(_ text: inout ArraySlice<UInt8>, _ article: inout Article, _ context: FormatContext) {
        for _ in 0..<3 {
            let line = text.prefix { $0 != 0x0a }
            guard (1...limit).contains(line.count) else { return }
            let words = VisibleText.clean(String(decoding: line, as: UTF8.self))
            if article.bylines.isEmpty, let names = names(words) {
                article.bylines = names
            } else if article.published == nil, isDate(words), let date = FieldDate.read(words, context),
                date.moment != nil
            {
                article.setPublished(date, raw: words)
            } else {
                return
            }
            text = text[line.endIndex...].dropFirst()
        }
    }

    /// Whether a line says who wrote the text.
    static func isCredit(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        line.count <= limit && names(VisibleText.clean(String(decoding: line, as: UTF8.self))) != nil
    }

    /// The names in a line that is nothing but a byline; nil where it is none.
    private static func names(_ line: String) -> [String]? {
        guard BylineText.isLabelled(line) else { return nil }
        let names = BylineText.names(line)
        return !names.isEmpty && names.allSatisfy(BylineText.isPerson) ? names : nil
    }

    /// Whether a line is a date and little else: a sentence may have one in it.
    private static func isDate(_ line: String) -> Bool {
        line.utf8.count <= 48 && line.utf8.contains(where: \.isDigit) && line.split(separator: " ").count <= 8
            && ![".", "?", "!"].contains { line.hasSuffix($0) }
    }
}
