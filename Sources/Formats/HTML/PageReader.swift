import Articles
import TimeZones
import XML

/// Reads the article of a page that was parsed.
struct PageReader {
    private let map: PageMap
    private let language: String
    private let timeZone: Zone

    /// Takes a page; the language and the zone are for one that does not say its own.
    init(_ tree: HTMLTree, language: String, timeZone: Zone) {
        map = PageMap(tree)
        self.language = language
        self.timeZone = timeZone
    }

    /// Sets what the page says of its article.
    func fill(_ article: inout Article) {
        let core = PageCore(map, pruning: .thorough)
        let page = PageMetadata(core, language: language)
        article.title = page.title.title.flatMap { $0.isEmpty ? nil : $0 }
        article.abstract = page.description
        article.bylines = page.bylines
        article.language = page.language
        article.section = page.section
        article.keywords = page.keywords
        for correction in page.corrections { article.setCorrection(correction) }
        article.media = page.images.map { Article.Media(href: $0) }
        article.credit = page.siteName
        article.url = page.url
        if let url = page.url, WebAddress.hasPath(url) { article.uri = url }
        setDates(page.dates, &article)
        let body = body(core, page)
        if !body.text.isEmpty {
            article.body = body.text
            article.bodyHTML = body.markup
        }
    }

    // MARK: The body

    /// Below this a text is so short that another way of finding it may find more.
    private static let short = 350

    private func body(_ core: PageCore, _ page: PageMetadata) -> (text: String, markup: String?) {
        let description = TextKey.of((page.description ?? "").utf8)
        func filter(_ core: PageCore, _ links: BlockFilter.Links) -> BlockFilter {
            BlockFilter(core, titles: page.title.keys, description: description, links: links)
        }
        var best = (core: core, filter: filter(core, .dropped))
        // What JSON-LD calls the article's text is a measure of what was found.
        if let linked = page.body.map(LinkedBody.init), linked.weight > 250,
            best.filter.weight * 5 < linked.weight * 3
        {
            return (linked.text, nil)
        }
        if best.filter.weight < PageReader.short {
            // A page of links, as a list of what others wrote, has little else; classes may mislead on others.
            let candidates = [(core, BlockFilter.Links.kept), (PageCore(map, pruning: .lenient), .dropped)]
            for (core, links) in candidates where best.filter.weight < PageReader.short {
                let other = filter(core, links)
                if other.weight > 2 * best.filter.weight, other.weight > 60 { best = (core, other) }
            }
        }
        let text = best.core.text
        return (
            BodyText.write(text, best.filter.chosen),
            BodyMarkup.write(map, text, best.filter.chosen, url: page.url)
        )
    }

    private func setDates(_ dates: DateFinder, _ article: inout Article) {
        article.updated = dates.updated?.date.resolved(in: timeZone, received: article.ingest.received).moment
        guard let published = dates.published else { return }
        let date = published.date.resolved(in: timeZone, received: article.ingest.received)
        article.setPublished(date, raw: published.raw)
    }
}
