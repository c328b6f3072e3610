import Articles

/// The texts of an article as they stand in the columns of the index.
struct IndexedText {
    let columns: [String]

    init(_ article: Article) {
        let captions = article.media.compactMap(\.caption)
        let concepts = article.people + article.organisations + article.places + article.subjects
        columns = [
            [article.title, article.subtitle].compactMap { $0 }.joined(separator: "\n"),
            ([article.abstract, article.body].compactMap { $0 } + captions).joined(separator: "\n\n"),
            article.bylines.joined(separator: "\n"),
            ([article.slugline, article.section].compactMap { $0 } + article.genres + article.keywords
                + concepts.map(\.name)).joined(separator: "\n"),
        ]
    }
}
