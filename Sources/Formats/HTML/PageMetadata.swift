import XML

/// What a page says about its article, from JSON-LD, meta elements and the page itself.
struct PageMetadata {
    let title: TitleFinder
    let dates: DateFinder
    let bylines: [String]
    let description: String?
    let section: String?
    let keywords: [String]
    let images: [String]
    let url: String?
    let siteName: String?
    let language: String
    /// The article's text as JSON-LD has it.
    let body: String?
    /// What its publisher says was corrected, in words where there are some.
    let corrections: [String?]

    /// Reads a page; `language` is for pages that do not say theirs.
    init(_ core: PageCore, language: String) {
        let map = core.map
        let tags = MetaTags(map.tree)
        let linked = LinkedArticle(map.tree)
        self.language = LanguageTag.of(map, tags, linked) ?? language
        url = [tags.first(.url), linked.url].lazy.compactMap(\.self).first { WebAddress.isAbsolute($0) }
        title = TitleFinder(core, tags, linked)
        dates = DateFinder(core, tags, linked, title: title.node, url: url, language: self.language)
        bylines = BylineFinder(core, tags, linked, title: title.node).bylines
        description = [tags.first(.description), linked.description].lazy.compactMap(\.self).first { !$0.isEmpty }
        section = (linked.section ?? tags.first(.section)).flatMap { $0.isEmpty ? nil : $0 }
        siteName = tags.first(.siteName) ?? linked.publisher
        body = linked.body
        corrections = linked.corrections
        var words: [String] = []
        let lists = linked.keywords.isEmpty ? tags.best(.keywords) : linked.keywords
        for word in lists.flatMap({ $0.split(whereSeparator: { $0 == "," || $0 == ";" }) }) {
            let word = VisibleText.clean(String(word))
            if !word.isEmpty, word.utf8.count <= 100, words.count < 50, !words.contains(word) { words.append(word) }
        }
        keywords = words
        var images: [String] = []
        for image in linked.images + tags.all(.image) {
            guard let address = WebAddress.resolve(image, against: url), images.count < 5, !images.contains(address)
            else { continue }
            images.append(address)
        }
        self.images = images
    }
}
