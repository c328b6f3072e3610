import Articles

/// Gives the parts of a file, where articles of some kinds alone are wanted.
final class KindReader: PartReader {
    private let base: any PartReader
    private let kinds: Set<Article.Kind>

    init(_ base: any PartReader, _ kinds: Set<Article.Kind>) {
        self.base = base
        self.kinds = kinds
    }

    var format: String { base.format }

    func next() throws -> ParsedPart? {
        guard var part = try base.next() else { return nil }
        if case .article(let article) = part.content, !kinds.contains(article.kind) {
            part.content = .ignored(.kindNotTaken)
        }
        return part
    }
}

extension ParsedFile {
    /// Leaves articles of other kinds out.
    mutating func keep(only kinds: Set<Article.Kind>) {
        let count = articles.count
        articles.removeAll { !kinds.contains($0.kind) }
        if articles.count < count, articles.isEmpty, failed.isEmpty { ignoredReason = .kindNotTaken }
    }
}
