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
        if case .article(let article) = part.content, !KindReader.takes(article, kinds) {
            part.content = .ignored(.kindNotTaken)
        }
        return part
    }

    /// A kill is taken whatever its kind: what it withdraws may have been published when other kinds were taken.
    static func takes(_ article: borrowing Article, _ kinds: Set<Article.Kind>) -> Bool {
        kinds.contains(article.kind) || article.pubStatus == .canceled
    }
}

extension ParsedFile {
    /// Leaves articles of other kinds out.
    mutating func keep(only kinds: Set<Article.Kind>) {
        let count = articles.count
        articles.removeAll { !KindReader.takes($0, kinds) }
        if articles.count < count, articles.isEmpty, failed.isEmpty { ignoredReason = .kindNotTaken }
    }
}
