import Articles

/// The native text format: headline, date, abstract and paragraphs, parted by blank lines.
struct TextWriter: ArticleWriter {
    let start: [UInt8] = []
    let end: [UInt8] = []

    func write(_ article: Article, record: [UInt8]) -> [UInt8] {
        var blocks = [line(article.title ?? article.slugline ?? article.subtitle ?? article.id.description)]
        if let published = article.published { blocks.append(date(published)) }
        if let abstract = article.abstract { blocks.append("Abstract: \(line(abstract))") }
        if let body = article.body { blocks.append(body) }
        return Array((blocks.joined(separator: "\n\n") + "\n").utf8)
    }

    /// A block of one line.
    private func line(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// `2025-02-26 03:27:00Z`.
    private func date(_ moment: Timestamp) -> String {
        let text = moment.description
        return text.replacing("T", with: " ", maxReplacements: 1)
    }
}
