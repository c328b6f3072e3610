import Articles

/// Gives the parts of a file that is parsed as a whole.
final class WholeFileReader: PartReader {
    private let parse: () throws(ParseError) -> ParsedFile
    private var parts: [ParsedPart].SubSequence?
    private(set) var format = "-"

    init(_ parse: @escaping () throws(ParseError) -> ParsedFile) { self.parse = parse }

    func next() throws -> ParsedPart? {
        if parts == nil {
            let file = try parse()
            format = file.format
            parts = file.parts(member: nil, from: 1)[...]
        }
        return parts?.popFirst()
    }
}

extension ParsedFile {
    /// Returns the articles and failed parts as parts with numbers from `first` on, in the order in which they stand.
    func parts(member: String?, from first: Int) -> [ParsedPart] {
        if articles.isEmpty, failed.isEmpty {
            return [ParsedPart(number: first, member: member, content: .ignored(ignoredReason ?? .empty))]
        }
        var parts = articles.map { article in
            var article = article
            article.ingest.member = member
            article.ingest.part += first - 1
            return ParsedPart(number: article.ingest.part, member: member, content: .article(article))
        }
        parts += failed.map { ParsedPart(number: first - 1 + $0.part, member: member, content: .failed($0.error)) }
        parts.sort { $0.number < $1.number }
        return parts
    }
}
