import Articles

/// Gives the parts of a file with what a sidecar says of them.
///
/// It looks one part ahead: only where there is no second one may the sidecar name the article.
package final class MergingReader: PartReader {
    private let base: any PartReader
    private let metadata: ArticleMetadata
    private var ahead: ParsedPart?
    /// What the look ahead ended in; it is thrown in its turn.
    private var failure: (any Error)?
    private var isBegun = false
    private var isOnly = false

    /// Makes it around another reader.
    package init(_ base: any PartReader, _ metadata: ArticleMetadata) {
        self.base = base
        self.metadata = metadata
    }

    package var format: String { base.format }

    package func next() throws -> ParsedPart? {
        guard var part = try following() else { return nil }
        if case .article(var article) = part.content {
            metadata.merge(into: &article, isOnly: isOnly)
            part.content = .article(article)
        }
        return part
    }

    private func following() throws -> ParsedPart? {
        if let failure { throw failure }
        guard isBegun else {
            isBegun = true
            guard let first = try base.next() else { return nil }
            do { ahead = try base.next() } catch { failure = error }
            isOnly = first.number == 1 && ahead == nil && failure == nil
            return first
        }
        if let part = ahead {
            ahead = nil
            return part
        }
        return try base.next()
    }
}
