import Articles
import XML

/// Reads the article of a page that was parsed.
struct PageReader {
    private let map: PageMap
    private let language: String

    /// Takes a page; `language` is for one that does not say its own.
    init(_ tree: HTMLTree, language: String) {
        map = PageMap(tree)
        self.language = language
    }

    /// Sets what the page says of its article.
    func fill(_ article: inout Article) {
        let core = PageCore(map, pruning: .thorough)
        let page = PageMetadata(core, language: language)
        let body = BlockFilter(
            core, titles: page.title.keys, description: TextKey.of((page.description ?? "").utf8))
        article.title = page.title.title.flatMap { $0.isEmpty ? nil : $0 }
        article.abstract = page.description
        article.bylines = page.bylines
        article.language = page.language
        article.section = page.section
        article.keywords = page.keywords
        article.media = page.images.map { Article.Media(href: $0) }
        article.credit = page.siteName
        article.url = page.url
        if let url = page.url, WebAddress.hasPath(url) { article.uri = url }
        setDates(page.dates, &article)
        let text = BodyText.write(core.text, body.chosen)
        if !text.isEmpty { article.body = text }
    }

    private func setDates(_ dates: DateFinder, _ article: inout Article) {
        article.updated = dates.updated?.date.moment
        guard let published = dates.published else { return }
        article.published = published.date.moment
        article.publishedRaw = published.raw
        if published.date.offset == nil { article.assumedTimeZone = "UTC" }
        if let moment = article.published, moment > article.ingest.received {
            article.ingest.warnings.append("date_future")
        }
    }
}
